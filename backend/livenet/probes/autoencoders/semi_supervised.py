"""A classifier from few labels: on the code z, learnt without labels, and on the raw image.

The autoencoder has seen all training images, but no label. A few labels of each class are drawn,
one logistic regression is fitted to the codes of those images and another to their pixels, and both
classify test images. This is repeated several times, with other labels.

On clean pixels a linear classifier does well, and a narrow code only loses information. A code
helps if pixels contain much that is unrelated to the class, such as noise: a few labels do not
separate the two, but all images together do.
"""

from __future__ import annotations

from collections import OrderedDict
from math import ceil, floor

import numpy as np

from livenet.budget import Budget
from livenet.errors import OptionError
from livenet.pictures import Area, Axis, Line, Mark, Picture, Plot, Role, grid
from livenet.probes.autoencoders.codes import (
    MAX_CODES,
    Array,
    Floats,
    class_names,
    codes,
    shown_part,
)
from livenet.probes.autoencoders.logistic import fit
from livenet.probes.autoencoders.rows import SemiSupervisedOptions
from livenet.probes.context import Context, payable
from livenet.probes.incomplete import incomplete, late

POOL = 2000  # training images from which labels are drawn
FITTING = 1000  # operations for each row, class and pixel that a classifier is fitted to
KEPT = 128  # counts of labels with cached accuracies on pixels
FITTING_SECONDS = 3.0  # once per data set: accuracies on pixels are cached
AT_ONCE = 2_000_000  # numbers of the inputs that are fitted together: 16 MB

Scores = Floats
"""Accuracies (counts of labels, draws)."""


def semi_supervised(context: Context, options: SemiSupervisedOptions) -> Picture:
    """One plot, ``accuracy``: accuracy on test images against labels per class, for z and for x; a
    line of means and a band of one standard deviation over the draws. Facts: the same numbers,
    ``z`` and ``x``, each with rows [labels, mean, standard deviation]; only the first counts of
    labels if the budget ends."""
    counts, tested = tuple(sorted(set(options.labels))), shown_part(context)
    _check(context, counts, options.draws)
    pool = codes(context, "train", POOL, context.budget.share(0.3))
    test = codes(context, tested, MAX_CODES, context.budget.share(0.3))
    centre = pool.mean.mean(0)
    # One scale for all: an uninformative dimension must not be enlarged to the size of others.
    spread = max(float(np.sqrt(np.square(pool.mean - centre).sum(1).mean())), 1e-6)
    z, queries = ((part.mean - centre) * (np.sqrt(centre.size) / spread) for part in (pool, test))
    on_z = scores(
        z, pool.classes, queries, test.classes, counts, options.draws, options.seed,
        context.budget.share(0.5),
    )  # fmt: skip
    on_x = _on_pixels(context, tested, counts, options.draws, options.seed)
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
    facts = {
        "z": _table(counts, on_z),
        "x": _table(counts, on_x),
        "draws": options.draws,
        **incomplete(
            pool.missing,
            test.missing,
            _missing(context, counts, on_z, "z"),
            _missing(context, counts, on_x, "x"),
        ),
    }
    return Picture(context.step, (plot,), facts)


def _missing(context: Context, counts: tuple[int, ...], found: Scores, name: str) -> str:
    left_out = counts[len(found) :]
    if not left_out:
        return ""
    what = f"Accuracy on {name} without {', '.join(map(str, left_out))} labels a class"
    return late(context, what, "Ask for fewer labels or draws.")


def _check(context: Context, counts: tuple[int, ...], draws: int) -> None:
    """Raises OptionError if fitting the classifiers would block a worker too long."""
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
    """Row numbers of ``count`` examples of each class (of all if there are fewer)."""
    draw = np.random.default_rng([seed, 2])
    rows = [draw.permutation(np.flatnonzero(classes == c))[:count] for c in np.unique(classes)]
    return np.concatenate(rows)


