"""The share of each class that is found, counted by hand."""

from __future__ import annotations

import pytest
import torch

from tests.probes.helpers import picture_of, trained


def test_recall_is_the_share_of_the_true_ones() -> None:
    one = trained({"data": {"kind": "digits", "samples": 400}}, steps=40)
    x, y = one.parts["test"]
    with torch.no_grad():
        said = one.model(x).argmax(1)
    recall = {str(c): float(((said == c) & (y == c)).sum() / (y == c).sum()) for c in range(10)}
    assert len(set(recall.values())) > 3
    assert picture_of(one, "confusion").facts["recall"] == pytest.approx(recall)
