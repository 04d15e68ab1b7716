"""A real PostgreSQL of the tests' own, on a free port of this machine, without a password."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path
from typing import Any

USER = "hepastage"


def programs() -> Path | None:
    """The folder of ``initdb`` and ``postgres``, or None where PostgreSQL is not installed."""
    on_path = shutil.which("initdb")
    candidates = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    candidates += [Path(on_path).resolve()] if on_path else []
    whole = [path.parent for path in candidates if (path.parent / "createdb").exists()]
    return whole[-1] if whole else None


def _as_nobody_special() -> dict[str, Any]:
    """PostgreSQL refuses to run as root."""
    if os.getuid() != 0:
        return {}
    account = pwd.getpwnam("postgres")
    return {"user": account.pw_uid, "group": account.pw_gid}


class Postgres:
    """Started by :meth:`start`, stopped and removed by :meth:`stop`."""

    def __init__(self, *initdb: str) -> None:
        """``initdb``: further arguments, as for another collation."""
        self.initdb = initdb
        found = programs()
        if found is None:
            raise FileNotFoundError("PostgreSQL is not installed (Debian: apt install postgresql)")
        self.bin = found
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.folder = Path(tempfile.mkdtemp(prefix="hepastage-pg-"))
        self.identity = _as_nobody_special()
        if self.identity:
            os.chown(self.folder, self.identity["user"], self.identity["group"])
        self.environment = {**os.environ, "LC_ALL": "C.UTF-8", "TZ": "UTC"}

    def start(self) -> Postgres:
        data = str(self.folder / "data")
        self._run("initdb", "-D", data, "-U", USER, "-A", "trust", "-E", "UTF8", "--no-sync", *self.initdb)
        options = (
            f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.folder} "
            "-c fsync=off -c max_connections=60"
        )
        log = str(self.folder / "log")
        self._run("pg_ctl", "-D", data, "-l", log, "-o", options, "-w", "-t", "60", "start")
        return self

    def database(self, name: str) -> str:
        """Make an empty database; its address for ``DATABASE_URL``."""
        self._run("createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", USER, name)
        return self.url(name)

    def url(self, name: str) -> str:
        return f"postgres://{USER}@127.0.0.1:{self.port}/{name}"

    def restart(self) -> None:
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate", "-w", "restart")

    def stop(self) -> None:
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate", "-w", "stop", check=False)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, program: str, *argv: str, check: bool = True) -> None:
        result = subprocess.run(
            [str(self.bin / program), *argv], env=self.environment, check=False, cwd=self.folder,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, timeout=120,
            **self.identity,
        ) if program != "pg_ctl" else self._control(argv)  # fmt: skip
        if check and result.returncode != 0:
            raise RuntimeError(f"{program} failed: {(result.stdout or b'').decode(errors='replace')[-2000:]}")

    def _control(self, argv: tuple[str, ...]) -> subprocess.CompletedProcess[bytes]:
        """The server inherits pg_ctl's output: a pipe would never end."""
        with (self.folder / "control").open("ab") as said:
            return subprocess.run(
                [str(self.bin / "pg_ctl"), *argv], env=self.environment, check=False, cwd=self.folder,
                stdout=said, stderr=said, stdin=subprocess.DEVNULL, timeout=120, **self.identity,
            )  # fmt: skip
