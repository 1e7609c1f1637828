"""Starts of the daemon that die at one of their system calls, and leave there what they have made until then."""

from __future__ import annotations

import signal
import socket
import subprocess
import time
from pathlib import Path

from harness import ROOT, Checks, Client, Work, connect, end
from supervisor import Supervisor

# What a start does with its socket, by the system calls, of which x86-64 and ARM64 have different ones: it finds a dead one, takes it
# away, makes its own, says who may use it, accepts, waits for what comes, and tells systemd that it is ready. And whether a start that
# dies as it is about to leaves a socket behind, if it has found one.
STEPS = {
    "connect": True,
    "?unlink,?unlinkat": True,
    "bind": False,
    "?chmod,?fchmodat": True,
    "listen": True,
    "epoll_ctl": True,
    "sendmsg": True,
}


def is_dead(path: Path) -> bool:
    """Whether there is a socket on which nobody accepts."""
    try:
        Client(path).close()
    except ConnectionRefusedError:
        return True
    except FileNotFoundError:
        pass
    return False


def is_ready(systemd: socket.socket) -> bool:
    """Whether a start says to who started it that it is ready, in ten seconds."""
    while systemd.recv(4096).split(b"\n")[0] != b"READY=1":
        pass
    return True


def die_at_each_step(checks: Checks, binaries: Path) -> None:
    """Kills starts at each of their `STEPS`; each finds the socket of a process that was killed, and so does the one after it."""
    subprocess.run([ROOT / "tools/setup", "strace"], check=True)
    with Work() as work, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(work.folder / "notify"))
        systemd.settimeout(10)
        environment = work.microphone(work.speech(after=0.3), "loop", 1)
        environment["NOTIFY_SOCKET"] = str(work.folder / "notify")
        supervisor = Supervisor(work, binaries, environment, holds_socket=False)
        is_ready(systemd)
        killed = served = as_said = 0
        slowest = 0.0
        for calls, leaves_socket in STEPS.items():
            supervisor.kill()
            found_dead = is_dead(supervisor.path)
            supervisor.start(
                "strace", "-qq", "-o", "/dev/null", "-e", f"trace={calls}", "-e", f"inject={calls}:signal=KILL:when=1"
            )
            killed += supervisor.daemon.wait(timeout=20) == -signal.SIGKILL
            as_said += found_dead and is_dead(supervisor.path) == leaves_socket
            start = time.monotonic()
            supervisor.start()
            client = connect(supervisor.path)
            served += "run" in client.ask(cmd="status") and is_ready(systemd)
            client.close()
            slowest = max(slowest, time.monotonic() - start)
        steps = ", ".join(calls.split(",")[0].lstrip("?") for calls in STEPS)
        checks.check(killed == len(STEPS), f"killed {killed} times as a start was about to call {steps}")
        checks.check(
            as_said == len(STEPS),
            f"all found a dead socket, and {sum(STEPS.values())} left one, all but that at bind ({as_said} as expected)",
        )
        checks.check(
            served == len(STEPS) and slowest < 5,
            f"the start after each served and was ready: {served}, after {slowest:.2f} s at most",
        )
        checks.check(end(supervisor.daemon) == 0 and not supervisor.path.exists(), "the last one takes its socket away")
