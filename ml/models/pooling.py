"""One answer from all pictures of a patient: gated attention instead of the mean of the pictures' answers."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from ml.models.band import FEATURES, BandClassifier
from ml.models.fusion import COMMON, FusionNetwork

ATTENTION_WIDTH = 32
PATIENT = "patient"
"""The name of such a network beside the networks of pictures that a model carries."""


class GatedAttention(nn.Module):
    """How much each picture's feature vector says: ``(N, F)`` of B patients → weights ``(B, N)``.

    Ilse, Tomczak, Welling: Attention-based Deep Multiple Instance Learning (ICML 2018), equation 9: the
    softmax over a patient's pictures of w·(tanh(V h) ⊙ sigmoid(U h)). A row sums to 1 over the patient's
    own pictures and is 0 for the others. ``whose`` (N,) int64 numbers the patient of each picture.
    """

    def __init__(self, inputs: int, width: int = ATTENTION_WIDTH) -> None:
        super().__init__()
        self.content = nn.Linear(inputs, width)
        self.gate = nn.Linear(inputs, width)
        self.score = nn.Linear(width, 1, bias=False)

    def forward(self, vectors: Tensor, whose: Tensor, patients: int) -> Tensor:
        scores = self.score(torch.tanh(self.content(vectors)) * torch.sigmoid(self.gate(vectors))).T
        own = whose[None] == torch.arange(patients, device=whose.device)[:, None]
        return scores.masked_fill(~own, -torch.inf).softmax(dim=1)


class PatientNetwork(nn.Module):
    """A network of the paper's own, trained on: pictures ``(N, P, H, W)`` of B patients → logits ``(B, 5)``.

    ``picture`` makes a feature vector of each picture (or pair), the attention weighs a patient's vectors,
    and the picture network's own head reads their weighted mean. Without ``whose`` every picture is a
    patient's only one, and the answer is the picture network's.
    """

    def __init__(self, picture: BandClassifier | FusionNetwork) -> None:
        super().__init__()
        self.picture = picture
        width = COMMON if isinstance(picture, FusionNetwork) else FEATURES
        self.attention = GatedAttention(2 * width)

    def forward(self, planes: Tensor, whose: Tensor | None = None) -> Tensor:
        if whose is None:
            logits: Tensor = self.picture(planes)
            return logits
        return self.pooled(self.picture.vectors(planes), whose)[0]

    def pooled(self, vectors: Tensor, whose: Tensor) -> tuple[Tensor, Tensor]:
        """Logits ``(B, 5)`` and weights ``(B, N)`` from the vectors of pictures; every patient of
        0 … B-1 has a picture. In fp32 whatever the precision of the convolutions."""
        with torch.autocast(vectors.device.type, enabled=False):
            weights = self.attention(vectors.float(), whose, int(whose.max()) + 1)
            return self.picture.head(weights @ vectors.float()), weights
