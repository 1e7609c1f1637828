"""Kills that come while an event goes out, when one client has been sent it and the next one has not."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from itertools import pairwise
from pathlib import Path

from harness import ROOT, Checks, Client, Event, Work, connect, end
from supervisor import Supervisor

ROUNDS = 8


def until_the_end(client: Client, heard: list[Event]) -> list[Event]:
    """What a client is sent until its daemon has gone, after what it has `heard`."""
    try:
        while True:
            heard += map(json.loads, client.lines())
    except (EOFError, ConnectionError):
        client.close()
        return heard


def die_between_clients(checks: Checks, binaries: Path) -> None:
    """Kills the daemon as it is about to send an event to the second of its two clients, `edgectl tail` and another. What was sent
    cannot be taken back: one of the two has one event more, the last of all, and all that `tail` can do is to say that a restart came."""
    subprocess.run([ROOT / "tools/setup", "strace"], check=True)
    with Work() as work:
        supervisor = Supervisor(work, binaries, work.microphone(work.speech(after=0.3), "loop", 1), holds_socket=False)
        shown = work.folder / "shown"
        killed = 0
        others: dict[str, int] = {}
        with shown.open("wb") as output:
            # It gives up if it was never let in.
            connect(supervisor.path).close()
            command = (binaries / "edgectl", "tail", "--json", "--socket", supervisor.path)
            tail = work.run(*command, stdout=output, stderr=subprocess.DEVNULL)
            for _ in range(ROUNDS):
                other = connect(supervisor.path)
                heard: list[Event] = [json.loads(line) for line in other.lines()]
                run = heard[0]["run"]
                deadline = time.monotonic() + 20
                while run.encode() not in shown.read_bytes() and time.monotonic() < deadline:
                    time.sleep(0.05)
                # Both have all that there was: the next two of these calls send one event.
                tracer = work.run(
                    *("strace", "-f", "-qq", "-o", "/dev/null", "-p", str(supervisor.daemon.pid)),
                    *("-e", "trace=sendmsg", "-e", "inject=sendmsg:signal=KILL:when=2"),
                )
                killed += supervisor.daemon.wait(timeout=20) == -signal.SIGKILL
                tracer.wait(timeout=10)
                others[run] = max((line["seq"] for line in until_the_end(other, heard) if "seq" in line), default=0)
                supervisor.start()
            # As long as it waits between two attempts, twice.
            time.sleep(4)
            tail.terminate()
            tail.wait(timeout=10)
        end(supervisor.daemon)
        lines = [json.loads(line) for line in shown.read_bytes().splitlines()]
        more = fewer = even = said = 0
        for line, after in pairwise(lines):
            if line.get("run") in others and after.get("run") != line["run"]:
                more += line["seq"] == others[line["run"]] + 1
                fewer += line["seq"] == others[line["run"]] - 1
                # Tracing began between the two, on a busy machine.
                even += line["seq"] == others[line["run"]]
                said += after.get("reason") == "restart"
        checks.check(
            killed == more + fewer + even == said == ROUNDS and even < ROUNDS / 2,
            f"killed {killed} times as it sent an event to two clients: {more} times edgectl tail alone had it, {fewer} times the"
            f" other one alone, {even} times both, and {said} times edgectl tail said that a restart came then",
        )
