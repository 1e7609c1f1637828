"""The speech that every front end hears: 16 kHz, 16 bits, one channel."""

from __future__ import annotations

import subprocess
import wave
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from edged_bench.problem import Problem

RATE = 16000

_SENTENCES = (
    "I have been waiting for forty minutes and nobody has told me anything.",
    "That is wonderful, thank you so much, you have made my day!",
    "Well, I suppose it does not matter any more.",
    "Please do not go down there alone, there is somebody at the door.",
    "The meeting is on Tuesday at ten, in the small room on the second floor.",
)
_VOICES = (("en-us", 45, 150), ("en-us+f3", 60, 175), ("en-gb+m4", 30, 130), ("en-us+f2", 75, 200))


def read(path: Path) -> NDArray[np.int16]:
    """The samples of a WAV file."""
    try:
        with wave.open(str(path)) as file:
            if (file.getframerate(), file.getnchannels(), file.getsampwidth()) != (RATE, 1, 2):
                raise Problem(
                    f"{path} must have one channel of 16 bits at {RATE} Hz: sox {path} -b 16 -r 16000 -c 1 out.wav"
                )
            return np.frombuffer(file.readframes(file.getnframes()), np.int16)
    except (OSError, wave.Error, EOFError) as error:
        raise Problem(f"cannot read {path}: {error}") from None


def speak(path: Path) -> None:
    """Has espeak-ng say some sentences in some voices, about a minute, into the WAV file `path`."""
    parts: list[NDArray[np.int16]] = []
    for voice, pitch, speed in _VOICES:
        for sentence in _SENTENCES:
            command = ["espeak-ng", "-v", voice, "-p", str(pitch), "-s", str(speed), "--stdout", sentence]
            spoken = _run(command, b"")
            # The length in espeak-ng's header is open, as it writes to a pipe: SoX is told what the bytes are.
            raw = ["-t", "raw", "-r", "22050", "-e", "signed", "-b", "16", "-c", "1"]
            converted = _run(["sox", "-D", *raw, "-", *raw[:3], str(RATE), *raw[4:], "-"], spoken[44:])
            parts.append(np.frombuffer(converted, np.int16))
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(np.concatenate(parts).tobytes())


def _run(command: list[str], data: bytes) -> bytes:
    try:
        return subprocess.run(command, input=data, capture_output=True, check=True).stdout
    except FileNotFoundError:
        raise Problem(f"{command[0]} is not installed: tools/setup {command[0]}") from None
    except subprocess.CalledProcessError as error:
        raise Problem(f"{command[0]} failed: {error.stderr.decode(errors='replace').strip()}") from None
