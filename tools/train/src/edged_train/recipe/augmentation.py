"""How training examples differ from the clips."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Augmentation:
    """How stored versions and drawn batches differ from the clips. Ranges are [low, high]."""

    versions: int = 10
    """Stored versions of a training clip, the clean one included."""
    clean_share: float = 0.3
    """How often the clean version is drawn."""
    speed: tuple[float, float] = (0.86, 1.16)
    """Resampling factor, moves pitch and tempo together."""
    warp: tuple[float, float] = (0.92, 1.09)
    """Vocal tract length perturbation: factor on the mel band edges."""
    by_talker: bool = False
    """Whether speed, warp, telephone and loudness are drawn per talker and version, not per clip. The baseline then uses the talker's other clips in the
    same version; otherwise it uses them clean, shifted by what the version did to the mean of the clip itself."""
    noise_share: float = 0.35
    noise_snr_db: tuple[float, float] = (8.0, 35.0)
    degraded: int = 0
    """How many of the versions, the last ones, are heard over a telephone or in more noise."""
    degraded_share: float = 0.2
    """How often one of these is drawn if the clean version is not."""
    telephone_share: float = 0.5
    """How many clips (`by_talker`: talkers) of a degraded version are heard over a telephone; the others in noise."""
    telephones_drawn: float = -1.0
    """How often a degraded version that is drawn is one over a telephone, so that a run can emphasize either kind; below 0: in proportion to their number."""
    telephone_noise_share: float = 0.3
    """How often a telephone version has noise, too."""
    babble_share: float = 0.5
    """How often the noise of a degraded version is the babble of other training clips."""
    degraded_snr_db: tuple[float, float] = (4.0, 20.0)
    stored_gain_db: tuple[float, float] = (0.0, 0.0)
    """Gain of the stored versions, before rounding to int16, so that it can reach the noise floor or clipping."""
    loud_share: float = 0.0
    """Share of clips (`by_talker`: talkers) of a version that is not degraded that are too loud: peaks are clipped at full scale."""
    loud_db: tuple[float, float] = (4.0, 15.0)
    """How much louder these are than the clip."""
    stretch: tuple[float, float] = (1.0, 1.0)
    """Factor on the tempo alone."""
    semitones: tuple[float, float] = (0.0, 0.0)
    """Shift of pitch and formants at constant tempo."""
    shift_ms: tuple[float, float] = (0.0, 0.0)
    """How much later the clip begins; for networks that hear whole clips."""
    room_share: float = 0.0
    """Share of a version's clips that are heard in a room."""
    rt60_s: tuple[float, float] = (0.2, 0.7)
    """Its reverberation time."""
    recorded_share: float = 0.0
    """How often noise that is not babble is recorded (`prepare --noise`), not coloured."""
    made_share: float = 0.0
    """How often noise that is neither is synthetic (`made_noise.py`: machines, animals, instruments …), not coloured."""
    tempo: float = 0.1
    """Largest |ln| of a tempo change, made by repeating or dropping frames."""
    gain_db: float = 0.9
    """Standard deviation of a gain of the example alone, which the baseline cannot cancel."""
    session_gain_db: float = 6.0
    """Standard deviation of a microphone gain, which the baseline cancels as far as n past segments can."""
    time_masks: int = 2
    time_mask_frames: int = 16
    frequency_masks: int = 1
    frequency_mask_coefficients: int = 5
    extra_mask_share: float = 0.0
    """How often a stretch of the columns after the coefficients is masked, too."""
    extra_mask_columns: int = 11
    mixup: float = 0.3
    """α of the Beta distribution."""
    mixup_share: float = 0.5
    """Share of batches that are mixed."""
