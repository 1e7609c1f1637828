"""Who starts the daemon again, as systemd does."""

from __future__ import annotations

import socket
from pathlib import Path

from harness import MODEL, Work

# Ten results a second, so that one is under way whenever it is killed.
SETTINGS = "[events]\ninterim_ms = 100\n"


class Supervisor:
    """Starts a daemon again and again, on a socket of its own or on one that is handed over."""

    def __init__(self, work: Work, binaries: Path, environment: dict[str, str], *, holds_socket: bool) -> None:
        self.work = work
        self.environment = environment
        self.path = work.folder / ("held.sock" if holds_socket else "own.sock")
        self.command = [str(binaries / "edged"), "--config", str(work.configure(SETTINGS)), "--model", str(MODEL)]
        self.log = (work.folder / "log").open("ab")
        self.held: socket.socket | None = None
        if holds_socket:
            self.held = socket.socket(socket.AF_UNIX)
            self.held.bind(str(self.path))
            self.held.listen(128)
        else:
            self.command += ["--socket", str(self.path)]
        self.start()

    def start(self, *tracer: str) -> None:
        """One more process; with a socket of its own a `tracer` may run it."""
        if self.held is None:
            self.daemon = self.work.run(*tracer, *self.command, env=self.environment, stderr=self.log)
            return
        # As systemd hands sockets over: descriptor 3, and the number of the process that it is for.
        number = self.held.fileno()
        words = f'exec 3<&{number}; exec env LISTEN_FDS=1 LISTEN_FDNAMES=events LISTEN_PID=$$ "$@"'
        self.daemon = self.work.run(
            "sh", "-c", words, "sh", *self.command, env=self.environment, stderr=self.log, pass_fds=[number]
        )

    def kill(self) -> None:
        """Ends the process as a crash does."""
        self.daemon.kill()
        self.daemon.wait()
