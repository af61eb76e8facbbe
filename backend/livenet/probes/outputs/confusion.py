"""The confusion matrix: the number of examples by true and predicted class."""

from __future__ import annotations

import numpy as np

from livenet.pictures import Matrix, Picture, Plot, grid
from livenet.probes.context import Context
from livenet.probes.incomplete import incomplete
from livenet.probes.outputs.evaluated import evaluated
from livenet.probes.outputs.rows import ConfusionOptions
from livenet.spec.data import Images


def confusion(context: Context, options: ConfusionOptions) -> Picture:
    """One plot, ``confusion``: counts (K, K), a row for each true class, a column for each
    predicted one, over the examples that the series uses. Facts: ``accuracy``, ``examples``, and
    ``recall``: the share of each class that is predicted correctly."""
    data = context.spec.data
    part = options.part if len(context.parts[options.part][0]) else "train"
    found = evaluated(context, part)
    predicted = context.likelihood.mode(found.theta).cpu().numpy().astype(np.int64)
    truth = found.y.cpu().numpy().astype(np.int64)
    classes = data.classes
    counts = np.bincount(truth * classes + predicted, minlength=classes**2)
    counts = counts.reshape(classes, classes)
    names = data.names if isinstance(data, Images) else tuple(map(str, range(classes)))
    mark = Matrix(
        grid(counts),
        float(max(1, counts.max())),
        rows="true",
        columns="predicted",
        colors="sequential",
        row_labels=names,
        column_labels=names,
    )
    recall = counts.diagonal() / np.maximum(1, counts.sum(axis=1))
    facts = {
        "accuracy": float(counts.trace() / max(1, counts.sum())),
        "examples": int(counts.sum()),
        "recall": {name: float(share) for name, share in zip(names, recall, strict=True)},
        **incomplete(found.missing),
    }
    plot = Plot("confusion", (mark,), title=f"{counts.sum():,} {part} examples")
    return Picture(context.step, (plot,), facts)
