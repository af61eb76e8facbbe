"""Selects what an image probe shows: the image, a layer by its number, some pixels of its maps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from livenet.errors import OptionError
from livenet.models.cnn import Cnn
from livenet.pictures import Bars, Plot, grid
from livenet.probes.context import Context, payable
from livenet.probes.images.rows import OneImage
from livenet.probes.incomplete import full
from livenet.spec.cost import evaluated, forward_flops
from livenet.spec.data import Images

MIN_EXAMPLES = 50  # examples


@dataclass(frozen=True)
class SelectedImage:
    """One image (1, 1, H, W), the number of its class, and its own number; None for a drawing."""

    pixels: Tensor
    label: int | None
    number: int | None


def network(context: Context) -> Cnn:
    assert isinstance(context.model, Cnn)
    return context.model


def images(context: Context) -> Images:
    assert isinstance(context.spec.data, Images)
    return context.spec.data


def shown_part(context: Context) -> str:
    """The test part; the training part if nothing is held out."""
    return "test" if len(context.data.test_x) else "train"


def selected_image(context: Context, options: OneImage) -> SelectedImage:
    """The image that the options name. Raises OptionError if it does not exist."""
    side = images(context).side
    if options.drawing is not None:
        if len(options.drawing) != side * side:
            raise OptionError(
                f"drawing has {len(options.drawing)} numbers; images of this run have "
                f"{side} × {side} = {side * side}",
                path="options.drawing",
                hint="Give every pixel, row by row from the top.",
            )
        if not all(0.0 <= value <= 1.0 for value in options.drawing):
            raise OptionError(
                "drawing has a number outside 0 to 1",
                path="options.drawing",
                hint="0 is paper, 1 is full ink.",
            )
        pixels = torch.tensor(options.drawing, device=context.device)
        return SelectedImage(pixels.view(1, 1, side, side), None, None)
    x, y = context.parts[shown_part(context)]
    if options.image >= len(x):
        raise OptionError(
            f"There is no image {options.image}",
            path="options.image",
            hint=f"0 to {len(x) - 1}.",
        )
    return SelectedImage(x[options.image : options.image + 1], int(y[options.image]), options.image)


def affordable(context: Context, part: str) -> int:
    """The number of a part's examples that a picture uses: as many as a row of the series, or as
    the cost model estimates can be evaluated in time."""
    rows = dict(zip(("train", "test"), evaluated(context.spec), strict=True))[part]
    return min(rows, max(MIN_EXAMPLES, payable(forward_flops(context.spec))))


def layer_at(context: Context, given: int | None, fitting: list[int], noun: str) -> int:
    """The number (from 1) of a layer: the given one, or the first that fits.

    Raises OptionError if the given one does not fit.
    """
    if given is None:
        return fitting[0]
    if given in fitting:
        return given
    labels = [layer.label for layer in context.spec.layers]
    named = ", ".join(f"{number} ({labels[number - 1]})" for number in sorted(fitting))
    message = f"Layer {given} has no {noun}"
    if given > len(labels):
        message = f"There is no layer {given}"
    raise OptionError(message, path="options.layer", hint=f"Give {named}.")


def index_at(given: int | None, count: int, usual: int, name: str) -> int:
    """An index among ``count``. Raises OptionError beyond them."""
    if given is None:
        return usual
    if given >= count:
        raise OptionError(
            f"There is no {name} {given}", path=f"options.{name}", hint=f"0 to {count - 1}."
        )
    return given


def subsampled(maps: Tensor, most: int) -> tuple[Tensor, int]:
    """Maps (C, H, W) reduced to every k-th row and column, so that each has at most ``most``
    pixels; and k, which is 1 if they have no more."""
    every = 1
    while -(-maps.shape[1] // every) * -(-maps.shape[2] // every) > most:
        every += 1
    return maps[:, ::every, ::every], every


def subsampling_note(every: int) -> str:
    """A text that states what is left out of subsampled maps."""
    if every == 1:
        return ""
    what = f"One pixel of every {every} × {every} of large maps"
    return full(what, "Take a model whose maps are smaller.")


def probabilities(theta: Tensor) -> list[float]:
    """softmax(θ) of one image, θ (1, K)."""
    return [float(p) for p in theta[0].double().softmax(0)]


def class_bars(context: Context, shares: list[float]) -> Plot:
    """The class probabilities as bars, one per class."""
    names = images(context).names
    bars = Bars(grid(np.array(shares)), names, horizontal=True)
    return Plot("classes", (bars,), title="p(y | x)")