def scores(
    x: Floats, y: Array, test_x: Floats, test_y: Array, counts: tuple[int, ...], draws: int,
    seed: int, budget: Budget | None = None,
) -> Scores:  # fmt: skip
    """Accuracies on (test_x, test_y), from each count of labels per class of (x, y), by draw; only
    for the first counts if the budget ends."""
    if budget is None:
        budget = Budget.unlimited()
    found = []
    for count in counts:
        row = _score(x, y, test_x, test_y, count, draws, seed, budget)
        if row is None:
            break
        found.append(row)
    return np.array(found).reshape(-1, draws)


def _score(
    x: Floats, y: Array, test_x: Floats, test_y: Array, count: int, draws: int, seed: int,
    budget: Budget,
) -> Floats | None:  # fmt: skip
    """Accuracies of one count (draws,); None if the budget ends first."""
    rows = np.stack([labelled(y, count, seed + k) for k in range(draws)])
    taken = _classified(x, y, rows, test_x, budget)
    return None if taken is None else (taken == test_y).mean(1)


def _classified(x: Floats, y: Array, rows: Array, queries: Floats, budget: Budget) -> Array | None:
    """The classes (draws, N) that a logistic regression on each draw's rows predicts; None if the
    budget ends first."""
    names, classes = np.unique(y, return_inverse=True)
    found = np.empty((len(rows), len(queries)), dtype=names.dtype)
    if not np.isfinite(x).all() or not np.isfinite(queries).all():
        found[:] = names[0]
        return found
    together = max(1, AT_ONCE // (rows.shape[1] * x.shape[1]))
    for first in range(0, len(rows), together):
        if budget.spent:
            return None
        some = slice(first, first + together)
        fitted = fit(x[rows[some]], classes[rows[some]], len(names), budget)
        if fitted is None:
            return None
        weights, biases = fitted
        found[some] = names[(queries @ weights + biases).argmax(2)]
    return found


_pixels: OrderedDict[tuple[object, ...], Floats] = OrderedDict()
"""Accuracies on raw images (draws,), which do not change with training: once per data set. So a
later picture contains what the budget leaves out of one."""


def _on_pixels(
    context: Context, part: str, counts: tuple[int, ...], draws: int, seed: int
) -> Scores:
    """The same on raw images."""
    data = context.data
    x, y = data.train_x[:POOL], data.train_y[:POOL]
    test_x, test_y = (data.test_x, data.test_y) if part == "test" else (data.train_x, data.train_y)
    flat, queries = (
        images.reshape(len(images), -1).astype(np.float64) for images in (x, test_x[:MAX_CODES])
    )
    found = []
    for count in counts:
        key = (context.spec.data, part, count, draws, seed)
        if key not in _pixels:
            row = _score(flat, y, queries, test_y[:MAX_CODES], count, draws, seed, context.budget)
            if row is None:
                break
            _pixels[key] = row
            if len(_pixels) > KEPT:
                _pixels.popitem(last=False)
        found.append(_pixels[key])
    return np.array(found).reshape(-1, draws)


def _ends(found: Scores) -> Axis:
    """An axis of accuracies around these, in whole tenths."""
    if not found.size:
        return Axis("accuracy", 0.0, 1.0)
    low, high = floor(10 * (found.min() - 0.02)), ceil(10 * (found.max() + 0.02))
    return Axis("accuracy", max(0, low) / 10, min(10, high) / 10)


def _marks(counts: tuple[int, ...], found: Scores, color: Role, label: str) -> list[Mark]:
    if not len(found):
        return []
    x, mean, spread = grid(np.array(counts[: len(found)])), found.mean(1), found.std(1)
    return [
        Area(x, grid(mean - spread), grid(np.minimum(mean + spread, 1.0)), color=color),
        Line(x, grid(mean), color=color, label=label, width=2.0),
    ]


def _table(counts: tuple[int, ...], found: Scores) -> list[list[float]]:
    return [
        [count, round(float(row.mean()), 4), round(float(row.std()), 4)]
        for count, row in zip(counts, found, strict=False)
    ]
