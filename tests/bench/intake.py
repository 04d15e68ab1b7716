"""How fast files come in, and in how much memory: ``python -m tests.bench intake``.

``hallway``: :func:`webapp.imaging.services.ingest_file` (checks, decoding in the child process, de-
identification, blanking, a look for writing, storage with fsync, rows, audit) on 600×800 colour-JPEG files,
beside ``pydicom`` decoding the same files to grey and doing nothing else. CPU is of all processes together.
``orthanc``: the same files stored by Orthanc, where it is installed (:mod:`tests.bench.orthanc`), by its
REST API and by C-STORE, which only keeps them. ``grey``: one such frame to grey. ``memory``: resident
memory of the server process and of its reading process after 100 files and after all of them.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import psutil
import pydicom
from numpy.typing import NDArray
from pydicom.pixels import convert_color_space
from pydicom.uid import JPEGBaseline8Bit

from ml.dicom import read_ultrasound
from tests.bench import orthanc
from tests.ml.dicom import making
from tests.webapp.imaging.files import ultrasound


def main(argv: list[str]) -> int:
    options = argparse.ArgumentParser(prog="python -m tests.bench intake")
    options.add_argument("--files", type=int, default=60, help="of 600×800 for hallway and grey")
    options.add_argument("--many", type=int, default=2000, help="of 96×128 for memory")
    chosen = options.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        # Settings are read once, and a bench before us may have read them: a process of our own.
        os.environ |= {
            "HEPASTAGE_HOME": folder,
            "DJANGO_SETTINGS_MODULE": "webapp.settings",
            "LOG_LEVEL": "ERROR",
        }
        for line in measured(Path(folder), chosen.files, chosen.many):
            print(json.dumps({"bench": "intake"} | line), flush=True)
    return 0


def measured(home: Path, files: int, many: int) -> Iterator[dict[str, Any]]:
    take, close = hallway()
    folder = home / "sent"
    folder.mkdir()
    paths = [_colour_file(folder, number) for number in range(files)]
    take(_colour_file(folder, files))  # the reading process starts with the first file
    plain = _timed(lambda: [plain_grey(path) for path in paths])
    ours = _timed(lambda: [take(path) for path in paths])
    bytes_in_all = sum(path.stat().st_size for path in paths)
    yield {
        "what": "hallway",
        "files": files,
        "mb": round(bytes_in_all / 1e6, 2),
        **_rates("", files, bytes_in_all, *ours),
        **_rates("pydicom_", files, bytes_in_all, *plain),
        "cpu_over_pydicom": round(ours[1] / plain[1], 2),
    }
    if orthanc.installed():
        yield {"what": "orthanc", "files": files, **_archive(home, paths, bytes_in_all)}
    ours_ms, plain_ms = (_median(work, paths[:20]) for work in (_our_grey, plain_grey))
    yield {"what": "grey", "ms": round(ours_ms, 2), "pydicom_ms": round(plain_ms, 2),
           "times_faster": round(plain_ms / ours_ms, 1)}  # fmt: skip
    yield {"what": "memory", **_memory(take, folder, many)}
    close()


def hallway() -> tuple[Callable[[Path], None], Callable[[], None]]:
    """``take(path)`` brings a file in at a site of a new database; ``close()`` ends the reading process."""
    import django

    django.setup()
    from django.core.management import call_command

    from webapp.accounts.models import Site
    from webapp.imaging import services
    from webapp.imaging.preparation import shared_reader

    call_command("migrate", verbosity=0)
    site = Site.objects.create(code="BENCH", name="Bench")
    upload = services.start_upload(site=site, actor=None)

    def take(path: Path) -> None:
        (row,) = services.ingest_file(upload=upload, name=path.name, data=path, actor=None)
        if row.code not in {"accepted", "band-unsure", "band-unknown"}:
            raise RuntimeError(f"{path.name}: {row.code}")

    return take, lambda: shared_reader().close()


def _archive(home: Path, paths: list[Path], size: int) -> dict[str, float]:
    """Orthanc's rates by both doors; each time an empty one, since it answers what it has by a short cut."""
    doors: dict[str, Callable[[orthanc.Orthanc], None]] = {
        "rest_": lambda archive: archive.post(paths),
        "c_store_": lambda archive: archive.c_store(paths, JPEGBaseline8Bit),
    }
    found: dict[str, float] = {}
    for door, store in doors.items():
        with orthanc.running(home / f"orthanc-{door}") as archive:
            began, used = time.perf_counter(), archive.cpu()
            store(archive)
            wall, cpu = time.perf_counter() - began, archive.cpu() - used
            if archive.instances() != len(paths):
                raise RuntimeError(f"Orthanc holds {archive.instances()} of {len(paths)} files")
        found |= _rates(door, len(paths), size, wall, cpu)
    return found


