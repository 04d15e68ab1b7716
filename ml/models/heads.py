"""What turns a feature vector into stages: the paper's softmax, or a head that knows their order."""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional

from ml.spec import Head


class OrdinalHead(nn.Module):
    """``(B, inputs)`` → log-probabilities ``(B, classes)`` of ordered classes; their exponentials sum to 1.

    Each of ``classes`` - 1 outputs is the probability to go beyond a stage for those who have reached it,
    P(y > k | y ≥ k). Their products P(y > 0) ≥ P(y > 1) ≥ … can only fall, whatever the weights.
    This is the conditional training of CORN (Shi, Cao, Raschka: Pattern Anal. Applic. 26, 2023); the
    cross-entropy of these log-probabilities is its loss, summed over the same conditional subsets, and
    also the likelihood of the continuation-ratio model (Fienberg 1980).

    The answers are used like the logits of a softmax, which leaves normalised log-probabilities as they are.
    """

    def __init__(self, inputs: int, classes: int) -> None:
        super().__init__()
        self.steps = nn.Linear(inputs, classes - 1)

    def forward(self, vector: Tensor) -> Tensor:
        steps = self.steps(vector)
        reached = functional.pad(functional.logsigmoid(steps).cumsum(dim=1), (1, 0))
        stays = functional.pad(functional.logsigmoid(-steps), (0, 1))
        return reached + stays


def build_head(head: Head, inputs: int, classes: int) -> nn.Module:
    """The head of this name on a vector of ``inputs``."""
    return OrdinalHead(inputs, classes) if head is Head.ORDINAL else nn.Linear(inputs, classes)
