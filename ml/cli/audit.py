"""``python -m ml audit``: what in a cohort could let a network score without looking at the liver."""

from __future__ import annotations

from pathlib import Path

import click

from ml.cli.options import EXISTING_FOLDER


@click.command()
@click.argument("cache", type=EXISTING_FOLDER)
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def audit(cache: Path, as_json: bool) -> None:
    """Look for duplicates, labels that follow the file order and stages confounded with the site in CACHE."""
    from ml.cohort import load_cache
    from ml.cohort.audit import audit as run

    report = run(load_cache(cache))
    if as_json:
        print(report.model_dump_json(indent=1))
        return
    for finding in report.findings:
        print(f"{finding.severity:8} {finding.code}{f' ({finding.subject})' if finding.subject else ''}")
        print(f"         {finding.message}" + (f" p = {finding.p:.4f}" if finding.p is not None else ""))
        for example in finding.examples:
            print(f"         {' = '.join(example.images)}  ({', '.join(example.parts)})")
        if finding.remedy:
            print(f"         {finding.remedy}")
