"""A convolutional network's layers in numbers: what each block makes of an image, from its spec.

The size after a window that moves is ⌊(w + 2p − d(k−1) − 1)/s⌋ + 1, once a side.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, Any

from livenet.errors import SpecError
from livenet.spec.choice import Choice
from livenet.spec.data.images import Images
from livenet.spec.layer import LayerShape, Shape
from livenet.spec.model.cnn import (
    AvgPool,
    BatchNorm,
    Block,
    Cnn,
    Conv,
    DenseBlock,
    Flatten,
    GlobalPool,
    LayerNorm,
    MaxPool,
    Residual,
    Upsample,
)

if TYPE_CHECKING:
    from livenet.spec.run import RunSpec

SHORT = {
    "conv": "Conv",
    "max_pool": "Max pool",
    "avg_pool": "Mean pool",
    "upsample": "Upsample",
    "batch_norm": "Batch norm",
    "layer_norm": "Layer norm",
    "residual": "Residual",
    "flatten": "Flatten",
    "global_pool": "Global pool",
    "dense": "Dense",
}
NORM_FLOPS = 8  # a value, about


def cnn_layers(spec: RunSpec) -> tuple[LayerShape, ...]:
    """One layer a block, ``layers.{place}``, then the linear output.

    Raises SpecError for a block that is invalid at its position.
    """
    model, data = spec.model, spec.data
    assert isinstance(model, Cnn)
    assert isinstance(data, Images)
    shape: Shape = (1, data.side, data.side)
    found: list[LayerShape] = []
    for place, (block, label) in enumerate(zip(model.blocks, _labels(model), strict=True)):
        where = _Place(model, place, shape, label)
        found.append(LAYERS[type(block)](where, block))
        shape = found[-1].output
    output = _Place(model, len(model.blocks), shape, "Output")
    found.append(output.dense(spec.outputs, last=True))
    return tuple(found)


def check_norms(spec: RunSpec) -> None:
    """Raises SpecError where every minibatch has one value a channel for a batch norm: it has no
    variance, so that the layer would be another one. A lone last minibatch of an epoch may."""
    layers = spec.layers  # raises for a block that is invalid at its position
    if spec.batch_size > 1:
        return
    assert isinstance(spec.model, Cnn)
    for place, block in enumerate(spec.model.blocks):
        over = isinstance(block, BatchNorm) or (
            isinstance(block, Residual) and block.norm == "batch"
        )
        if over and place and prod(layers[place - 1].output[1:]) == 1:
            where = _Place(spec.model, place, layers[place - 1].output, layers[place].label)
            raise where.refuse(
                "has one value a channel in a minibatch of 1, which has no variance",
                "Take a training.batch_size of 2 or more, or a layer norm.",
            )


def _labels(model: Cnn) -> Iterator[str]:
    """Short, with a number where the net has several of the kind."""
    several = Counter(block.kind for block in model.blocks)
    met: Counter[str] = Counter()
    for block in model.blocks:
        met[block.kind] += 1
        number = f" {met[block.kind]}" if several[block.kind] > 1 else ""
        yield SHORT[block.kind] + number


def activation_of(model: Cnn, place: int) -> Choice | None:
    """The σ of the block at a place: that of a convolution or dense layer, or, where a norm stands
    right behind one, the norm's, so that σ sees what is normalised; else None."""
    block = model.blocks[place]
    if isinstance(block, Conv | DenseBlock):
        behind = model.blocks[place + 1] if place + 1 < len(model.blocks) else None
        return None if isinstance(behind, BatchNorm | LayerNorm) else model.activation
    if isinstance(block, BatchNorm | LayerNorm) and place > 0:
        before = model.blocks[place - 1]
        return model.activation if isinstance(before, Conv | DenseBlock) else None
    return None


