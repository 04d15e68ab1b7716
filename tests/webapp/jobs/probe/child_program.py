"""Stands for ``python -m ml train``: writes events to stdout, and ends as it is told."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from pathlib import Path

how, folder = sys.argv[1], sys.argv[2]


def say(**event: object) -> None:
    print(json.dumps(event), flush=True)


def stop(*_: object) -> None:
    if folder:
        (Path(folder) / "checkpointed").write_text("yes")
    sys.exit(143)


if folder:
    (Path(folder) / f"pid-{os.getpid()}").touch()
say(kind="started", title="child", phases=["work"], resumed=False, record={})
if how == "succeeds":
    say(kind="progressed", phase="work", progress=0.5)
    print("this is no event", flush=True)
    say(kind="finished", seconds=0.1, result={"environment": dict(os.environ)})
elif how == "fails":
    print(
        "cohort-too-small: Three patients are not enough.\nImport more patients.", file=sys.stderr, flush=True
    )
    sys.exit(1)
elif how == "killed":
    os.kill(os.getpid(), signal.SIGKILL)
elif how == "runs":
    signal.signal(signal.SIGTERM, stop)
    step = 0
    while True:
        step += 1
        say(kind="progressed", phase="work", progress=min(0.99, step / 1000), message=f"step {step}")
        time.sleep(0.05)
elif how == "ignores":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    while True:
        time.sleep(0.1)
