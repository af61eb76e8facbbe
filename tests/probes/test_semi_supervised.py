"""Labels are drawn anew for each draw, and the picture tells the spread of what came of it."""

from __future__ import annotations

import numpy as np

from livenet.pictures import Area, Line
from livenet.probes.autoencoders.semi_supervised import labelled, scores
from tests.probes.helpers import picture_of, trained

RANDOM = np.random.default_rng(0)
Y = RANDOM.integers(0, 3, 120)
X = RANDOM.normal(0, 1, (120, 2)) + 1.5 * np.eye(3)[Y][:, :2]


def test_every_draw_has_labels_of_its_own() -> None:
    drawn = {tuple(sorted(labelled(Y, 4, seed).tolist())) for seed in range(5)}
    assert len(drawn) == 5
    found = scores(X, Y, X, Y, (2,), 8, 0)
    assert found.shape == (1, 8)
    assert len(np.unique(found)) > 1
    # The first draw of a seed is the second of the one before it.
    assert scores(X, Y, X, Y, (2,), 1, 3)[0, 0] == found[0, 3]


def test_the_band_is_one_standard_deviation() -> None:
    picture = picture_of(
        trained({"data": {"kind": "digits", "samples": 200}, "model": {"kind": "vae"}}),
        "semi_supervised",
        labels=[1, 2],
        draws=3,
    )
    for name, color in (("z", "accent"), ("x", "second")):
        marks = [m for m in picture.plots[0].marks if isinstance(m, Area | Line)]
        area, line = (m for m in marks if m.color == color)
        assert isinstance(area, Area)
        assert isinstance(line, Line)
        mean, sigma = np.array(picture.facts[name])[:, 1:].T
        assert np.allclose(line.y, mean, atol=1e-4)
        assert np.allclose(area.low, mean - sigma, atol=2e-4)
        assert np.allclose(area.high, np.minimum(mean + sigma, 1.0), atol=2e-4)
        assert sigma.max() > 0
