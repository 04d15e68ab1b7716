"""Gated attention over a patient's pictures: weights sum to one, know no order, and are learned."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from ml.models import PATIENT, BandClassifier, PatientNetwork, build_network, move_picture_network
from ml.models.pooling import GatedAttention
from ml.spec import Architecture, Pooling, Protocol, TrainSpec

WIDTH = 6
sizes = st.lists(st.integers(1, 5), min_size=1, max_size=5)


def drawn(seed: int, counts: list[int]) -> tuple[GatedAttention, torch.Tensor, torch.Tensor]:
    """An attention, feature vectors, and whose each is."""
    torch.manual_seed(seed)
    whose = torch.arange(len(counts)).repeat_interleave(torch.tensor(counts))
    return GatedAttention(WIDTH), 5 * torch.randn(len(whose), WIDTH), whose


@given(counts=sizes, seed=st.integers(0, 10_000))
@settings(max_examples=60, deadline=None)
def test_weights_of_each_patient_sum_to_one_and_are_of_his_pictures_only(
    counts: list[int], seed: int
) -> None:
    attention, vectors, whose = drawn(seed, counts)
    weights = attention(vectors, whose, len(counts))
    assert weights.shape == (len(counts), len(whose))
    assert torch.allclose(weights.sum(dim=1), torch.ones(len(counts)), atol=1e-6)
    own = whose[None] == torch.arange(len(counts))[:, None]
    assert (weights[~own] == 0).all()
    assert (weights[own] > 0).all()


@given(counts=sizes, seed=st.integers(0, 10_000), shuffle=st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_the_order_of_the_pictures_does_not_matter(counts: list[int], seed: int, shuffle) -> None:
    attention, vectors, whose = drawn(seed, counts)
    order = list(range(len(whose)))
    shuffle.shuffle(order)
    before = attention(vectors, whose, len(counts))
    after = attention(vectors[order], whose[order], len(counts))
    assert torch.allclose(after, before[:, order], atol=1e-6)
    assert torch.allclose(after @ vectors[order], before @ vectors, atol=1e-5)


@given(counts=sizes, seed=st.integers(0, 10_000))
@settings(max_examples=30, deadline=None)
def test_another_patients_pictures_change_nothing(counts: list[int], seed: int) -> None:
    attention, vectors, whose = drawn(seed, counts)
    first = whose == 0
    alone = attention(vectors[first], whose[first], 1) @ vectors[first]
    among = (attention(vectors, whose, len(counts)) @ vectors)[:1]
    assert torch.allclose(alone, among, atol=1e-5)


def test_the_weights_are_those_of_the_paper_s_equation() -> None:
    attention, vectors, whose = drawn(1, [3])
    attention.requires_grad_(False)
    scores = [
        float(
            attention.score.weight[0]
            @ (torch.tanh(attention.content(vector)) * torch.sigmoid(attention.gate(vector)))
        )
        for vector in vectors
    ]
    expected = torch.tensor(scores).softmax(dim=0)
    assert torch.allclose(attention(vectors, whose, 1)[0], expected, atol=1e-6)


@pytest.mark.parametrize("architecture", [Architecture.HF, Architecture.FUSION])
def test_the_gradient_reaches_every_parameter(architecture: Architecture) -> None:
    torch.manual_seed(0)
    spec = TrainSpec(architecture=architecture, pooling=Pooling.ATTENTION)
    network = build_network(PATIENT, spec)
    planes = torch.rand(5, len(spec.bands), 32, 32)
    logits = network(planes, torch.tensor([0, 0, 1, 1, 1]))
    assert logits.shape == (2, 5)
    torch.nn.functional.cross_entropy(logits, torch.tensor([0, 4])).backward()
    still = [name for name, one in network.named_parameters() if one.grad is None or not one.grad.any()]
    assert not still


def test_a_patient_with_one_picture_has_the_answer_of_that_picture() -> None:
    torch.manual_seed(0)
    picture = BandClassifier().eval()
    network = PatientNetwork(BandClassifier()).eval()
    moved = move_picture_network(picture, network)
    assert moved.kept == ["attention.content.weight", "attention.content.bias", "attention.gate.weight",
                          "attention.gate.bias", "attention.score.weight"]  # fmt: skip
    planes = torch.rand(3, 1, 32, 32)
    with torch.no_grad():
        assert torch.allclose(network(planes, torch.arange(3)), picture(planes), atol=1e-5)
        assert torch.equal(network(planes), picture(planes))


@pytest.mark.parametrize(
    "wrong",
    [
        {"architecture": "svm", "pooling": "attention"},
        {"architecture": "hf", "pooling": "attention", "protocol": "paper"},
    ],
)
def test_it_is_refused_where_it_cannot_be(wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError) as refused:
        TrainSpec.model_validate(wrong)
    assert refused.value.errors()[0]["type"] == "setting-not-applicable"


def test_under_the_paper_s_protocol_the_rule_is_the_mean() -> None:
    spec = TrainSpec(architecture="hf", pooling="attention")
    assert spec.under(Protocol.PAPER).pooling is Pooling.MEAN
    assert spec.under(Protocol.STRICT) == spec
    assert TrainSpec.stored(TrainSpec().model_dump(mode="json", exclude={"pooling"})) == TrainSpec()