def _rates(name: str, files: int, size: int, wall: float, cpu: float) -> dict[str, float]:
    return {
        f"{name}files_per_s": round(files / wall, 1),
        f"{name}mb_per_s": round(size / 1e6 / wall, 2),
        f"{name}cpu_ms_per_file": round(1000 * cpu / files, 1),
    }


def plain_grey(path: Path) -> NDArray[np.uint8]:
    """What a script does: decode with pydicom (Pillow for JPEG), to RGB, to grey."""
    dataset = pydicom.dcmread(path)
    pixels = dataset.pixel_array
    if dataset.PhotometricInterpretation.startswith("YBR"):
        pixels = convert_color_space(pixels, dataset.PhotometricInterpretation, "RGB")
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8)


def _our_grey(path: Path) -> NDArray[np.uint8]:
    return read_ultrasound(path).frame(0)


def _colour_file(folder: Path, number: int) -> Path:
    """A 600×800 screen with a picture in it, of an exam of its own."""
    screen = np.zeros((600, 800, 3), np.uint8)
    screen[40:580, 60:740] = making.speckle(540, 680, seed=number)[..., None]
    content = making.encapsulated(
        [screen], JPEGBaseline8Bit, making.jpeg, PhotometricInterpretation="YBR_FULL_422",
        PatientID=f"P{number:05d}", StudyInstanceUID=f"1.2.3.{number}", SOPInstanceUID=f"1.2.3.{number}.1",
        TransducerData=["L12-5"], SequenceOfUltrasoundRegions=[making.region(60, 40, 739, 579)],
    )  # fmt: skip
    path = folder / f"{number}.dcm"
    path.write_bytes(content)
    return path


def _timed(work: Callable[[], object]) -> tuple[float, float]:
    """``(wall, CPU of this process and its children)`` in seconds; starting a child came before."""
    began, used = time.perf_counter(), _cpu()
    work()
    return time.perf_counter() - began, _cpu() - used


def _cpu() -> float:
    me = psutil.Process()
    living = [child.cpu_times() for child in me.children(recursive=True)]
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    times = [me.cpu_times(), *living]
    return sum(one.user + one.system for one in times) + ended.ru_utime + ended.ru_stime


def _median(work: Callable[[Path], object], paths: list[Path]) -> float:
    """CPU milliseconds of one call."""
    taken = []
    for path in [paths[0], *paths]:
        began = time.thread_time()
        work(path)
        taken.append(1000 * (time.thread_time() - began))
    return statistics.median(taken[1:])


def _memory(take: Callable[[Path], None], folder: Path, many: int) -> dict[str, Any]:
    seen: dict[str, Any] = {"files": many}
    path = folder / "small.dcm"
    began = time.perf_counter()
    for number in range(many):
        path.write_bytes(ultrasound(patient=f"M{number}", study=f"1.2.4.{number}", seed=number))
        take(path)
        if number + 1 in {100, many}:
            server, reader = _resident()
            seen |= {f"server_mb_after_{number + 1}": server, f"reader_mb_after_{number + 1}": reader}
    seen["files_per_s"] = round(many / (time.perf_counter() - began), 1)
    return seen


def _resident() -> tuple[int, int]:
    """Megabytes of this process and of the reading process (Linux)."""
    from webapp.imaging.preparation import shared_reader

    child = shared_reader()._idle.get()
    shared_reader()._idle.put(child)
    pids = [os.getpid(), child._process.pid if child is not None else 0]
    return tuple(_rss(pid) for pid in pids)  # type: ignore[return-value]


def _rss(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) // 1024 for line in lines if line.startswith("VmRSS:")), 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
