"""Reading files from strangers: parse and decode in child processes that cannot take the server down.

A child has 1 GB of address space and 10 seconds a file, writes no files, and is thrown away when it
fails. Children stay warm between files, so that a stream of good files runs at full speed.

    with SafeReader(workers=2) as reader:
        seen = reader.inspect(path)          # header, band, representative frames
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import selectors
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

import numpy as np

import ml
from ml.dicom.band import BandGuess, Evidence
from ml.dicom.codecs import Grey
from ml.dicom.cropping import Box
from ml.dicom.header import ImageHeader
from ml.dicom.limits import Limits
from ml.dicom.refusal import REASONS, DicomRefused
from ml.dicom.writing import Writing
from ml.spec import Band, HepaStageError

MEMORY_BYTES = 2**30
SECONDS = 10.0
_START_SECONDS = 60.0  # importing the decoders on a busy machine
_MOST_JSON = 16 * 2**20
_MOST_PIXELS = 256 * 2**20  # of all pictures in one answer


class ReaderUnavailable(HepaStageError):
    """The reading process itself cannot be started: a fault of the installation, not of the file."""

    code = "reader-unavailable"
    remedy = "Check that memory is free and that the requirements are installed, then try again."


@dataclass(frozen=True)
class Inspected:
    """What the child found. ``frames`` and ``network_inputs`` are by frame index; empty unless asked for."""

    header: ImageHeader
    sha256: str
    boxes: dict[int, Box]
    band: BandGuess | None = None
    frames: dict[int, Grey] = field(default_factory=dict)
    network_inputs: dict[int, Grey] = field(default_factory=dict)
    elements: dict[str, Any] = field(default_factory=dict)
    writing: dict[int, list[Writing]] = field(default_factory=dict)


class SafeReader:
    """A pool of limited reading processes. Thread-safe; a call waits for a free one."""

    def __init__(
        self,
        workers: int = 1,
        *,
        limits: Limits | None = None,
        memory_bytes: int = MEMORY_BYTES,
        seconds: float = SECONDS,
        files_per_worker: int = 1000,
        writing: bool = False,
    ) -> None:
        """``writing``: the children load at their start what finds text in pictures."""
        self._limits, self._memory, self._seconds = limits or Limits(), memory_bytes, seconds
        self._files_per_worker, self._writing = files_per_worker, writing
        self._workers = workers
        self._reset()

    def _reset(self) -> None:
        self._owner = os.getpid()
        self._idle: queue.LifoQueue[_Child | None] = queue.LifoQueue()
        self._closed = threading.Event()
        for _ in range(self._workers):
            self._idle.put(None)

    def inspect(
        self,
        source: Path | bytes,
        *,
        frames: Literal["representative"] | Sequence[int] = "representative",
        grey: bool = True,
        network: bool = True,
        band: bool = True,
        verify: bool = True,
        elements: bool = False,
        writing: bool = False,
    ) -> Inspected:
        """Read one file; raise :class:`DicomRefused` when it is not acceptable.

        ``verify`` decodes every frame, not only those asked for. ``elements`` adds the standard header
        in the DICOM JSON model, ``writing`` the lines of text inside the B-mode regions. ``grey`` and
        ``network`` choose which pictures of ``frames`` come back.
        """
        if isinstance(source, bytes):
            # A file rather than a pipe: the child reads what it needs, and neither side can block the other.
            with tempfile.NamedTemporaryFile(prefix="ultrasound-") as file:
                file.write(source)
                file.flush()
                return self.inspect(
                    Path(file.name),
                    frames=frames,
                    grey=grey,
                    network=network,
                    band=band,
                    verify=verify,
                    elements=elements,
                    writing=writing,
                )
        request = {
            "path": str(source),
            "limits": asdict(self._limits),
            "grey": grey,
            "network": network,
            "band": band,
            "verify": verify,
            "elements": elements,
            "writing": writing,
            "frames": frames if isinstance(frames, str) else list(frames),
        }
        message, pictures = self._ask(request)
        return _inspected(message, pictures, grey=grey, network=network)

    def frame(self, source: Path | bytes, index: int) -> Grey:
        """One frame, grey."""
        seen = self.inspect(source, frames=[index], network=False, band=False, verify=False)
        return seen.frames[index]

    def close(self) -> None:
        """End the children. Calls in progress finish; later ones start children anew."""
        if self._owner != os.getpid():
            return
        children = []
        while not self._idle.empty():
            children.append(self._idle.get_nowait())
        for child in children:
            if child is not None:
                child.end()
            self._idle.put(None)

    def __enter__(self) -> SafeReader:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __del__(self) -> None:
        if hasattr(self, "_idle"):
            self.close()

    def _ask(self, request: dict[str, Any]) -> tuple[dict[str, Any], list[Grey]]:
        if self._owner != os.getpid():
            self._reset()  # a forked server must not share its parent's pipes
        child = self._idle.get()
        keep = False
        try:
            if child is None or not child.alive:
                child = _Child(self._memory, self._seconds, writing=self._writing)
            message, pictures = child.ask(request, self._seconds)
            keep = child.served < self._files_per_worker and message.get("refused") != "too-much-memory"
        finally:
            if child is not None and not keep:
                child.end()
            self._idle.put(child if keep else None)
        if "refused" in message:
            code = str(message["refused"])
            raise DicomRefused(
                code if code in REASONS else "reader-crashed", str(message.get("detail", ""))[:300]
            )
        return message, pictures


class _Child:
    """One reading process and the two pipes to it."""

    def __init__(self, memory_bytes: int, seconds: float, *, writing: bool = False) -> None:
        root = str(Path(ml.__file__).resolve().parent.parent)
        environment = {
            "PATH": os.environ.get("PATH", ""),
            "PYTHONPATH": root,
            "LANG": "C.UTF-8",
            "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
            "MALLOC_ARENA_MAX": "1",
        }
        try:
            self._process = subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "ml.dicom.safe_worker",
                    str(memory_bytes),
                    str(seconds),
                    *(["writing"] if writing else []),
                ],
                cwd=root,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        except OSError as error:
            raise ReaderUnavailable(f"The reading process cannot be started: {error.strerror}.") from error
        self.served = 0
        try:
            self._answer(time.monotonic() + _START_SECONDS)
        except DicomRefused as refusal:
            self.end()
            raise ReaderUnavailable("The reading process does not start.") from refusal

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def ask(self, request: dict[str, Any], seconds: float) -> tuple[dict[str, Any], list[Grey]]:
        assert self._process.stdin is not None
        self.served += 1
        data = json.dumps(request).encode()
        try:
            self._process.stdin.write(len(data).to_bytes(4, "big") + data)
            self._process.stdin.flush()
        except OSError:
            raise DicomRefused("reader-crashed") from None
        return self._answer(time.monotonic() + seconds)

    def end(self) -> None:
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):  # what was not flushed is of no use any more
                    pipe.close()
        self._process.wait()

    def _answer(self, deadline: float) -> tuple[dict[str, Any], list[Grey]]:
        length = int.from_bytes(self._read(4, deadline), "big")
        if length > _MOST_JSON:
            raise DicomRefused("reader-crashed", "the answer is too long")
        try:
            message: dict[str, Any] = json.loads(bytes(self._read(length, deadline)))
            shapes = [(int(rows), int(columns)) for rows, columns in message["shapes"]]
        except (ValueError, KeyError, TypeError):
            raise DicomRefused("reader-crashed", "the answer is not readable") from None
        if (
            min((side for shape in shapes for side in shape), default=1) < 1
            or sum(rows * columns for rows, columns in shapes) > _MOST_PIXELS
        ):
            raise DicomRefused("picture-too-large", "ask for fewer frames at once")
        return message, [
            np.frombuffer(self._read(rows * columns, deadline), np.uint8).reshape(rows, columns)
            for rows, columns in shapes
        ]

    def _read(self, length: int, deadline: float) -> bytearray:
        assert self._process.stdout is not None
        handle = self._process.stdout.fileno()
        data = bytearray(length)
        view = memoryview(data)
        with selectors.DefaultSelector() as selector:
            selector.register(handle, selectors.EVENT_READ)
            while view:
                if not selector.select(max(deadline - time.monotonic(), 0)):
                    raise DicomRefused("too-slow")
                got = os.readv(handle, [view])
                if got == 0:
                    raise DicomRefused("reader-crashed")
                view = view[got:]
        return data


def _inspected(message: dict[str, Any], pictures: list[Grey], *, grey: bool, network: bool) -> Inspected:
    """Typed result of an answer; anything that does not fit means that the child misbehaved."""
    try:
        boxes = {int(entry["index"]): Box(**entry["box"]) for entry in message["frames"]}
        per_frame = int(grey) + int(network)
        if len(pictures) != per_frame * len(boxes):
            raise ValueError("number of pictures")
        frames = {index: pictures[place * per_frame] for place, index in enumerate(boxes)} if grey else {}
        inputs = (
            {index: pictures[place * per_frame + int(grey)] for place, index in enumerate(boxes)}
            if network
            else {}
        )
        return Inspected(
            header=ImageHeader.from_dict(message["header"]),
            sha256=str(message["sha256"]),
            boxes=boxes,
            band=_band(message.get("band")),
            frames=frames,
            network_inputs=inputs,
            elements=dict(message.get("elements", {})),
            writing={
                int(entry["index"]): [_line(line) for line in entry.get("writing", ())]
                for entry in message["frames"]
            },
        )
    except (ValueError, KeyError, TypeError) as error:
        raise DicomRefused("reader-crashed", "the answer is not readable") from error


def _line(line: dict[str, Any]) -> Writing:
    x0, y0, x1, y1 = (int(value) for value in line["box"])
    return Writing((x0, y0, x1, y1), float(line["score"]))


def _band(message: dict[str, Any] | None) -> BandGuess | None:
    if message is None:
        return None
    evidence = tuple(
        Evidence(
            cue["cue"], str(cue["value"]), Band(cue["band"]) if cue["band"] else None, float(cue["weight"])
        )
        for cue in message["evidence"]
    )
    return BandGuess(
        Band(message["band"]) if message["band"] else None, float(message["confidence"]), evidence
    )
