"""The cache on disk: complete or absent, the same for the same content, and honest about damage."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from ml.cohort import CohortError, CohortImage, LeakDetected, assert_no_leak, load_cache, shrunk, write_cache
from ml.spec import Band, Split, Stage

Item = tuple[CohortImage, NDArray[np.uint8]]


def items(patients: int = 20, per_band: int = 2, seed: int = 0) -> list[Item]:
    """Patients of all stages, each with one exam of both bands."""
    generator = np.random.default_rng(seed)
    made = []
    for number in range(patients):
        patient = f"P{number:03d}"
        for band in Band:
            for shot in range(per_band):
                record = CohortImage(
                    image=f"{patient}-{band}-{shot}", patient=patient, exam=f"exam-of-{patient}", site="A",
                    band=band, stage=Stage(number % 5), source_sha256=f"{patient}{band}{shot}",
                )  # fmt: skip
                made.append((record, generator.integers(0, 255, (256, 256), dtype=np.uint8)))
    return made


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    made = items()
    written = write_cache(tmp_path / "cache", made, simulated=True)
    cohort = load_cache(tmp_path / "cache", verify=True)
    assert cohort.dataset_hash == written.dataset_hash
    assert cohort.simulated
    assert len(cohort) == len(made)
    assert isinstance(cohort.images, np.memmap)
    assert not cohort.images.flags.writeable
    for row, (record, picture) in enumerate(made):
        assert np.array_equal(cohort.images[row], picture)
        assert cohort.index["image"].iloc[row] == record.image
        assert cohort.stage_of(record.patient) is record.stage
    assert [path.name for path in tmp_path.iterdir()] == ["cache"]


def test_rows_pairs_and_patients_stay_inside_their_split(tmp_path: Path) -> None:
    cohort = write_cache(tmp_path / "cache", items(), simulated=True)
    for split in Split:
        members = set(cohort.patients(split))
        assert members
        rows = cohort.rows(split, Band.HF)
        assert set(cohort.index["patient"].iloc[rows]) == members
        assert set(cohort.index["band"].iloc[rows]) == {"HF"}
        pairs = cohort.pairs(split)
        assert len(pairs) == len(members) * 4
        assert pairs == sorted(pairs)
        for high, low in pairs:
            assert (cohort.index["band"].iloc[high], cohort.index["band"].iloc[low]) == ("HF", "LF")
            assert cohort.index["exam"].iloc[high] == cohort.index["exam"].iloc[low]
    assert sum(len(cohort.rows(split)) for split in Split) == len(cohort)


def test_pairs_are_of_one_exam_only(tmp_path: Path) -> None:
    made = [(replace(r, exam=f"{r.exam}-{r.image[-1]}"), p) for r, p in items()]
    cohort = write_cache(tmp_path / "cache", made, simulated=True)
    assert len(cohort.pairs()) == 20 * 2


def test_hash_is_of_the_content(tmp_path: Path) -> None:
    first = write_cache(tmp_path / "a", items(), simulated=True).dataset_hash
    assert write_cache(tmp_path / "b", items(), simulated=True).dataset_hash == first
    assert write_cache(tmp_path / "c", items(seed=1), simulated=True).dataset_hash != first
    assert write_cache(tmp_path / "d", items(), simulated=True, split_seed=1).dataset_hash != first


def test_text_that_looks_like_numbers_or_nothing_stays_text(tmp_path: Path) -> None:
    made = [
        (replace(r, patient=f"00{r.patient[1:]}", site="NA", exam=f"1e{r.patient[1:]}"), p)
        for r, p in items()
    ]
    cohort = load_cache(write_cache(tmp_path / "cache", made, simulated=True).path)
    assert cohort.patients()[0] == "00000"
    assert set(cohort.index["site"]) == {"NA"}
    assert cohort.index["exam"].iloc[0] == "1e000"


def test_a_failure_leaves_the_old_cache_and_no_litter(tmp_path: Path) -> None:
    old = write_cache(tmp_path / "cache", items(), simulated=True).dataset_hash

    def failing() -> Iterator[Item]:
        yield items()[0]
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        write_cache(tmp_path / "cache", failing(), simulated=True)
    assert load_cache(tmp_path / "cache").dataset_hash == old
    assert [path.name for path in tmp_path.iterdir()] == ["cache"]
    write_cache(tmp_path / "cache", items(seed=3), simulated=True)
    assert [path.name for path in tmp_path.iterdir()] == ["cache"]


def test_a_folder_of_something_else_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.txt").write_text("years of work")
    with pytest.raises(CohortError) as refused:
        write_cache(tmp_path / "thesis", items(), simulated=True)
    assert refused.value.code == "cache-target-occupied"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda r, p: [(r, p[:128])], "cache-picture-shape"),
        (lambda r, p: [(r, p.astype(np.float32))], "cache-picture-shape"),
        (lambda r, p: [(r, p), (r, p)], "cache-image-twice"),
        (lambda r, p: [(r, p), (replace(r, image="other", stage=Stage.S4), p)], "patient-two-stages"),
        (lambda r, p: [], "cohort-empty"),
    ],
)
def test_what_does_not_belong_is_refused(tmp_path: Path, change, code: str) -> None:
    with pytest.raises(CohortError) as refused:
        write_cache(tmp_path / "cache", change(*items()[0]), simulated=True)
    assert refused.value.code == code
    assert not any(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["images.npy", "index.csv", "split.json", "cache.json"])
def test_an_incomplete_cache_is_named(tmp_path: Path, name: str) -> None:
    write_cache(tmp_path / "cache", items(), simulated=True)
    (tmp_path / "cache" / name).unlink()
    with pytest.raises(CohortError, match=name) as refused:
        load_cache(tmp_path / "cache")
    assert refused.value.code == "cache-incomplete"


def test_a_changed_cache_is_found_by_verification(tmp_path: Path) -> None:
    path = write_cache(tmp_path / "cache", items(), simulated=True).path / "images.npy"
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(bytes(data))
    load_cache(tmp_path / "cache")
    with pytest.raises(CohortError) as refused:
        load_cache(tmp_path / "cache", verify=True)
    assert refused.value.code == "cache-damaged"


def test_a_split_can_be_given_and_must_be_complete(tmp_path: Path) -> None:
    split = {f"P{n:03d}": Split.TEST if n < 5 else Split.TRAIN for n in range(20)}
    cohort = write_cache(tmp_path / "cache", items(), simulated=True, split=split)
    assert cohort.split == split
    split.pop("P000")
    with pytest.raises(CohortError) as refused:
        write_cache(tmp_path / "cache", items(), simulated=True, split=split)
    assert refused.value.code == "split-incomplete"


def cross(cohort, made: list[Item]) -> tuple[int, int]:
    """Rows of a training and of a test patient."""
    first = next(n for n, (r, _) in enumerate(made) if cohort.split[r.patient] is Split.TRAIN)
    second = next(n for n, (r, _) in enumerate(made) if cohort.split[r.patient] is Split.TEST)
    return first, second


@pytest.mark.parametrize("what", ["nothing", "exam", "source file", "picture"])
def test_whatever_crosses_splits_is_a_leak(tmp_path: Path, what: str) -> None:
    made = items()
    train, test = cross(write_cache(tmp_path / "cache", made, simulated=True), made)
    record, picture = made[test]
    if what == "exam":
        record = replace(record, exam=made[train][0].exam)
    elif what == "source file":
        record = replace(record, source_sha256=made[train][0].source_sha256)
    elif what == "picture":
        picture = made[train][1]
    made[test] = (record, picture)
    cohort = write_cache(tmp_path / "cache", made, simulated=True)
    if what == "nothing":
        assert_no_leak(cohort)
        return
    with pytest.raises(LeakDetected, match=what) as leak:
        assert_no_leak(cohort)
    assert leak.value.code == "split-leak"
    assert record.patient in leak.value.message


def test_a_patient_without_a_split_is_a_leak(tmp_path: Path) -> None:
    cohort = write_cache(tmp_path / "cache", items(), simulated=True)
    cohort.split.pop("P003")
    with pytest.raises(LeakDetected, match="P003"):
        assert_no_leak(cohort)


def test_a_patient_called_na_keeps_the_clinical_values(tmp_path: Path) -> None:
    names = {"P000": "NA", "P001": "null", "P002": "007"}
    made = [(replace(r, patient=names.get(r.patient, r.patient)), p) for r, p in items()]
    table = pd.DataFrame({"patient": ["NA", "null", "007"], "age": [50, 60, None], "sex": ["M", "", "F"]})
    table.to_csv(tmp_path / "clinical.csv", index=False)
    cohort = write_cache(
        tmp_path / "cache", made, simulated=True, attachments={"clinical.csv": tmp_path / "clinical.csv"}
    )
    assert cohort.clinical is not None
    assert list(cohort.clinical.index) == ["NA", "null", "007"]
    assert set(cohort.clinical.index) <= set(cohort.patients())
    assert cohort.clinical.loc["null", "age"] == 60
    assert cohort.clinical["age"].isna().sum() == 1


def test_a_smaller_cohort_has_smaller_outlines(tmp_path: Path) -> None:
    masks = np.zeros((len(items()), 256, 256), np.uint8)
    masks[:, 64:192, 32:256] = 255
    np.save(tmp_path / "outlines.npy", masks)
    cohort = write_cache(
        tmp_path / "cache", items(), simulated=True, attachments={"outlines.npy": tmp_path / "outlines.npy"}
    )
    small = shrunk(cohort, 64)
    assert small.outlines is not None
    assert small.outlines.shape == small.images.shape == (len(cohort), 64, 64)
    assert small.parenchyma is not None
    assert small.parenchyma[0].tolist() == [8, 16, 64, 48]
    again = small.with_split(cohort.split)
    assert again.outlines is small.outlines
