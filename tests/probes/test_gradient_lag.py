"""The band over sequences: percentiles of what each sequence gives when it stands alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from livenet.models.rnn import Rnn
from livenet.pictures import Area, Line
from livenet.probes.context import Context
from livenet.probes.gradient_lag import lag_norms
from tests.probes.looking import mark, seen, trained

RECALL: dict[str, Any] = {
    "data": {"kind": "delayed_recall", "samples": 60, "delay": 6},
    "model": {"cell": "lstm", "hidden": 8},
}
WAVES: dict[str, Any] = {"data": {"kind": "waves", "samples": 60, "length": 8}}
COUNT = 5


@pytest.mark.parametrize("document", [RECALL, WAVES], ids=["symbols", "numbers"])
def test_the_band_is_of_single_sequences(document: dict[str, Any]) -> None:
    one = trained(document)
    context = Context.of(one)
    assert isinstance(context.model, Rnn)
    x, y = one.parts["test"]
    alone = [
        lag_norms(context.model, context.likelihood, x[n : n + 1], y[n : n + 1], 1)[0]
        for n in range(COUNT)
    ]
    assert np.ptp(alone, axis=0).min() > 0
    picture = seen(one, "gradient_lag", sequences=COUNT)
    band = mark(picture, Area)
    (own,) = (
        m for m in picture.plots[0].marks if isinstance(m, Line) and m.label == "this net, now"
    )
    low, middle, high = np.percentile(alone, [10, 50, 90], axis=0)
    for found, wanted in ((band.low, low), (own.y, middle), (band.high, high)):
        assert found == pytest.approx(wanted, rel=2e-3)
