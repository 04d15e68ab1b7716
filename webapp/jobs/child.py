"""Run ``python -m ml … --events jsonl`` as a child process of the worker and hand its events on.

A child frees all memory (the device's too) when it ends, may crash without taking the worker along, and
leaves the worker's heartbeat alone. It stops on SIGTERM or when its stdin closes, with its checkpoint intact;
it is killed when the worker dies, because the next attempt will use the same work directory.
"""

from __future__ import annotations

import logging
import os
import queue
import re
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

from django.conf import settings
from pydantic import ValidationError

from ml.spec.events import EVENT, Event
from webapp.environment import SECRETS
from webapp.jobs.errors import AttemptLost, Interrupted, JobFailed, LeaseLost, ShutdownRequested
from webapp.jobs.handle import JobHandle

log = logging.getLogger(__name__)

POLL_SECONDS = 0.25
STDERR_LINES = 40
# The files that secrets came from are as little a child's business as what is in them.
WITHHELD = frozenset({"DJANGO_SETTINGS_MODULE", *SECRETS, *(f"{name}_FILE" for name in SECRETS)})

# glibc gives freed memory back to the kernel and asks for it again at every batch, which costs a training on
# the CPU a large part of its time. These keep it. Only for trainings: a server would look as if it leaked.
TRAINING_ENVIRONMENT = {
    "MALLOC_MMAP_THRESHOLD_": "4294967296",
    "MALLOC_TRIM_THRESHOLD_": "8589934592",
    "MALLOC_TOP_PAD_": "268435456",
}
TRAINING_COMMANDS = frozenset({"train", "benchmark"})


def run_child(
    job: JobHandle,
    argv: Sequence[str],
    *,
    on_event: Callable[[Event], None],
    environment: Mapping[str, str] | None = None,
) -> None:
    """Run ``python -m ml`` with ``argv`` to its end, calling ``on_event`` for each event in turn.

    A command that begins with ``sys.executable`` is run as it stands. Raises JobFailed with what the child
    said last on stderr; AttemptLost if it was killed; CancelRequested, ShutdownRequested or LeaseLost after
    having stopped the child.
    """
    command = list(argv) if argv[0] == sys.executable else [sys.executable, "-m", "ml", *argv]
    if argv[0] != sys.executable and "--events" not in command:
        command += ["--events", "jsonl"]
    child = _start(command, _environment(argv[0], environment))
    lines: queue.Queue[bytes | None] = queue.Queue(maxsize=1000)
    said: deque[str] = deque(maxlen=STDERR_LINES)
    readers = [
        threading.Thread(target=_read_lines, args=(child.stdout, lines), daemon=True),
        threading.Thread(target=_keep_last, args=(child.stderr, said), daemon=True),
    ]
    for reader in readers:
        reader.start()
    try:
        _pump(job, lines, on_event)
        status = child.wait()
        readers[1].join(timeout=2)
    except BaseException as error:
        grace = 0.0 if isinstance(error, LeaseLost) else float(settings.JOB_CHILD_GRACE_SECONDS)
        _stop(child, lines, grace if isinstance(error, Interrupted) else 5.0)
        raise
    finally:
        _kill_group(child)
        for stream in (child.stdin, child.stdout, child.stderr):
            if stream is not None:
                stream.close()
    if status != 0:
        _explain(job, status, list(said))


def _start(command: list[str], environment: dict[str, str]) -> subprocess.Popen[bytes]:
    lifeline = str(Path(__file__).with_name("lifeline.py"))
    tied = [sys.executable, "-I", "-S", lifeline, str(os.getpid()), str(int(signal.SIGKILL)), *command]
    return subprocess.Popen(
        tied,
        stdin=subprocess.PIPE,  # closed by the kernel when this worker dies: the child stops then
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
        cwd=settings.BASE_DIR,
        process_group=0,
    )


def _environment(command: str, extra: Mapping[str, str] | None) -> dict[str, str]:
    """Ours without the secrets, which the child does not need."""
    environment = {name: value for name, value in os.environ.items() if name not in WITHHELD}
    environment["PYTHONUNBUFFERED"] = "1"
    if command in TRAINING_COMMANDS:
        environment.update(TRAINING_ENVIRONMENT)
    environment.update(extra or {})
    return environment


def _read_lines(stream: IO[bytes], lines: queue.Queue[bytes | None]) -> None:
    try:
        for line in stream:
            lines.put(line)
    except ValueError:  # closed under our hands
        pass
    lines.put(None)


def _keep_last(stream: IO[bytes], said: deque[str]) -> None:
    try:
        for line in stream:
            text = line.decode(errors="replace").rstrip()
            if text:
                said.append(text)
                log.info("child: %s", text)
    except ValueError:
        pass


def _pump(job: JobHandle, lines: queue.Queue[bytes | None], on_event: Callable[[Event], None]) -> None:
    """Hand on events until stdout ends; look for cancel, shutdown and loss between them."""
    while True:
        job.check()
        try:
            line = lines.get(timeout=POLL_SECONDS)
        except queue.Empty:
            continue
        if line is None:
            return
        try:
            event = EVENT.validate_json(line)
        except ValidationError:
            log.warning("not an event: %s", line[:200].decode(errors="replace"))
            continue
        on_event(event)


def _stop(child: subprocess.Popen[bytes], lines: queue.Queue[bytes | None], grace: float) -> None:
    """SIGTERM and a closed stdin, then wait; its last events are read and dropped so that it can end."""
    if child.poll() is None and grace > 0:
        child.terminate()
        if child.stdin is not None:
            child.stdin.close()
    give_up_at = time.monotonic() + grace
    while child.poll() is None and time.monotonic() < give_up_at:
        try:
            lines.get(timeout=0.05)
        except queue.Empty:
            continue
    _kill_group(child)
    child.wait()
    while True:  # let the reader thread finish its put
        try:
            if lines.get(timeout=0.5) is None:
                return
        except queue.Empty:
            return


def _kill_group(child: subprocess.Popen[bytes]) -> None:
    """The child and whatever it started."""
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


_STOPPED = {143, 130, -signal.SIGTERM, -signal.SIGINT}


def _explain(job: JobHandle, status: int, said: list[str]) -> None:
    """Raise what the exit status means."""
    if status in _STOPPED:
        # A container that stops signals everything at once, and the child may be first: wait for our own.
        if job.signals.shutdown.wait(timeout=3):
            raise ShutdownRequested("the worker stops")
        raise AttemptLost("child-stopped", "Somebody stopped the process that did this.")
    if status < 0:
        name = signal.Signals(-status).name
        raise AttemptLost(
            "child-killed",
            f"The process that did this was killed ({name}).",
            "SIGKILL usually means that memory ran out: use a smaller batch, or a machine with more memory.",
        )
    raise JobFailed(*_reason(said, status))


_CODED = re.compile(r"^(?:error: )?\[?(?P<code>[a-z][a-z0-9]*(?:-[a-z0-9]+)+)\]?: (?P<message>.+)$")


def _reason(said: list[str], status: int) -> tuple[str, str, str]:
    """``(code, message, remedy)`` from the last of stderr, where our own errors say ``code: message``."""
    for index in range(len(said) - 1, -1, -1):
        match = _CODED.match(said[index].strip())
        if match:
            remedy = " ".join(line.strip() for line in said[index + 1 : index + 3])
            return match["code"], match["message"], remedy
    last = said[-1] if said else f"exit status {status}"
    return (
        "child-failed",
        f"The process that did this failed: {last}"[:500],
        "The worker's log has the details.",
    )
