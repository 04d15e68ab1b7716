"""Who hears the events of a command: a progress bar on a terminal, or JSON lines on stdout."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager, nullcontext
from typing import IO

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from ml.cli.stopping import listening
from ml.spec.events import (
    EpochFinished,
    Evaluated,
    Event,
    Finished,
    Note,
    PhaseStarted,
    Progressed,
    Started,
    WeightsTransferred,
)

Hear = Callable[[Event], None]


def follow(events: Iterator[Event], *, sink: IO[str] | None) -> list[Event]:
    """Run a generator to its end and return its events; exit with 143 or 130 when asked to stop.

    ``sink`` takes one JSON event a line; without it a terminal on stderr shows the progress.
    """
    heard: list[Event] = []
    with listening(stdin=sink is not None) as request, _ear(sink) as hear, _closing(events):
        for event in events:
            hear(event)
            if not isinstance(event, Progressed):
                heard.append(event)
            if request.status is not None:
                break
    if request.status is not None and not (heard and isinstance(heard[-1], Finished)):
        print("Stopped. The same command goes on from here.", file=sys.stderr)
        raise SystemExit(request.status)
    return heard


@contextmanager
def json_sink(events: str | None) -> Iterator[IO[str] | None]:
    """The original stdout for events alone; whatever else is printed goes to stderr, C libraries included."""
    if events is None:
        yield None
        return
    sys.stdout.flush()
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as sink:
        os.dup2(2, 1)
        yield sink


def _closing(events: Iterator[Event]) -> closing[Generator[Event, None, None]] | nullcontext[None]:
    return closing(events) if isinstance(events, Generator) else nullcontext()


@contextmanager
def _ear(sink: IO[str] | None) -> Iterator[Hear]:
    if sink is not None:
        yield lambda event: _write_line(sink, event)
        return
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda event: _print_note(console, event)
        return
    with Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
        TextColumn("{task.fields[detail]}"),
        console=console,
    ) as bar:
        task = bar.add_task("…", total=1.0, detail="")
        yield lambda event: _draw(bar, task, event)


def _write_line(sink: IO[str], event: Event) -> None:
    try:
        sink.write(event.model_dump_json() + "\n")
        sink.flush()
    except BrokenPipeError:  # nobody listens any more: the same as being asked to stop
        os.dup2(os.open(os.devnull, os.O_WRONLY), sink.fileno())
        os.kill(os.getpid(), 15)


def _print_note(console: Console, event: Event) -> None:
    if isinstance(event, Note):
        console.print(f"{event.level}: {event.message}", markup=False, highlight=False)


def _draw(bar: Progress, task: TaskID, event: Event) -> None:
    """One line per phase and epoch above the bar; the bar shows the whole job."""
    say = bar.console.print
    match event:
        case Started():
            bar.update(task, description=event.title)
            if event.resumed:
                say("Going on from the last checkpoint.")
        case PhaseStarted():
            bar.update(task, detail=event.phase)
        case Progressed():
            rate = f", {event.images_per_second:.0f} images/s" if event.images_per_second else ""
            bar.update(task, completed=event.progress, detail=f"{event.phase} {event.message}{rate}")
        case EpochFinished():
            bar.update(task, completed=event.progress)
            say(
                f"{event.phase} {event.epoch}/{event.epochs}  loss {event.train_loss:.3f} "
                f"accuracy {event.train_accuracy:.3f}  validation {_number(event.validation_loss)} "
                f"{_number(event.validation_accuracy)}  {event.images_per_second:.0f} images/s",
                markup=False,
                highlight=False,
            )
        case WeightsTransferred():
            say(f"{event.source} → {event.target}: {len(event.moved)} tensors moved, {len(event.kept)} kept")
        case Evaluated():
            say(
                f"{event.split} by {event.level}: accuracy {_number(event.metrics['accuracy']['value'])}, "
                f"AUC {_number(event.metrics['auc_macro']['value'])}",
                markup=False,
                highlight=False,
            )
        case Note():
            say(f"{event.level}: {event.message}", markup=False, highlight=False)
        case Finished():
            bar.update(task, completed=1.0)


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
