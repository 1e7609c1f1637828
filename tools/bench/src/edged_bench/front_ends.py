"""Front ends that people would otherwise use, as near to ours as each can be made: frames of 25 ms every 10 ms, Hann, FFT of
512, the same mel bands, natural logarithm, 40 coefficients.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from edged_bench.sound import RATE

Samples = NDArray[np.int16]


@dataclass(frozen=True)
class MelBands:
    """How many bands there are, and from which frequency to which."""

    count: int
    low: float
    high: float


#: What a model has that does not ask for others, and the microfrontend always.
STANDARD = MelBands(40, 60, 7600)


@dataclass(frozen=True)
class FrontEnd:
    """A peer, and in what its work differs from ours."""

    name: str
    difference: str
    #: Makes what runs it once over samples; all that can be made before is made before.
    prepare: Callable[[Samples, MelBands], Callable[[], object]]
    #: Whether 40 MFCC come out, so that a network could be fed with them.
    is_complete: bool = True


def _librosa(samples: Samples, bands: MelBands) -> Callable[[], object]:
    import librosa

    real = samples.astype(np.float32) / 32768
    return functools.partial(
        librosa.feature.mfcc,
        y=real,
        sr=RATE,
        n_mfcc=40,
        n_mels=bands.count,
        n_fft=512,
        win_length=400,
        hop_length=160,
        fmin=bands.low,
        fmax=bands.high,
        htk=True,
        center=False,
    )


def _python_speech_features(samples: Samples, bands: MelBands) -> Callable[[], object]:
    import python_speech_features

    return functools.partial(
        python_speech_features.mfcc,
        samples,
        RATE,
        winlen=0.025,
        winstep=0.01,
        numcep=40,
        nfilt=bands.count,
        nfft=512,
        lowfreq=bands.low,
        highfreq=bands.high,
        preemph=0,
        ceplifter=0,
        appendEnergy=False,
        winfunc=np.hanning,
    )


def _kaldi(samples: Samples, bands: MelBands) -> Callable[[], object]:
    import kaldi_native_fbank as knf

    options = knf.MfccOptions()
    options.num_ceps = 40
    options.use_energy = False
    options.cepstral_lifter = 0
    options.mel_opts.num_bins = bands.count
    options.mel_opts.low_freq = bands.low
    options.mel_opts.high_freq = bands.high
    options.frame_opts.samp_freq = RATE
    options.frame_opts.window_type = "hanning"
    options.frame_opts.dither = 0
    options.frame_opts.preemph_coeff = 0
    options.frame_opts.remove_dc_offset = False
    real = samples.astype(np.float32) / 32768

    def run() -> object:
        computer = knf.OnlineMfcc(options)
        computer.accept_waveform(RATE, real)
        computer.input_finished()
        return computer.get_frame(computer.num_frames_ready - 1)

    return run


def _micro(samples: Samples, _: MelBands) -> Callable[[], object]:
    from pymicro_features import MicroFrontend

    hops = [samples[start : start + 160].tobytes() for start in range(0, len(samples) - 159, 160)]

    def run() -> object:
        frontend = MicroFrontend()
        frames = 0
        for hop in hops:
            frames += bool(frontend.process_samples(hop).features)
        return frames

    return run


ALL = (
    FrontEnd("librosa", "float32, whole clip; dB limited to 80 below the clip's loudest", _librosa),
    FrontEnd("python_speech_features", "float64, whole clip; symmetric window", _python_speech_features),
    FrontEnd("kaldi-native-fbank", "float32, in C++; one call a clip", _kaldi),
    FrontEnd(
        "pymicro-features",
        "integers, in C: 30 ms, 40 bands, no DCT, but noise reduction and gain control",
        _micro,
        False,
    ),
)
