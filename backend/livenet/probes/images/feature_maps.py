"""The feature maps of each layer for an image, and the class probabilities."""

from __future__ import annotations

from math import ceil, sqrt

import numpy as np
import torch
from numpy.typing import NDArray

from livenet.errors import OptionError
from livenet.pictures import Images, Picture, Plot, grid
from livenet.probes.context import Context
from livenet.probes.images.rows import FeatureMapsOptions
from livenet.probes.images.selection import (
    class_bars,
    images,
    network,
    probabilities,
    selected_image,
    subsampled,
    subsampling_note,
)
from livenet.probes.incomplete import incomplete

MAX_BYTES = 22_000  # of all maps together
MAX_PIXELS = 90_000  # if one map of each layer alone has more: some 2 MB of JSON


def feature_maps(context: Context, options: FeatureMapsOptions) -> Picture:
    """Plots ``input``, ``layer1`` to ``layerL`` and ``classes``. A layer's maps share one scale:
    from 0 if none is negative, else diverging around 0. A vector is drawn as a square, by row.
    Images have ids "l.c". Facts: ``prediction``, ``probability``, ``truth`` (None for a drawing).
    """
    count = len(context.spec.layers)
    if options.layer is not None and options.layer > count:
        raise OptionError(
            f"There is no layer {options.layer}", path="options.layer", hint=f"0 to {count}."
        )
    image = selected_image(context, options)
    with torch.inference_mode():
        trace = network(context).trace(image.pixels)
    wanted = range(1, count) if options.layer is None else [options.layer]
    given = [image.pixels[0]] if options.layer in (None, 0) else []
    given += [trace[number - 1].h[0] for number in wanted if number]
    room, largest = MAX_BYTES // max(1, len(given)), MAX_PIXELS // max(1, len(given))
    maps: list[NDArray[np.float32]] = []
    every = 1
    for h in given:
        if h.ndim == 3:
            h, step = subsampled(h, largest)
            every = max(every, step)
        maps.append(grid(h.cpu().numpy()))
    numbers = ([0] if options.layer in (None, 0) else []) + [n for n in wanted if n]
    most = options.maps
    plots = [_plot(context, number, h, most, room) for number, h in zip(numbers, maps, strict=True)]
    shares = probabilities(trace[-1].h)
    prediction = int(np.argmax(shares))
    plots.append(class_bars(context, shares))
    names = images(context).names
    facts = {
        "prediction": names[prediction],
        "probability": shares[prediction],
        "truth": None if image.label is None else names[image.label],
        "image": image.number,
        **incomplete(subsampling_note(every)),
    }
    return Picture(context.step, tuple(plots), facts)


def _plot(context: Context, number: int, h: NDArray[np.float32], most: int, room: int) -> Plot:
    if number == 0:
        mark = Images(h, ids=("0.0",))
        return Plot("input", (mark,), title="Input", note=_size(h.shape))
    layer = context.spec.layers[number - 1]
    note = _size(h.shape)
    if h.ndim == 1:
        h = _square(h)[None]
    shown = max(1, min(most, len(h), room // (h.shape[1] * h.shape[2])))
    if shown < len(h):
        note = f"{note}, the first {shown}"
    sound = h[np.isfinite(h)]
    peak = float(max(np.abs(sound).max(initial=0.0), 1e-12))
    negative = bool((sound < 0).any())
    mark = Images(
        h[:shown],
        lo=-peak if negative else 0.0,
        hi=peak,
        colors="diverging" if negative else "sequential",
        ids=tuple(f"{number}.{channel}" for channel in range(shown)),
    )
    return Plot(f"layer{number}", (mark,), title=layer.label, note=note)


def _size(shape: tuple[int, ...]) -> str:
    return " × ".join(map(str, shape))


def _square(h: NDArray[np.float32]) -> NDArray[np.float32]:
    """A vector (D,) as rows of a square, filled up with zeros."""
    side = ceil(sqrt(len(h)))
    square = np.zeros((ceil(len(h) / side), side), np.float32)
    square.flat[: len(h)] = h
    return square
