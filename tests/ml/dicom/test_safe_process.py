"""The reading process: same answers as in process, within limits, and never the end of the service."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from pydicom.uid import JPEGBaseline8Bit

from ml.dicom import DicomRefused, SafeReader, network_input, read_ultrasound, recognise_band
from tests.ml.dicom import making

FRAMES = [making.speckle(seed=seed) for seed in range(5)]
CLIP = making.encapsulated(
    FRAMES,
    JPEGBaseline8Bit,
    making.jpeg,
    TransducerData="L12-5",
    SequenceOfUltrasoundRegions=[making.region(4, 4, 99, 89)],
)


@pytest.fixture(scope="module")
def reader() -> Iterator[SafeReader]:
    with SafeReader(workers=1) as reader:
        yield reader


def child_pid(reader: SafeReader) -> int:
    child = reader._idle.get()
    reader._idle.put(child)
    assert child is not None
    return child._process.pid


def test_the_child_finds_what_the_parent_would(reader: SafeReader, tmp_path: Path) -> None:
    path = tmp_path / "clip.dcm"
    path.write_bytes(CLIP)
    seen, image = reader.inspect(path, elements=True), read_ultrasound(CLIP)
    assert seen.header == image.header
    assert seen.band == recognise_band(image, image.frame(4))
    assert list(seen.frames) == [0, 2, 4]
    for index in (0, 2, 4):
        assert np.array_equal(seen.frames[index], image.frame(index))
        assert np.array_equal(seen.network_inputs[index], network_input(image, index))
    assert seen.elements["00100020"]["Value"] == ["P001"]
    assert reader.inspect(CLIP).sha256 == seen.sha256
    json.dumps(seen.header.as_dict())


def test_one_frame_can_be_asked_for(reader: SafeReader) -> None:
    assert np.array_equal(reader.frame(CLIP, 3), read_ultrasound(CLIP).frame(3))
    with pytest.raises(DicomRefused):
        reader.frame(CLIP, 5)


def test_refusals_cross_the_process_with_their_code(reader: SafeReader) -> None:
    with pytest.raises(DicomRefused) as refused:
        reader.inspect(making.native([FRAMES[0]], Modality="CT"))
    assert refused.value.code == "modality-refused"
    assert refused.value.remedy


def test_the_child_stays_warm_between_files(reader: SafeReader) -> None:
    reader.inspect(CLIP)
    first = child_pid(reader)
    with pytest.raises(DicomRefused):
        reader.inspect(b"nonsense" * 100)
    reader.inspect(CLIP)
    assert child_pid(reader) == first


def test_a_child_that_dies_is_replaced(reader: SafeReader) -> None:
    reader.inspect(CLIP)
    first = child_pid(reader)
    os.kill(first, signal.SIGKILL)
    with contextlib.suppress(DicomRefused):  # "reader-crashed", where its end was noticed only when asking
        reader.inspect(CLIP)
    assert reader.inspect(CLIP).header.frame_count == 5
    assert child_pid(reader) != first


def test_a_child_that_hangs_is_ended_in_time() -> None:
    with SafeReader(workers=1, seconds=1.0) as reader:
        reader.inspect(CLIP)
        pid = child_pid(reader)
        threading.Timer(0.0, os.kill, (pid, signal.SIGSTOP)).start()
        time.sleep(0.1)
        began = time.monotonic()
        with pytest.raises(DicomRefused) as refused:
            reader.inspect(CLIP)
        assert refused.value.code == "too-slow"
        assert time.monotonic() - began < 3
        assert reader.inspect(CLIP).header.frame_count == 5


def test_memory_is_limited(reader: SafeReader) -> None:
    reader.inspect(CLIP)
    idle = int(Path(f"/proc/{child_pid(reader)}/statm").read_text().split()[0]) * os.sysconf("SC_PAGESIZE")
    large = making.native([np.zeros((4096, 4096, 3), np.uint8)])
    with SafeReader(workers=1, memory_bytes=idle + 40 * 2**20) as reader:
        reader.inspect(CLIP)
        with pytest.raises(DicomRefused) as refused:
            reader.inspect(large)
        assert refused.value.code == "too-much-memory"
        assert reader.inspect(CLIP).header.frame_count == 5


def test_many_threads_share_two_children() -> None:
    found: list[str] = []
    with SafeReader(workers=2) as reader:

        def work() -> None:
            found.extend(reader.inspect(CLIP, grey=False).sha256 for _ in range(5))

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(found) == 20
    assert len(set(found)) == 1