@dataclass(frozen=True)
class _Place:
    """A position in the list of blocks, and the shape of its input."""

    model: Cnn
    place: int
    shape: Shape
    label: str

    @property
    def name(self) -> str:
        return f"layers.{self.place}"

    def layer(self, output: Shape, flops: int, **more: Any) -> LayerShape:
        block = self.model.blocks[self.place]
        chosen = activation_of(self.model, self.place)
        activation = chosen.document() if chosen else "linear"
        rest = {"formula": block.formula, "activation": activation, **more}
        return LayerShape(self.name, self.label, block.kind, output, flops, **rest)

    def refuse(self, message: str, hint: str) -> SpecError:
        path = f"model.blocks.{self.place}"
        kind = self.model.blocks[self.place].kind
        return SpecError(f"{path} ({kind}) {message}", path=path, hint=hint)

    def image(self) -> tuple[int, int, int]:
        """(C, H, W) of the input, which must be feature maps."""
        if len(self.shape) != 3:
            raise self.refuse(
                f"needs feature maps, but what comes in is a vector of {self.shape[0]:,}",
                "Put it before the block that flattens (flatten, global_pool or dense).",
            )
        channels, height, width = self.shape
        return channels, height, width

    def moved(self, kernel: int, stride: int, padding: int = 0, dilation: int = 1) -> int:
        """The side after a window has moved over the image."""
        side = self.image()[1]
        reach = dilation * (kernel - 1) + 1
        if side + 2 * padding < reach:
            wide = f"{side} × {side} pixels"
            padded = f" (with padding {side + 2 * padding})" if padding else ""
            raise self.refuse(
                f"reaches over {reach} pixels, but only {wide}{padded} come in",
                "Take a smaller kernel or dilation, more padding, or fewer blocks that shrink the "
                "image before it.",
            )
        return (side + 2 * padding - reach) // stride + 1

    def dense(self, units: int, last: bool = False) -> LayerShape:
        d_in, name, bias = prod(self.shape), self.name, self.model.bias
        tensors: dict[str, Shape] = {f"{name}.weight": (units, d_in)}
        if bias:
            tensors[f"{name}.bias"] = (units,)
        flops = 2 * (d_in * units + (units if bias else 0))
        terms = f"{d_in}\\cdot{units}" + (f"+{units}" if bias else "")
        if last:
            return LayerShape(
                name, self.label, "dense", (units,), flops, tensors, terms, formula="Wh+b"
            )
        return self.layer((units,), flops, tensors=tensors, terms=terms)


def _size(w: int, kernel: int, stride: int, padding: int, dilation: int, after: int) -> str:
    top = rf"{w}+2\cdot{padding}-{dilation}\,({kernel}-1)-1"
    return rf"\left\lfloor\frac{{{top}}}{{{stride}}}\right\rfloor+1={after}"


def _conv(where: _Place, block: Conv) -> LayerShape:
    channels, side, _ = where.image()
    if block.padding_mode == "circular" and block.pad > side:
        raise where.refuse(
            f"has a circular padding of {block.pad}, more than the {side} pixels of its input",
            f"Take a padding of at most {side}, or zeros.",
        )
    after = where.moved(block.kernel, block.stride, block.pad, block.dilation)
    name, bias, k = where.name, where.model.bias, block.kernel
    tensors: dict[str, Shape] = {f"{name}.weight": (block.channels, channels, k, k)}
    if bias:
        tensors[f"{name}.bias"] = (block.channels,)
    return where.layer(
        (block.channels, after, after),
        2 * (k * k * channels + (1 if bias else 0)) * block.channels * after * after,
        tensors=tensors,
        terms=_terms(k, channels, block.channels, bias),
        size=_size(side, k, block.stride, block.pad, block.dilation, after),
        calls=2,
    )


def _terms(kernel: int, before: int, after: int, bias: bool) -> str:
    return f"{kernel}\\cdot{kernel}\\cdot{before}\\cdot{after}" + (f"+{after}" if bias else "")


def _pool(where: _Place, block: MaxPool | AvgPool) -> LayerShape:
    channels, side, _ = where.image()
    after = where.moved(block.kernel, block.step)
    flops = block.kernel**2 * channels * after * after
    size = _size(side, block.kernel, block.step, 0, 1, after)
    return where.layer((channels, after, after), flops, size=size)


