"""The ordinal head: probabilities that know the order of the stages."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from torch import nn

from ml.models import build_network
from ml.models.heads import OrdinalHead
from ml.spec import Architecture, Head, TrainSpec

numbers = st.floats(-60, 60, width=32)


def beyond(probabilities: torch.Tensor) -> torch.Tensor:
    """P(y > k) for k = 0 … 3 from class probabilities ``(B, 5)``."""
    return probabilities.flip(1).cumsum(dim=1).flip(1)[:, 1:]


@given(steps=st.lists(st.lists(numbers, min_size=4, max_size=4), min_size=1, max_size=6))
@settings(max_examples=200, deadline=None)
def test_probabilities_sum_to_one_and_going_further_is_never_likelier(steps: list[list[float]]) -> None:
    head = OrdinalHead(4, 5)
    with torch.no_grad():
        head.steps.weight.copy_(torch.eye(4))
        head.steps.bias.zero_()
        logs = head(torch.tensor(steps))
    probabilities = logs.exp()
    assert torch.isfinite(logs).all()
    assert torch.allclose(probabilities.sum(dim=1), torch.ones(len(steps)), atol=1e-5)
    assert torch.allclose(logs.softmax(dim=1), probabilities, atol=1e-5), "a softmax leaves them as they are"
    further = beyond(probabilities)
    assert (further[:, 1:] <= further[:, :-1] + 1e-6).all()
    products = torch.sigmoid(torch.tensor(steps)).cumprod(dim=1)
    assert torch.allclose(further, products, atol=1e-5)


@given(steps=st.lists(numbers, min_size=4, max_size=4), truth=st.integers(0, 4))
@settings(max_examples=100, deadline=None)
def test_cross_entropy_is_the_conditional_loss_of_corn(steps: list[float], truth: int) -> None:
    head = OrdinalHead(4, 5)
    with torch.no_grad():
        head.steps.weight.copy_(torch.eye(4))
        head.steps.bias.zero_()
    vector = torch.tensor([steps], dtype=torch.float32)
    loss = nn.functional.cross_entropy(head(vector), torch.tensor([truth]))
    reached = [k for k in range(4) if truth >= k]  # the tasks to whose subset a case of this stage belongs
    corn = sum(
        nn.functional.binary_cross_entropy_with_logits(vector[0, k], torch.tensor(float(truth > k)))
        for k in reached
    )
    assert loss.item() == pytest.approx(float(corn), rel=1e-4, abs=1e-5)


@pytest.mark.parametrize("architecture", [Architecture.HF, Architecture.LF, Architecture.FUSION])
def test_every_own_network_can_have_it_and_the_rest_of_it_is_the_same(architecture: Architecture) -> None:
    plain, ordinal = (
        build_network(architecture, TrainSpec(architecture=architecture, head=head)) for head in Head
    )
    names = {name for name in plain.state_dict() if not name.startswith("head.")}
    assert names == {name for name in ordinal.state_dict() if not name.startswith("head.")}
    assert ordinal.state_dict()["head.steps.weight"].shape[0] == 4
    ordinal.eval()
    planes = torch.rand(3, 2 if architecture is Architecture.FUSION else 1, 32, 32)
    assert torch.allclose(ordinal(planes).exp().sum(dim=1), torch.ones(3), atol=1e-5)


def test_a_comparator_has_no_head_of_ours() -> None:
    with pytest.raises(ValidationError, match="head does not apply to resnet"):
        TrainSpec(architecture="resnet", head="ordinal")
    assert TrainSpec().head is Head.SOFTMAX
