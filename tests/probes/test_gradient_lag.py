"""The band over sequences: percentiles of what each sequence gives when it stands alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from livenet.models.rnn import Rnn
from livenet.pictures import Area, Line
from livenet.probes.context import Context
from livenet.probes.sequences.gradient_lag import lag_norms
from tests.probes.helpers import mark, picture_of, trained

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
    picture = picture_of(one, "gradient_lag", sequences=COUNT)
    band = mark(picture, Area)
    (own,) = (
        m for m in picture.plots[0].marks if isinstance(m, Line) and m.label == "this net, now"
    )
    low, middle, high = np.percentile(alone, [10, 50, 90], axis=0)
    for found, wanted in ((band.low, low), (own.y, middle), (band.high, high)):
        assert found == pytest.approx(wanted, rel=2e-3)


@pytest.mark.parametrize("relative", [False, True])
def test_no_gradient_is_no_line(relative: bool) -> None:
    """Not one of 1e-12: a plain cell that hands nothing on has none from lag 1 on."""
    one = trained(RECALL | {"model": {"cell": "rnn", "hidden": 8}})
    one.parameters()["layers.0.state.weight"].zero_()
    picture = picture_of(one, "gradient_lag", sequences=COUNT, relative=relative)
    (plot,) = picture.plots
    (own,) = (m for m in plot.marks if isinstance(m, Line) and m.label == "this net, now")
    assert own.y[0] > 0
    assert np.isnan(own.y[1:]).all()
    assert plot.note.endswith("none from lag 1 on")
    assert picture.facts["at_end"] == 0.0
    assert plot.y is not None
    for one_mark in plot.marks:
        values = one_mark.y if isinstance(one_mark, Line) else np.array([])
        assert (values[np.isfinite(values)] >= plot.y.low * 0.999).all()


def test_a_tiny_gradient_is_drawn_where_it_is() -> None:
    one = trained(RECALL | {"model": {"cell": "rnn", "hidden": 8}})
    one.parameters()["layers.0.state.weight"].mul_(1e-3)
    picture = picture_of(one, "gradient_lag", sequences=COUNT)
    (own,) = (
        m for m in picture.plots[0].marks if isinstance(m, Line) and m.label == "this net, now"
    )
    assert 0 < own.y[-1] < 1e-12
    assert own.y[-1] == pytest.approx(picture.facts["at_end"], rel=1e-3)
