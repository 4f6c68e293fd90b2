"""The keeper: one child at work, started again when it dies, gone when its parent goes."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Generator
from pathlib import Path

import pytest

PATIENCE_S = 20.0
PROGRAM = """
import os, signal, sys, time
from pathlib import Path
from solvent.runtime.keeper import Keeper

notes = Path(sys.argv[1])

def work():
    stopped = []
    signal.signal(signal.SIGTERM, lambda *_: stopped.append(1))
    (notes / f"{os.getpid()}.began").touch()
    while not stopped:
        time.sleep(0.02)
    (notes / f"{os.getpid()}.ended").touch()

keeper = Keeper.start(work)
signal.signal(signal.SIGTERM, lambda *_: (keeper.stop(5.0), sys.exit(0)))
print("kept", flush=True)
while True:
    time.sleep(1)
"""


@pytest.fixture
def parent(tmp_path: Path) -> Generator["subprocess.Popen[str]", None, None]:
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(tmp_path)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "kept\n"
        yield process
        process.kill()


def children(notes: Path, state: str, count: int) -> list[int]:
    """Wait until ``count`` children have written that they ``state``; return their ids."""
    end = time.monotonic() + PATIENCE_S
    while len(found := sorted(notes.glob(f"*.{state}"), key=os.path.getmtime)) < count:
        assert time.monotonic() < end, found
        time.sleep(0.02)
    return [int(path.stem) for path in found]


def gone(pid: int) -> bool:
    """Wait until a process has ended; a zombie that waits for its new parent has."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except FileNotFoundError:
            return True
        if state == "Z":
            return True
        time.sleep(0.02)
    return False


def test_a_child_that_is_killed_is_started_again(
    parent: "subprocess.Popen[str]", tmp_path: Path
) -> None:
    assert parent.poll() is None
    (first,) = children(tmp_path, "began", 1)
    os.kill(first, signal.SIGKILL)
    assert first in children(tmp_path, "began", 2)


def test_stopping_lets_the_child_end_in_order(
    parent: "subprocess.Popen[str]", tmp_path: Path
) -> None:
    (child,) = children(tmp_path, "began", 1)
    parent.terminate()
    assert parent.wait(PATIENCE_S) == 0
    assert children(tmp_path, "ended", 1) == [child]
    assert gone(child)


def test_nothing_outlives_a_parent_that_is_killed(
    parent: "subprocess.Popen[str]", tmp_path: Path
) -> None:
    (child,) = children(tmp_path, "began", 1)
    parent.kill()
    parent.wait(PATIENCE_S)
    assert gone(child)
    assert list(tmp_path.glob("*.ended")) == []
