"""What a run says of its transfers is what happened: in every path, to every tensor."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from torch import nn

from ml.cohort import Cohort
from ml.models import BandClassifier, FusionNetwork
from ml.protocols import fitting, train
from ml.protocols.run import Phase, Run
from ml.spec import TrainSpec
from ml.spec.events import Event, WeightsTransferred

State = dict[str, torch.Tensor]


def state_of(network: nn.Module) -> State:
    return {name: value.detach().clone() for name, value in network.state_dict().items()}


def fresh(target: str, seed: int) -> State:
    """The network of a phase as it was drawn, before anything moved into it."""
    build = FusionNetwork if target == "fusion" else BandClassifier
    return state_of(fitting.seeded(build, seed, target))


def origin(source: str, name: str, ends: dict[str, State]) -> torch.Tensor:
    """The tensor that ``name`` was copied from, in the trained network that the event names."""
    own = name.split(".", 1)[1] if name.startswith(("hf_encoder.", "lf_encoder.")) else None
    if own is None:
        return ends[source][name]
    phase = name[:2] if source == "hf, lf" else source
    return ends[phase][f"encoder.{own}"]


PATHS = [
    ("hf", True, False, ["hf"]),
    ("lf", True, False, ["lf"]),
    ("fusion", True, True, ["hf", "lf", "fusion"]),
    ("fusion", True, False, ["fusion", "fusion"]),
    ("fusion", False, True, ["fusion"]),
    ("fusion", False, False, []),
    ("hf", False, False, []),
]


@pytest.mark.parametrize(("architecture", "first", "second", "targets"), PATHS)
def test_what_is_told_to_have_moved_did_and_the_rest_is_as_it_was_drawn(
    architecture: str, first: bool, second: bool, targets: list[str],
    cohort: Cohort, tiny_source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    starts: dict[str, State] = {}
    ends: dict[str, State] = {}

    def noting(run: Run, phase: Phase, network: nn.Module) -> Iterator[Event]:
        starts[phase.name] = state_of(network)
        yield from fitting.fit(run, phase, network)
        ends[phase.name] = state_of(network)

    monkeypatch.setattr(sys.modules["ml.protocols.train"], "fit", noting)  # the name is also a function
    spec = TrainSpec.model_validate(
        {
            "architecture": architecture, "epochs": 1, "batch_size": 16, "precision": "fp32",
            "transfer": {"first": first, "second": second, "source": tiny_source, "epochs": 1},
        }
    )  # fmt: skip
    events = list(train(spec, cohort, workdir=tmp_path, device="cpu"))
    told = [event for event in events if isinstance(event, WeightsTransferred)]
    assert [event.target for event in told] == targets
    moved_into: dict[str, set[str]] = {}
    for event in told:
        assert set(event.moved) | set(event.kept) == set(starts[event.target])
        assert not set(event.moved) & set(event.kept)
        moved_into.setdefault(event.target, set()).update(event.moved)
        for name in event.moved:
            assert torch.equal(starts[event.target][name], origin(event.source, name, ends)), name
    for phase, start in starts.items():
        if phase.startswith("first-transfer"):
            continue
        drawn = fresh(phase, spec.seed)
        for name, value in start.items():
            if name not in moved_into.get(phase, set()):
                assert torch.equal(value, drawn[name]), f"{phase}: {name} is neither moved nor as drawn"
        changed = {name for name, value in start.items() if not torch.equal(value, drawn[name])}
        assert all(name in changed for name in moved_into.get(phase, set()) if name.endswith("conv1.weight"))
    recorded = json.loads((tmp_path / "run.json").read_text("utf-8"))["transfers"]
    assert [(entry["source"], entry["target"], entry["moved"], entry["kept"]) for entry in recorded] == [
        (event.source, event.target, event.moved, event.kept) for event in told
    ]
    if second:
        assert moved_into["fusion"] == {name for name in starts["fusion"] if name[:3] in {"hf_", "lf_"}}
        assert {name.split(".")[0] for name in starts["fusion"]} - {"hf_encoder", "lf_encoder"} == {
            "mapping", "vector", "head",
        }, "feature space mapping begins from nothing that was learned before"  # fmt: skip


@pytest.mark.parametrize(("epochs", "converged"), [(1, False), (12, True)])
def test_the_first_transfer_says_whether_it_converged(
    epochs: int, converged: bool, cohort: Cohort, tiny_source: str, tmp_path: Path
) -> None:
    spec = TrainSpec.model_validate(
        {
            "architecture": "hf", "epochs": 1, "batch_size": 4, "precision": "fp32", "seed": 1,
            "transfer": {"source": tiny_source, "epochs": epochs},
        }
    )  # fmt: skip
    events = list(train(spec, cohort, workdir=tmp_path, device="cpu"))
    record = json.loads((tmp_path / "run.json").read_text("utf-8"))["convergence"]["first-transfer:hf"]
    assert record["converged"] is converged
    assert record["epochs"] == len(
        [e for e in events if e.kind == "epoch-finished" and e.phase == "first-transfer:hf"]
    )
    notes = [event.message for event in events if event.kind == "note"]
    assert any("converged" in note or "still improving" in note for note in notes)
