"""``python -m ml``: simulate, prepare, audit, segment, train, evaluate, benchmark, stage.

Results go to stdout, messages to stderr, progress to a terminal only. Exit status: 0 done, 2 wrong
usage, 143 or 130 asked to stop, 1 anything else.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, NoReturn

import click

import ml
from ml.cli.alone import alone_in
from ml.cli.audit import audit
from ml.cli.augment import augment
from ml.cli.listening import follow
from ml.cli.options import (
    EXISTING_FILE,
    EXISTING_FOLDER,
    FOLDER,
    cohort_option,
    device_option,
    report,
    split_option,
    with_events,
    workdir_option,
)
from ml.cli.segment import cropper_of, segment, segmenter_option
from ml.cli.specs import read_spec
from ml.spec import HepaStageError, Protocol
from ml.spec.events import Finished
from ml.spec.machine import refusal_of
from ml.spec.training import MOST_SEED


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(ml.__version__, package_name="hepastage", prog_name="HepaStage")
def cli() -> None:
    """Stage liver fibrosis S0–S4 from high- and low-frequency ultrasound."""


def main() -> None:
    """Entry point: expected failures are a sentence and a remedy, not a traceback."""
    try:
        cli(prog_name="python -m ml")
    except HepaStageError as error:
        _refuse(error)
    except Exception as error:
        refusal = refusal_of(error)
        if refusal is None:
            raise
        _refuse(refusal)


def _refuse(error: HepaStageError) -> NoReturn:
    print(f"{error.code}: {error.message}", file=sys.stderr)
    if error.remedy:
        print(error.remedy, file=sys.stderr)
    sys.exit(1)


@cli.command()
@click.argument("out", type=FOLDER)
@click.option("--patients", default=266, show_default=True, type=click.IntRange(min=1))
@click.option("--seed", default=0, show_default=True, type=click.IntRange(min=0))
@click.option("--site", default="DEMO", show_default=True)
@click.option("--normals", default=500, show_default=True, type=click.IntRange(min=0))
@click.option("--workers", type=click.IntRange(min=1), help="Processes; every core where not given.")
@with_events
def simulate(out: Path, sink: Any, **options: Any) -> None:
    """Write a simulated cohort of paired DICOM below OUT. Running it again goes on."""
    from ml.simulation import simulate as run

    heard = follow(run(out, **options), sink=sink)
    report(sink, f"{out}: {options['patients']} simulated patients. No clinical meaning.", heard)


@cli.command()
@click.argument("folder", type=EXISTING_FOLDER)
@click.option(
    "--stages", type=EXISTING_FILE, required=True, help="Table of patient and stage (S0–S4, F0–F4, 0–4)."
)
@click.option("--clinical", type=EXISTING_FILE, help="Table of clinical and serum values.")
@click.option("--outlines", type=EXISTING_FOLDER, help="Folder of labelme outlines of the liver.")
@click.option("--out", type=FOLDER, required=True, help="The cohort cache to write.")
@click.option("--split-seed", default=0, show_default=True, type=click.IntRange(min=0))
@segmenter_option
@device_option
@click.option("--json", "as_json", is_flag=True, help="Print what was done as JSON.")
@with_events
def prepare(
    folder: Path, out: Path, segmenter: Path | None, device: str, as_json: bool, sink: Any, **options: Any
) -> None:
    """Read every DICOM file below FOLDER once and write a cohort to train on."""
    from ml.cohort import prepare as run

    heard = follow(run(folder, out=out, cropper=cropper_of(segmenter, device), **options), sink=sink)
    done = heard[-1]
    result = done.result if isinstance(done, Finished) else {}
    report(sink, json.dumps(result, indent=1) if as_json else f"cohort: {out}", heard)


@cli.command()
@click.argument("spec")
@cohort_option
@workdir_option
@device_option
@click.option(
    "--set", "settings", multiple=True, metavar="KEY=VALUE", help="Change a setting, e.g. epochs=5."
)
@split_option
@click.option(
    "--sources",
    type=FOLDER,
    default=Path(),
    help="Where SPEC's published weights and first-transfer source are looked up.  [default: here]",
)
@with_events
def train(
    spec: str,
    cohort: Path,
    workdir: Path,
    device: str,
    settings: tuple[str, ...],
    split: Path | None,
    sources: Path,
    sink: Any,
) -> None:
    """Train SPEC, a preset (svm, vgg, resnet … dual_transfer) or a JSON or YAML file."""
    from ml.cli.tables import metric_lines
    from ml.cohort import load_cache, read_assignments
    from ml.models import keep_freed_memory
    from ml.protocols import train as run

    chosen = read_spec(spec, settings)
    keep_freed_memory()
    loaded = load_cache(cohort)
    if split is not None:
        loaded = loaded.with_split(read_assignments(split))
    with alone_in(workdir):
        heard = follow(run(chosen, loaded, workdir=workdir, device=device, sources=sources), sink=sink)
    report(sink, "\n".join([*metric_lines(heard), f"model: {workdir / 'model'}"]), heard)


@cli.command()
@click.option("--model", type=EXISTING_FOLDER, required=True, help="A model folder.")
@cohort_option
@click.option("--out", type=FOLDER, required=True, help="Where metrics, predictions and figures go.")
@split_option
@device_option
@with_events
def evaluate(model: Path, cohort: Path, out: Path, split: Path | None, device: str, sink: Any) -> None:
    """Evaluate a model on the test part of its cohort, or on the whole of another one."""
    from ml.cli.tables import metric_lines
    from ml.cohort import load_cache, read_assignments
    from ml.models import keep_freed_memory
    from ml.protocols import evaluate as run

    keep_freed_memory()
    loaded = load_cache(cohort)
    if split is not None:
        loaded = loaded.with_split(read_assignments(split))
    heard = follow(run(model, loaded, out, device=device), sink=sink)
    report(sink, "\n".join([*metric_lines(heard), f"results: {out}"]), heard)


@cli.command()
@cohort_option
@workdir_option
@click.option(
    "--protocol",
    type=click.Choice([str(protocol) for protocol in Protocol]),
    default=str(Protocol.STRICT),
    show_default=True,
)
@click.option(
    "--repeats",
    default=1,
    show_default=True,
    type=click.IntRange(min=1),
    help="Repeats of the cross-validation (under 'paper': of the single split, with other seeds).",
)
@click.option(
    "--folds",
    type=click.IntRange(min=1),
    help="Folds of a cross-validation; 5 where there are several repeats.",
)
@click.option("--leave-one-site-out", is_flag=True, help="Test each site with models of the others.")
@click.option("--external", type=EXISTING_FOLDER, help="Another cohort, to be tested whole.")
@click.option(
    "--rows",
    "--row",
    "rows",
    multiple=True,
    metavar="KEY[,KEY…]",
    help="Only these rows; all eight where not given. KEY+ordinal and KEY+attention are variants of a row.",
)
@click.option("--seed", default=0, show_default=True, type=click.IntRange(min=0, max=MOST_SEED))
@click.option(
    "--quick", is_flag=True, help="A few epochs on small pictures: shows that it works, not how well."
)
@click.option("--jobs", default=1, show_default=True, type=click.IntRange(min=1), help="Trainings at a time.")
@click.option(
    "--beside",
    type=EXISTING_FOLDER,
    help="Finished work directory under the other protocol: shows the optimism of the paper's.",
)
@device_option
@with_events
def benchmark(
    cohort: Path, sink: Any, protocol: str, rows: tuple[str, ...], external: Path | None, **options: Any
) -> None:
    """Train and evaluate every model of the comparison; the same --workdir again goes on."""
    from ml.cli.tables import benchmark_lines
    from ml.cohort import load_cache
    from ml.models import keep_freed_memory
    from ml.protocols import benchmark as run

    keep_freed_memory()
    events = run(
        load_cache(cohort),
        protocol=Protocol(protocol),
        rows=[key for part in rows for key in part.split(",") if key],
        external=load_cache(external) if external is not None else None,
        **options,
    )
    with alone_in(options["workdir"]):
        heard = follow(events, sink=sink)
    report(sink, "\n".join(benchmark_lines(options["workdir"])) if sink is None else "", heard)


@cli.command()
@click.option("--model", type=EXISTING_FOLDER, required=True, help="A model folder.")
@click.argument("files", nargs=-1, required=True, type=EXISTING_FILE)
@segmenter_option
@device_option
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def stage(model: Path, files: tuple[Path, ...], segmenter: Path | None, device: str, as_json: bool) -> None:
    """Stage one patient from DICOM FILES, any mix of high- and low-frequency images."""
    from ml.cli.tables import staging_lines
    from ml.models import load_model
    from ml.protocols import stage_files

    result = stage_files(load_model(model, device=device), files, cropper=cropper_of(segmenter, device))
    for warning in result.warnings:
        print(f"warning: {warning}", file=sys.stderr)
    print(result.model_dump_json(indent=1) if as_json else "\n".join(staging_lines(result)))


cli.add_command(augment)
cli.add_command(audit)
cli.add_command(segment)
