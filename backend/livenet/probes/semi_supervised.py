"""A classifier from few labels: on the code z, which took no label to learn, and on the raw image.

The autoencoder has seen all training images, but no label. A few labels of each class are drawn,
one logistic regression is fitted to the codes of those images and another to their pixels, and both
are asked for test images; and that several times, with other labels.

Where raw pixels are clean a linear classifier does well on them, and a narrow code only loses some
of what they say. A code is worth having where pixels say much that is not the class, such as noise:
a few labels do not tell one from the other, but all images together do.
"""

from __future__ import annotations

from functools import lru_cache
from math import ceil, floor

import numpy as np

from livenet.data import load
from livenet.errors import OptionError
from livenet.pictures import Area, Axis, Line, Mark, Picture, Plot, grid
from livenet.probes.codes import MOST_CODES, Array, Floats, class_names, codes, shown_part
from livenet.probes.context import Context, payable
from livenet.probes.logistic import fit
from livenet.probes.rows.autoencoders import SemiSupervisedOptions
from livenet.spec.data import DataKind

POOL = 2000  # training images among which labels are drawn
FITTING = 1000  # operations for each row, class and pixel that a classifier is fitted to
FITTING_SECONDS = 3.0  # once for a data set: what is fitted to pixels is kept
AT_ONCE = 2_000_000  # numbers of the inputs that are fitted together: 16 MB

Scores = Floats
"""Accuracies (counts of labels, draws)."""


def semi_supervised(context: Context, options: SemiSupervisedOptions) -> Picture:
    """One plot, ``accuracy``: accuracy on test images against labels a class, for z and for x; a
    line of means and a band of one standard deviation over the draws. Facts: the same
    numbers, ``z`` and ``x``, each [labels, mean, standard deviation] by row."""
    counts, tested = tuple(sorted(set(options.labels))), shown_part(context)
    _check(context, counts, options.draws)
    pool, test = codes(context, "train", POOL), codes(context, tested, MOST_CODES)
    centre = pool.mean.mean(0)
    # One scale for all: a dimension that says nothing must not be blown up to the size of others.
    spread = max(float(np.sqrt(np.square(pool.mean - centre).sum(1).mean())), 1e-6)
    z, asked = ((part.mean - centre) * (np.sqrt(centre.size) / spread) for part in (pool, test))
    on_z = scores(z, pool.classes, asked, test.classes, counts, options.draws, options.seed)
    on_x = _on_pixels(context.spec.data, tested, counts, options.draws, options.seed)
    marks = [
        *_marks(counts, on_x, "second", "on x"),
        *_marks(counts, on_z, "accent", "on z"),
    ]
    plot = Plot(
        "accuracy",
        tuple(marks),
        title="Accuracy on test images",
        note=f"± σ over {options.draws} draws",
        x=Axis("labels a class", counts[0] / 1.15, counts[-1] * 1.15, scale="log"),
        y=_ends(np.concatenate([on_x, on_z])),
    )
    facts = {"z": _table(counts, on_z), "x": _table(counts, on_x), "draws": options.draws}
    return Picture(context.step, (plot,), facts)


def _check(context: Context, counts: tuple[int, ...], draws: int) -> None:
    """Raises OptionError where the classifiers would keep a worker from everything else."""
    images = context.parts["train"][0]
    classes, pixels = len(class_names(context)), images[0].numel()
    rows = sum(min(classes * count, POOL, len(images)) for count in counts)
    most = payable(FITTING * rows * classes * pixels, FITTING_SECONDS)
    if draws > most:
        raise OptionError(
            f"{draws} draws of {', '.join(map(str, counts))} labels a class take too long to fit",
            path="options.draws",
            hint=f"Ask for {most} draws at most, or for fewer labels.",
        )


def labelled(classes: Array, count: int, seed: int) -> Array:
    """Row numbers of so many examples of each class (of all, where there are fewer)."""
    draw = np.random.default_rng([seed, 2])
    rows = [draw.permutation(np.flatnonzero(classes == c))[:count] for c in np.unique(classes)]
    return np.concatenate(rows)


def scores(
    x: Floats, y: Array, test_x: Floats, test_y: Array, counts: tuple[int, ...], draws: int,
    seed: int,
) -> Scores:  # fmt: skip
    """Accuracies on (test_x, test_y), from so many labels a class of (x, y), draw by draw."""
    found = np.empty((len(counts), draws))
    for i, count in enumerate(counts):
        rows = np.stack([labelled(y, count, seed + k) for k in range(draws)])
        found[i] = (_classified(x, y, rows, test_x) == test_y).mean(1)
    return found


def _classified(x: Floats, y: Array, rows: Array, asked: Floats) -> Array:
    """The classes (draws, N) that a logistic regression on each draw's rows gives to others."""
    names, classes = np.unique(y, return_inverse=True)
    found = np.empty((len(rows), len(asked)), dtype=names.dtype)
    if not np.isfinite(x).all() or not np.isfinite(asked).all():
        found[:] = names[0]
        return found
    together = max(1, AT_ONCE // (rows.shape[1] * x.shape[1]))
    for first in range(0, len(rows), together):
        some = slice(first, first + together)
        weights, biases = fit(x[rows[some]], classes[rows[some]], len(names))
        found[some] = names[(asked @ weights + biases).argmax(2)]
    return found


@lru_cache(maxsize=16)
def _on_pixels(spec: DataKind, part: str, counts: tuple[int, ...], draws: int, seed: int) -> Scores:
    """The same on raw images, which no training changes: once for a data set."""
    data = load(spec)
    x, y = data.train_x[:POOL], data.train_y[:POOL]
    test_x, test_y = (data.test_x, data.test_y) if part == "test" else (data.train_x, data.train_y)
    flat, asked = (
        images.reshape(len(images), -1).astype(np.float64) for images in (x, test_x[:MOST_CODES])
    )
    return scores(flat, y, asked, test_y[:MOST_CODES], counts, draws, seed)


def _ends(found: Scores) -> Axis:
    """An axis of accuracies around these, in whole tenths."""
    low, high = floor(10 * (found.min() - 0.02)), ceil(10 * (found.max() + 0.02))
    return Axis("accuracy", max(0, low) / 10, min(10, high) / 10)


def _marks(counts: tuple[int, ...], found: Scores, color: str, label: str) -> list[Mark]:
    x, mean, spread = grid(np.array(counts)), found.mean(1), found.std(1)
    return [
        Area(x, grid(mean - spread), grid(np.minimum(mean + spread, 1.0)), color=color),
        Line(x, grid(mean), color=color, label=label, width=2.0),
    ]


def _table(counts: tuple[int, ...], found: Scores) -> list[list[float]]:
    return [
        [count, round(float(row.mean()), 4), round(float(row.std()), 4)]
        for count, row in zip(counts, found, strict=True)
    ]
