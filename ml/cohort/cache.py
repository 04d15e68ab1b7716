"""The cohort cache: one memory-mapped uint8 array, an index and a split, so that DICOM is decoded once.

A cache is a folder::

    images.npy   uint8 (N, 256, 256), memory-mappable
    index.csv    row, image, patient, exam, site, band, stage, frame, source_sha256
    split.json   {"protocol", "seed", "assignments": {patient: train | validation | test}}
    cache.json   {"schema_version", "dataset_hash", "size", "simulated", "counts"}
    outlines.npy uint8 (N, 256, 256), where the liver was outlined (optional)

Gathering from the map is 48,500 images a second; no data-loader processes are needed.
Identifiers are stored as given: the command line is for research on data that its user may see.
The web application hands in pseudonyms.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ml.cohort.durable import replace_folder, write_text
from ml.cohort.errors import CohortError
from ml.cohort.pictures import SIZE, CohortImage, write_images
from ml.cohort.sites import one_spelling
from ml.cohort.split import PARTS, split_patients
from ml.spec import Band, Split, Stage
from ml.spec.crop import REGION, Crop

SCHEMA_VERSION = 1
OUTLINES = "outlines.npy"
FILES = ("images.npy", "index.csv", "split.json", "cache.json")


@dataclass(frozen=True)
class Cohort:
    """A loaded cache. ``images`` is read-only and stays on disk until its rows are touched.

    ``masks`` are outlines that go with images in memory, in place of those on disk.
    """

    path: Path
    images: NDArray[np.uint8]
    index: pd.DataFrame
    split: dict[str, Split]
    dataset_hash: str
    simulated: bool
    meta: dict[str, Any]
    masks: NDArray[np.uint8] | None = None

    @property
    def size(self) -> int:
        """Edge of the square pictures in pixels."""
        return int(self.images.shape[1])

    def __len__(self) -> int:
        return len(self.index)

    @property
    def crop(self) -> Crop:
        """What of a frame its pictures show; caches of before this was recorded show the region."""
        return Crop.model_validate(self.meta.get("crop", {}))

    @cached_property
    def outlines(self) -> NDArray[np.uint8] | None:
        """Masks (N, size, size), 255 is liver, all 0 where none was outlined; ``None`` without the file."""
        masks = self.masks
        if masks is None and not (self.path / OUTLINES).is_file():
            return None
        if masks is None:
            masks = np.load(self.path / OUTLINES, mmap_mode="r", allow_pickle=False)
        if masks.shape != self.images.shape or masks.dtype != np.uint8:
            raise CohortError(
                f"{self.path}: {OUTLINES} and images.npy do not belong together.", code="cache-damaged"
            )
        return masks

    @cached_property
    def parenchyma(self) -> NDArray[np.int64] | None:
        """Boxes (N, 4) as x0, y0, x1, y1 around each outline, of the whole picture where there is none."""
        if self.outlines is None:
            return None
        boxes = np.tile(np.array([0, 0, self.size, self.size], np.int64), (len(self), 1))
        for row, mask in enumerate(self.outlines):
            columns, lines = np.flatnonzero(mask.any(axis=0)), np.flatnonzero(mask.any(axis=1))
            if len(columns):
                boxes[row] = columns[0], lines[0], columns[-1] + 1, lines[-1] + 1
        return boxes

    @cached_property
    def stages(self) -> dict[str, Stage]:
        """Pathology stage of every patient."""
        return {
            str(patient): Stage(int(stage))
            for patient, stage in zip(self.index["patient"], self.index["stage"], strict=True)
        }

    def stage_of(self, patient: str) -> Stage:
        return self.stages[patient]

    def patients(self, split: Split | None = None) -> list[str]:
        """Patients of a split (or all), sorted."""
        return [patient for patient in sorted(self.stages) if split is None or self.split[patient] is split]

    def rows(self, split: Split | None = None, band: Band | None = None) -> NDArray[np.int64]:
        """Row numbers of a split and band (``None`` means all), ascending."""
        keep = np.ones(len(self.index), dtype=bool)
        if split is not None:
            members = {patient for patient, part in self.split.items() if part is split}
            keep &= self.index["patient"].isin(members).to_numpy(dtype=bool)
        if band is not None:
            keep &= (self.index["band"] == str(band)).to_numpy(dtype=bool)
        return np.flatnonzero(keep).astype(np.int64)

    def pairs(self, split: Split | None = None) -> list[tuple[int, int]]:
        """Every (HF row, LF row) of the same patient and exam, ordered by HF row, then LF row."""
        low: dict[tuple[str, str], list[int]] = {}
        for row in self.rows(split, Band.LF):
            low.setdefault(self._exam_key(int(row)), []).append(int(row))
        return [
            (int(high), partner)
            for high in self.rows(split, Band.HF)
            for partner in low.get(self._exam_key(int(high)), [])
        ]

    @cached_property
    def split_hash(self) -> str:
        """Hash of who is in which part. Divisions of the same pictures share the dataset hash, not this."""
        lines = sorted(f"{patient}\x1f{self.split[patient]}" for patient in self.stages)
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()

    @cached_property
    def sites(self) -> dict[str, str]:
        """Site of every patient, "" where no image names one; raises :class:`CohortError` where two are.

        Spellings of other case are one site, in the spelling of most patients. An image that names none is
        of the site that the patient's other images name.
        """
        several = [patient for patient, named in self.named_sites.items() if len(named) > 1]
        if several:
            raise CohortError(
                f"Patients with images of two sites: {', '.join(several[:5])}.",
                code="patient-two-sites",
                remedy="Give each patient one site in the stage table.",
            )
        return {patient: named[0] if named else "" for patient, named in self.named_sites.items()}

    @cached_property
    def named_sites(self) -> dict[str, list[str]]:
        """The different sites that the images of each patient name, sorted; none, one, or several."""
        places = {str(p): list(found) for p, found in self.index.groupby("patient")["site"].unique().items()}
        spelling = one_spelling(site for found in places.values() for site in found)
        return {
            patient: sorted({spelling[site] for site in found} - {""}) for patient, found in places.items()
        }

    @cached_property
    def clinical(self) -> pd.DataFrame | None:
        """Clinical and serum values by patient (columns of ``ClinicalRow``), where the cache has them."""
        path = self.path / "clinical.csv"
        if not path.is_file():
            return None
        # Identifiers apart, as they are written: a patient may be called NA or null.
        names = pd.read_csv(path, usecols=["patient"], dtype=str, keep_default_na=False, encoding="utf-8")
        return pd.read_csv(path, encoding="utf-8").drop(columns="patient").set_index(names["patient"])

    def with_split(self, assignments: Mapping[str, Split]) -> Cohort:
        """The same pictures, still memory-mapped, divided otherwise; passes the same leak test.

        ``assignments`` gives each patient of the cohort, and nobody else, a part. The dataset hash
        names the data and stays; :attr:`split_hash` tells the divisions apart.
        """
        from ml.cohort.leak import assert_no_leak  # which reads cohorts

        strangers = sorted(assignments.keys() - self.stages.keys())
        if strangers:
            raise CohortError(
                f"The split names patients that the cohort does not have: {', '.join(strangers[:5])}.",
                code="split-strangers",
                remedy="Use a split that was made for this cohort.",
            )
        divided = replace(self, split=_complete(self.stages, assignments))
        assert_no_leak(divided)
        return divided

    def counts(self) -> dict[str, Any]:
        """Patients and images, in total, by split and stage, by band and by site."""
        return _counts(self.index, self.split)

    def _exam_key(self, row: int) -> tuple[str, str]:
        return self._exam_keys[row]

    @cached_property
    def _exam_keys(self) -> list[tuple[str, str]]:
        return list(zip(self.index["patient"].astype(str), self.index["exam"].astype(str), strict=True))


def write_cache(
    out: Path,
    items: Iterable[tuple[CohortImage, NDArray[np.uint8]]],
    *,
    simulated: bool,
    split_seed: int = 0,
    split: Mapping[str, Split] | None = None,
    attachments: Mapping[str, Path] | None = None,
    crop: Crop = REGION,
) -> Cohort:
    """Write the pictures as they come and put the finished folder at ``out`` in one rename.

    ``split`` overrides the stratified strict split of ``split_seed``. ``attachments`` are further
    files (name → where it lies now) to move into the folder, e.g. the report of the preparation.
    An existing cache at ``out`` is replaced only once the new one is complete and on disk.
    """
    out = Path(out)
    out.parent.mkdir(parents=True, exist_ok=True)
    if out.exists() and any(out.iterdir()) and not (out / "cache.json").exists():
        raise CohortError(
            f"{out} exists and is not a cohort cache.",
            code="cache-target-occupied",
            remedy="Choose an empty or new folder.",
        )
    work = Path(tempfile.mkdtemp(prefix=f".{out.name}.", dir=out.parent))
    try:
        index, digest = write_images(work, items, crop)
        assignments = _assignments(index, split, split_seed)
        write_text(
            work / "split.json",
            _json(
                {
                    "protocol": "strict",
                    "seed": split_seed,
                    "assignments": {patient: str(part) for patient, part in sorted(assignments.items())},
                }
            ),
        )
        for name in ("index.csv", "split.json"):
            digest.update((work / name).read_bytes())
        write_text(
            work / "cache.json",
            _json(
                {
                    "schema_version": SCHEMA_VERSION,
                    "dataset_hash": digest.hexdigest(),
                    "size": SIZE,
                    "simulated": simulated,
                    "counts": _counts(index, assignments),
                    "crop": crop.model_dump(),
                }
            ),
        )
        for name, source in (attachments or {}).items():
            shutil.move(source, work / name)
        work.chmod(0o755)
        replace_folder(out, work)
    except BaseException:
        shutil.rmtree(work, ignore_errors=True)
        raise
    return load_cache(out)


def load_cache(path: Path, *, verify: bool = False) -> Cohort:
    """Open a cache. ``verify`` also reads every byte and compares the dataset hash."""
    path = Path(path)
    missing = [name for name in FILES if not (path / name).is_file()]
    if missing:
        raise CohortError(
            f"{path} is not a complete cohort cache: {', '.join(missing)} not found.", code="cache-incomplete"
        )
    try:
        return _opened(path, verify)
    except (ValueError, KeyError, TypeError, AttributeError, EOFError) as error:
        raise CohortError(f"{path} cannot be read: {error}.", code="cache-damaged") from error


def _opened(path: Path, verify: bool) -> Cohort:
    meta = json.loads((path / "cache.json").read_text("utf-8"))
    if meta.get("schema_version") != SCHEMA_VERSION:
        raise CohortError(
            f"{path} has cache version {meta.get('schema_version')}; this is {SCHEMA_VERSION}.",
            code="cache-version",
        )
    index = pd.read_csv(
        path / "index.csv",
        keep_default_na=False,
        encoding="utf-8",
        dtype=dict.fromkeys(("image", "patient", "exam", "site", "band", "source_sha256"), str),
    )
    images = np.load(path / "images.npy", mmap_mode="r" if len(index) else None, allow_pickle=False)
    if images.dtype != np.uint8 or images.shape != (len(index), meta["size"], meta["size"]):
        raise CohortError(f"{path}: images.npy and index.csv do not belong together.", code="cache-damaged")
    record = json.loads((path / "split.json").read_text("utf-8"))
    split = {str(patient): Split(part) for patient, part in record["assignments"].items()}
    unassigned = sorted(set(index["patient"]) - split.keys())
    if unassigned:
        raise CohortError(f"{path}: no split for {', '.join(unassigned[:5])}.", code="cache-damaged")
    cohort = Cohort(
        path=path,
        images=images,
        index=index,
        split=split,
        meta=meta,
        dataset_hash=meta["dataset_hash"],
        simulated=bool(meta["simulated"]),
    )
    if verify and _hash_of(cohort) != cohort.dataset_hash:
        raise CohortError(f"{path} was changed after it was written.", code="cache-damaged")
    return cohort


def _assignments(index: pd.DataFrame, split: Mapping[str, Split] | None, seed: int) -> dict[str, Split]:
    stages = {str(p): Stage(int(s)) for p, s in zip(index["patient"], index["stage"], strict=True)}
    if split is None:
        return split_patients(stages, seed=seed)
    return _complete(stages, split)


def _complete(stages: Mapping[str, Stage], split: Mapping[str, Split]) -> dict[str, Split]:
    """The part of every patient; refuses a split that leaves somebody out."""
    missing = sorted(stages.keys() - split.keys())
    if missing:
        raise CohortError(
            f"The split leaves out {', '.join(missing[:5])}.",
            code="split-incomplete",
            remedy="Give every patient a part.",
        )
    return {patient: Split(split[patient]) for patient in sorted(stages)}


def _counts(index: pd.DataFrame, split: Mapping[str, Split]) -> dict[str, Any]:
    people = index.drop_duplicates("patient")
    part_of = people["patient"].map({patient: str(part) for patient, part in split.items()})
    by_split = {
        str(part): {
            stage.label: int(((part_of == str(part)) & (people["stage"] == int(stage))).sum())
            for stage in Stage
        }
        for part in PARTS
    }
    return {
        "total": {"patients": len(people), "images": len(index)},
        "by_split": by_split,
        "by_band": {str(band): int((index["band"] == str(band)).sum()) for band in Band},
        "by_site": {str(site): int(count) for site, count in people.groupby("site").size().items()},
    }


def _hash_of(cohort: Cohort) -> str:
    digest = hashlib.sha256()
    for start in range(0, len(cohort), 256):
        digest.update(np.ascontiguousarray(cohort.images[start : start + 256]).tobytes())
    for name in ("index.csv", "split.json"):
        digest.update((cohort.path / name).read_bytes())
    return digest.hexdigest()


def _json(value: object) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