def _upsample(where: _Place, block: Upsample) -> LayerShape:
    channels, side, _ = where.image()
    after = side * block.factor
    size = rf"{side}\cdot{block.factor}={after}"
    return where.layer((channels, after, after), channels * after * after, size=size)


def _norm(where: _Place, block: BatchNorm | LayerNorm) -> LayerShape:
    before = where.model.blocks[where.place - 1] if where.place else None
    if isinstance(before, BatchNorm | LayerNorm):
        raise where.refuse("follows another norm, whose work it would do again", "Leave one out.")
    if block.kind == "layer_norm" and prod(where.shape) == 1:
        raise where.refuse(
            "would normalise a single number, which is then always 0", "Leave it out."
        )
    name, width = where.name, where.shape[0]
    return where.layer(
        where.shape,
        NORM_FLOPS * prod(where.shape),
        tensors={f"{name}.norm.weight": (width,), f"{name}.norm.bias": (width,)},
        terms=f"2\\cdot{width}",
        calls=3,
    )


def _residual(where: _Place, block: Residual) -> LayerShape:
    before, side, _ = where.image()
    if block.kernel % 2 == 0:
        raise where.refuse(
            f"has a kernel of {block.kernel}; only an odd one keeps the size, so that f(h) can be "
            "added to h",
            f"Take {block.kernel - 1} or {block.kernel + 1}.",
        )
    name, bias, k, after = where.name, where.model.bias, block.kernel, block.channels
    tensors: dict[str, Shape] = {}
    terms: list[str] = []
    flops, channels = 0, before
    for number in range(block.depth):
        if block.norm == "batch":
            tensors[f"{name}.norms.{number}.weight"] = (channels,)
            tensors[f"{name}.norms.{number}.bias"] = (channels,)
            terms.append(f"2\\cdot{channels}")
            flops += NORM_FLOPS * channels * side * side
        tensors[f"{name}.convs.{number}.weight"] = (after, channels, k, k)
        if bias:
            tensors[f"{name}.convs.{number}.bias"] = (after,)
        terms.append(_terms(k, channels, after, bias))
        flops += 2 * (k * k * channels + (1 if bias else 0)) * after * side * side
        channels = after
    if block.skip and before != after:
        tensors[f"{name}.projection"] = (after, before, 1, 1)
        terms.append(f"{before}\\cdot{after}")
        flops += 2 * before * after * side * side
    return where.layer(
        (after, side, side),
        flops + (after * side * side if block.skip else 0),
        tensors=tensors,
        terms="+".join(terms),
        size=_size(side, k, 1, (k - 1) // 2, 1, side),
        activation=where.model.activation.document(),
        residual=block.skip,
        calls=block.depth * (5 if block.norm == "batch" else 2) + 1,
        formula=_residual_formula(block, before),
    )


def _residual_formula(block: Residual, before: int) -> str:
    f = "f(h)"
    if not block.skip:
        return f
    return f"h+{f}" if before == block.channels else f"Ph+{f}"


def _flatten(where: _Place, block: Flatten) -> LayerShape:
    channels, height, width = where.image()
    size = rf"{channels}\cdot{height}\cdot{width}={prod(where.shape)}"
    return where.layer((prod(where.shape),), 0, size=size)


def _global_pool(where: _Place, block: GlobalPool) -> LayerShape:
    return where.layer((where.image()[0],), prod(where.shape))


def _dense(where: _Place, block: DenseBlock) -> LayerShape:
    return where.dense(block.units)


LAYERS: dict[type[Block], Callable[[_Place, Any], LayerShape]] = {
    Conv: _conv,
    MaxPool: _pool,
    AvgPool: _pool,
    Upsample: _upsample,
    BatchNorm: _norm,
    LayerNorm: _norm,
    Residual: _residual,
    Flatten: _flatten,
    GlobalPool: _global_pool,
    DenseBlock: _dense,
}
