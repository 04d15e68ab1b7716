"""One running HepaStage: starts the supervisor, says when pages are served, and stops everything again."""

from __future__ import annotations

import fcntl
import json
import os
import re
import signal
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any
from xmlrpc.client import Fault, ServerProxy

from django.conf import settings

from ml.spec import HepaStageError
from webapp.operations.processes import Plan, supervisor_command, write_config

START_SECONDS = 90
IMPORTANT = re.compile(
    r"\d (WARNING|ERROR|CRITICAL) |webapp\.jobs\.(execution|worker): |^(Traceback|\w+Error)"
)


class CannotStart(HepaStageError):
    """Something on this machine keeps HepaStage from running."""

    code = "cannot-start"


def hold_lock() -> IO[str]:
    """One ``up`` per HEPASTAGE_HOME; keep the file open as long as this process lives."""
    folder = settings.HOME / "run"
    folder.mkdir(parents=True, exist_ok=True)
    file = (folder / "up.lock").open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise CannotStart(
            f"HepaStage is running from {settings.HOME} already.",
            remedy="Stop that one first, or set HEPASTAGE_HOME to another folder.",
        ) from error
    return file


class Running:
    """The supervisor and what hangs on it. ``say`` prints one line for the person at the terminal."""

    def __init__(self, plan: Plan, *, url: str, say: Callable[[str], None]) -> None:
        self.plan = plan
        self.url = url
        self.say = say
        self.stopping = threading.Event()
        self._supervisor: subprocess.Popen[bytes] | None = None
        self._said: deque[str] = deque(maxlen=40)  # the last that the supervisor wrote to stderr

    def start(self) -> None:
        """Start everything; return at once."""
        offsets = {path: path.stat().st_size for path in self._logs() if path.exists()}
        self._supervisor = subprocess.Popen(
            supervisor_command(write_config(self.plan)),
            cwd=settings.BASE_DIR,
            env=self.plan.environment,
            stdin=subprocess.DEVNULL,
            # Not a file: where a log cannot be written because the disk is full, the supervisor says so here,
            # and would end, all its programs with it, if it could not do that either.
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C reaches us only, and we stop the rest in order
        )
        threading.Thread(target=self._follow_logs, args=(offsets,), daemon=True).start()
        threading.Thread(target=self._listen, args=(self._supervisor.stdout,), daemon=True).start()

    def wait_until_served(self) -> None:
        """Return when /healthz answers; CannotStart with the reason if it does not."""
        give_up_at = time.monotonic() + START_SECONDS
        while not self.stopping.is_set():
            if self._answers():
                return
            self._notice_failure()
            if time.monotonic() > give_up_at:
                raise CannotStart(f"No page after {START_SECONDS} s. {self._last_words('web')}")
            time.sleep(0.1)

    def start_rest(self) -> None:
        """Start what may come later: workers and reconciler."""
        control = self._control()
        for program in self.plan.programs:
            if program.later:
                control.startProcess(program.name, False)

    def wait_until_stopped(self) -> int:
        """Watch until asked to stop or the supervisor dies; then stop all. The exit status."""
        while not self.stopping.wait(0.5):
            if self._supervisor is not None and self._supervisor.poll() is not None:
                self.say("The supervisor ended by itself; see " + str(self.plan.log_dir / "supervisord.log"))
                return 1
        self.stop()
        return 0

    def stop(self) -> None:
        """Stop everything, workers first with time for their checkpoints."""
        supervisor = self._supervisor
        if supervisor is None or supervisor.poll() is not None:
            return
        supervisor.send_signal(signal.SIGTERM)
        try:
            supervisor.wait(timeout=max(program.stop_seconds for program in self.plan.programs) + 20)
        except subprocess.TimeoutExpired:
            os.killpg(supervisor.pid, signal.SIGKILL)  # the programs are tied to it and get SIGTERM
            supervisor.wait()

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(self.url + "healthz", timeout=2) as answer:  # noqa: S310  our own http://
                return answer.status == 200 and "status" in json.load(answer)
        except (OSError, ValueError, urllib.error.URLError):
            return False

    def _notice_failure(self) -> None:
        """The supervisor gave up on a program, or ended."""
        if self._supervisor is not None and self._supervisor.poll() is not None:
            said = "\n".join(self._said)
            raise CannotStart(f"The supervisor did not start: {said[-500:]}")
        for program in self._states():
            if program["statename"] == "FATAL":
                raise CannotStart(
                    f"{program['name']} does not start. {self._last_words(str(program['name']))}"
                )

    def _listen(self, stream: IO[bytes]) -> None:
        for line in stream:
            self._said.append(line.decode(errors="replace").rstrip())

    def _control(self) -> Any:
        """The supervisor's own remote control, over its socket."""
        from supervisor.xmlrpc import SupervisorTransport

        transport = SupervisorTransport(None, None, f"unix://{self.plan.control}")
        return ServerProxy("http://localhost", transport=transport).supervisor

    def _states(self) -> list[dict[str, Any]]:
        if not self.plan.control.exists():
            return []
        try:
            return list(self._control().getAllProcessInfo())
        except (OSError, Fault):
            return []

    def _last_words(self, name: str) -> str:
        log = self.plan.log_dir / f"{name}.log"
        lines = log.read_text(errors="replace").strip().splitlines()[-12:] if log.exists() else []
        return f"The end of {log}:\n  " + "\n  ".join(lines)

    def _logs(self) -> list[Path]:
        return [self.plan.log_dir / f"{program.name}.log" for program in self.plan.programs]

    def _follow_logs(self, offsets: dict[Path, int]) -> None:
        """Print the important lines of all logs as they are written."""
        while True:
            for path in self._logs():
                try:
                    size = path.stat().st_size
                    start = min(offsets.get(path, 0), size)
                    if size == start:
                        continue
                    with path.open("rb") as file:
                        file.seek(start)
                        new = file.read(65536)
                except OSError:
                    continue
                whole = new.rfind(b"\n") + 1
                offsets[path] = start + whole
                for line in new[:whole].decode(errors="replace").splitlines():
                    if IMPORTANT.search(line):
                        self.say(f"[{path.stem}] {line}")
            time.sleep(0.3)
