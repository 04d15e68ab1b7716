"""What commands share: the types of their arguments, common options, ``--events``, and the result line."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from pydantic import BaseModel

from ml.cli.listening import json_sink
from ml.spec.events import Event, Finished

FOLDER = click.Path(path_type=Path, file_okay=False)
EXISTING_FOLDER = click.Path(path_type=Path, file_okay=False, exists=True)
EXISTING_FILE = click.Path(path_type=Path, dir_okay=False, exists=True)

cohort_option = click.option(
    "--cohort", type=EXISTING_FOLDER, required=True, help="A prepared cohort (cache)."
)
workdir_option = click.option(
    "--workdir",
    type=FOLDER,
    required=True,
    help="Where the run lives; the same one again resumes it.",
)
split_option = click.option(
    "--split", type=EXISTING_FILE, help="JSON with other 'assignments' of the cohort's patients."
)
device_option = click.option(
    "--device",
    default="auto",
    show_default=True,
    help="cpu, cuda, or auto: cuda where there is one.",
)
events_option = click.option(
    "--events",
    type=click.Choice(["jsonl"]),
    help="Write each event as a line of JSON to stdout; stop when stdin closes.",
)


def options_of(spec: type[BaseModel]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """An option for each field of a specification of whole numbers, with its limits, default and words."""

    def give(command: Callable[..., None]) -> Callable[..., None]:
        for name, field in reversed(spec.model_json_schema()["properties"].items()):
            command = click.option(
                f"--{name.replace('_', '-')}",
                default=field["default"],
                show_default=True,
                type=click.IntRange(min=field["minimum"], max=field["maximum"]),
                help=field["description"],
            )(command)
        return command

    return give


def with_events(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command ``--events`` as the open ``sink`` (or ``None``)."""

    @events_option
    @functools.wraps(command)
    def run(*args: Any, events: str | None, **kwargs: Any) -> None:
        with json_sink(events) as sink:
            command(*args, sink=sink, **kwargs)

    return run


def report(sink: Any, text: str, heard: list[Event]) -> None:
    """The result for a person; with ``--events`` the events have said it."""
    if sink is None and heard and isinstance(heard[-1], Finished):
        print(text)
