"""``python -m ml augment``: what augmentation makes of a cohort, as counts and as pictures."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from ml.cli.options import cohort_option
from ml.spec import Band, Split, Stage


@click.command()
@cohort_option
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="Write the before/after sheet here (PNG)."
)
@click.option("--pictures", default=3, show_default=True, type=click.IntRange(1, 12), help="Of each band.")
@click.option("--seed", default=0, show_default=True, type=click.IntRange(min=0))
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON.")
def augment(cohort: Path, out: Path | None, pictures: int, seed: int, as_json: bool) -> None:
    """Print what each policy makes of the training counts; draw every augmentation on training pictures."""
    from ml.augmentation import effective_counts
    from ml.cohort import load_cache

    loaded = load_cache(cohort)
    counts: dict[str, Any] = {}
    for band in Band:
        stages = loaded.index["stage"].to_numpy()[loaded.rows(Split.TRAIN, band)]
        own = {stage: int((stages == int(stage)).sum()) for stage in Stage}
        counts[str(band)] = {"images": _named(own)} | {
            policy: _named(effective_counts(own, policy)) for policy in ("balanced", "paper")
        }
    print(json.dumps(counts, indent=1) if as_json else "\n".join(_lines(counts)))
    if out is not None:
        _draw(loaded, out, pictures, seed)


def _draw(cohort: Any, out: Path, count: int, seed: int) -> None:
    import cv2
    import numpy as np

    from ml.augmentation.montage import montage

    chosen = []
    for band in Band:
        rows = cohort.rows(Split.TRAIN, band)
        chosen += [int(row) for row in rows[np.linspace(0, len(rows) - 1, min(count, len(rows))).astype(int)]]
    aims = cohort.parenchyma[chosen] if cohort.parenchyma is not None else None
    sheet = montage(np.asarray(cohort.images[chosen]), parenchyma=aims, seed=seed)
    _, png = cv2.imencode(".png", sheet, [cv2.IMWRITE_PNG_COMPRESSION, 9])
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(png.tobytes())


def _named(counts: dict[Stage, int]) -> dict[str, int]:
    return {stage.label: count for stage, count in counts.items()}


def _lines(counts: dict[str, Any]) -> list[str]:
    lines = []
    for band, rows in counts.items():
        lines.append(
            f"{band}, training pictures an epoch    " + "  ".join(f"{stage.label:>5}" for stage in Stage)
        )
        lines += [
            f"  {'as they are' if name == 'images' else name:<30}"
            + "  ".join(f"{n:>5}" for n in row.values())
            for name, row in rows.items()
        ]
    return lines
