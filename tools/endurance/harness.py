"""What the endurance checks share: the daemon as a process, a microphone that needs no hardware, clients, and one line a check."""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Self

ROOT = Path(__file__).resolve().parent.parent.parent
MODEL = ROOT / "models" / "emotion.edge"
WORDS = "I have been waiting for an hour, and nobody has told me anything. This is enough. I want my money back, today!"

Event = dict[str, Any]


class Checks:
    """Prints one line a check and remembers whether all hold."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.failures = 0

    def check(self, holds: bool, claim: str) -> None:
        """One check: what is claimed, with the figure that shows it."""
        print(f"{'ok     ' if holds else 'FAILED '} {claim}", flush=True)
        self.failures += not holds

    def note(self, text: str) -> None:
        """A figure that nothing is claimed of."""
        print(f"        {text}", flush=True)

    def finish(self) -> int:
        """The exit status."""
        if self.failures:
            print(f"{self.name}: {self.failures} checks FAILED", file=sys.stderr)
            return 1
        print(f"{self.name}: all hold")
        return 0


class Work:
    """A temporary folder and everything that runs in it; all of it is gone in the end."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="edged-"))
        self.processes: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for process in self.processes:
            if process.poll() is None:
                process.kill()
            process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def run(self, *command: str | Path, **settings: Any) -> subprocess.Popen[bytes]:
        """Starts a program that ends with this object at the latest."""
        process = subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL, **settings)
        self.processes.append(process)
        return process

    def speech(self, *, before: float = 0.5, after: float = 1.0, repeat: int = 0) -> Path:
        """A recording of somebody speaking, with silence around."""
        spoken, clip = self.folder / "spoken.wav", self.folder / "clip.wav"
        subprocess.run(["espeak-ng", "-w", spoken, WORDS], check=True)
        shape = ["pad", str(before), str(after), "repeat", str(repeat)]
        subprocess.run(["sox", "-R", spoken, "-r", "16000", "-b", "16", "-c", "1", clip, *shape], check=True)
        return clip

    def microphone(self, clip: Path, *fields: object) -> dict[str, str]:
        """The environment in which `pcm:mic` plays `clip` in real time, with the plugin's `fields`."""
        words = [str(field) for field in fields]
        subprocess.run([ROOT / "tools/paced-pcm/make", self.folder / "mic", clip, *words], check=True)
        return {**os.environ, "ALSA_CONFIG_PATH": str(self.folder / "mic" / "asound.conf")}

    def hurry(self, speed: float) -> dict[str, str]:
        """The environment in which a program's time passes only while it waits, `speed` times as fast at most."""
        library, source = self.folder / "hurry.so", ROOT / "tools/endurance/hurry.c"
        subprocess.run(["gcc", "-O2", "-Wall", "-shared", "-fPIC", source, "-ldl", "-o", library], check=True)
        return {"LD_PRELOAD": str(library), "HURRY": str(speed)}

    def configure(self, text: str = "") -> Path:
        """A configuration with one stream, from the microphone."""
        path = self.folder / "edged.toml"
        path.write_text(f'{text}\n[stream.main]\ndevice = "pcm:mic"\n')
        return path


def programs() -> Path:
    """The folder of the built programs: BIN in the environment, or the release build."""
    subprocess.run([ROOT / "tools/setup", "--build", "gcc", "libc6-dev", "espeak-ng", "sox"], check=True)
    if named := os.environ.get("BIN"):
        return Path(named).resolve()
    built = subprocess.run([ROOT / "tools/build-release", "edged", "edgectl"], check=True, stdout=subprocess.PIPE)
    return Path(built.stdout.decode().strip())


def allow_descriptors() -> None:
    """As many as the system lets anyone have, for this process and those it starts."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


class Client:
    """A connection to one of the daemon's sockets; lines come out."""

    def __init__(self, path: Path, *, timeout: float = 10) -> None:
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(timeout)
        self.socket.connect(str(path))
        self.rest = b""

    def send(self, **command: object) -> None:
        """Sends a command."""
        self.socket.sendall(json.dumps(command).encode() + b"\n")

    def lines(self) -> list[bytes]:
        """The whole lines that one read brings; raises EOFError when the daemon has gone."""
        data = self.socket.recv(1 << 16)
        if not data:
            raise EOFError
        *lines, self.rest = (self.rest + data).split(b"\n")
        return lines

    def ask(self, **command: object) -> Event:
        """The answer to a command."""
        self.send(**command, id="ask")
        while True:
            for line in self.lines():
                answer: Event = json.loads(line)
                if answer["type"] in ("ok", "error") and answer.get("id") == "ask":
                    return answer

    def close(self) -> None:
        """Leaves."""
        self.socket.close()


def connect(path: Path, seconds: float = 20) -> Client:
    """Connects as soon as somebody serves."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            return Client(path)
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.01)


def memory(process: int) -> tuple[int, int]:
    """What is resident of a process and what of that is its own, in kB."""
    fields = dict(line.split(":", 1) for line in Path(f"/proc/{process}/status").read_text().splitlines())
    return int(fields["VmRSS"].split()[0]), int(fields["RssAnon"].split()[0])


def descriptors(process: int) -> int:
    """How many descriptors a process has open."""
    return len(os.listdir(f"/proc/{process}/fd"))


def processor_seconds(process: int) -> float:
    """Processor time that a process has used."""
    fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def end(process: subprocess.Popen[bytes]) -> int:
    """Asks a daemon to leave; its exit status."""
    process.send_signal(signal.SIGTERM)
    return process.wait(timeout=10)
