"""The convolutional network once more, in NumPy and float64, as the walk's stages show it.

Nothing is shared with the implementation but the spec and the masks of dropout.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax

from livenet.spec import RunSpec
from livenet.spec.choice import Choice
from livenet.spec.model import cnn
from tests.models.by_hand import VALUES

Floats = NDArray[np.float64]
Mask = Callable[[tuple[int, ...]], Floats]
EPSILON = 1e-5


def convolved(
    h: Floats, w: Floats, b: Floats | None, stride: int, padding: int, dilation: int, wraps: bool
) -> Floats:
    """(B, C_in, H, W) -> (B, C_out, H', W'), position by position."""
    around = ((0, 0), (0, 0), (padding, padding), (padding, padding))
    h = np.pad(h, around, mode="wrap" if wraps else "constant")
    reach = dilation * (w.shape[2] - 1) + 1
    rows, columns = ((size - reach) // stride + 1 for size in h.shape[2:])
    z = np.zeros((len(h), len(w), rows, columns))
    for i in range(rows):
        for j in range(columns):
            top, left = i * stride, j * stride
            patch = h[:, :, top : top + reach : dilation, left : left + reach : dilation]
            z[:, :, i, j] = np.einsum("bcuv,ocuv->bo", patch, w)
    return z if b is None else z + b[:, None, None]


def pooled(h: Floats, kernel: int, stride: int, function: Any) -> Floats:
    rows, columns = ((size - kernel) // stride + 1 for size in h.shape[2:])
    found = np.zeros((*h.shape[:2], rows, columns))
    for i in range(rows):
        for j in range(columns):
            top, left = i * stride, j * stride
            found[:, :, i, j] = function(
                h[:, :, top : top + kernel, left : left + kernel], axis=(2, 3)
            )
    return found


class ByHand:
    """A forward pass over a batch: ``values`` has, by stage and plot, (B, C, H, W) or (B, D).

    ``mask`` gives the masks of dropout in the order of the network, by shape; None in testing.
    """

    def __init__(
        self,
        spec: RunSpec,
        weights: Mapping[str, NDArray[Any]],
        x: Floats,
        training: bool,
        mask: Mask | None,
    ) -> None:
        assert isinstance(spec.model, cnn.Cnn)
        self.model = spec.model
        self.weights = {name: value.astype(np.float64) for name, value in weights.items()}
        self.training, self.mask = training, mask
        self.values: dict[tuple[str, str], Floats] = {}
        h = x.astype(np.float64)
        for place, block in enumerate(self.model.blocks):
            h = self._block(place, block, h)
        place = len(self.model.blocks)
        self.theta = self._keep("output", "z", self._dense(place, h))

    def _keep(self, stage: str, plot: str, value: Floats) -> Floats:
        self.values[stage, plot] = value
        return value

    def _block(self, place: int, block: Any, h: Floats) -> Floats:
        stage, name = f"layer{place + 1}", f"layers.{place}"
        match block:
            case cnn.Conv():
                w, b = self.weights[f"{name}.weight"], self.weights.get(f"{name}.bias")
                wraps = block.padding_mode == "circular"
                z = convolved(h, w, b, block.stride, block.pad, block.dilation, wraps)
                self._keep(stage, "z", z)
            case cnn.DenseBlock():
                z = self._keep(stage, "z", self._dense(place, h))
            case cnn.BatchNorm():
                z = self._keep(stage, "z", self._batch_norm(f"{name}.norm", stage, h))
            case cnn.LayerNorm():
                axes = tuple(range(1, h.ndim))
                mean, variance = h.mean(axes, keepdims=True), h.var(axes, keepdims=True)
                z = self._keep(stage, "z", self._scaled(f"{name}.norm", stage, h, mean, variance))
            case cnn.MaxPool():
                return self._keep(stage, "pool", pooled(h, block.kernel, block.step, np.max))
            case cnn.AvgPool():
                return self._keep(stage, "pool", pooled(h, block.kernel, block.step, np.mean))
            case cnn.GlobalPool():
                return self._keep(stage, "pool", h.mean((2, 3)))
            case cnn.Upsample():
                large = h.repeat(block.factor, axis=2).repeat(block.factor, axis=3)
                return self._keep(stage, "upsample", large)
            case cnn.Flatten():
                return self._keep(stage, "reshape", h.reshape(len(h), -1))
            case cnn.Residual():
                return self._residual(stage, name, block, h)
            case _:
                raise NotImplementedError(block.kind)
        sigma = self._activation(place)
        return z if sigma is None else self._activated(stage, sigma, z)

    def _activation(self, place: int) -> Choice | None:
        blocks = self.model.blocks
        normed = isinstance(blocks[place], cnn.BatchNorm | cnn.LayerNorm)
        if normed:
            before = blocks[place - 1] if place else None
            return self.model.activation if isinstance(before, cnn.Conv | cnn.DenseBlock) else None
        behind = blocks[place + 1] if place + 1 < len(blocks) else None
        return None if isinstance(behind, cnn.BatchNorm | cnn.LayerNorm) else self.model.activation

    def _activated(self, stage: str, sigma: Choice, z: Floats) -> Floats:
        over_channels = sigma.kind == "softmax"
        s = softmax(z, axis=1) if over_channels else VALUES[sigma.kind](z, sigma.knobs)
        self._keep(stage, "h", s)
        if self.mask is None:
            return s
        return self._keep(stage, "dropout", s * self.mask(s.shape))

    def _dense(self, place: int, h: Floats) -> Floats:
        w, b = (self.weights.get(f"layers.{place}.{one}") for one in ("weight", "bias"))
        assert w is not None
        z: Floats = h.reshape(len(h), -1) @ w.T
        return z if b is None else z + b

    def _batch_norm(self, name: str, stage: str, h: Floats) -> Floats:
        axes = (0, *range(2, h.ndim))
        shape = (1, -1, *[1] * (h.ndim - 2))
        if self.training and h.size > h.shape[1]:
            mean, variance = h.mean(axes, keepdims=True), h.var(axes, keepdims=True)
        else:
            mean = self.weights[f"{name}.mean"].reshape(shape)
            variance = self.weights[f"{name}.variance"].reshape(shape)
        return self._scaled(name, stage, h, mean, variance)

    def _scaled(self, name: str, stage: str, h: Floats, mean: Floats, variance: Floats) -> Floats:
        shape = (1, -1, *[1] * (h.ndim - 2))
        normal = self._keep(stage, "normal", (h - mean) / np.sqrt(variance + EPSILON))
        gamma, beta = (self.weights[f"{name}.{one}"].reshape(shape) for one in ("weight", "bias"))
        return gamma * normal + beta

    def _residual(self, stage: str, name: str, block: cnn.Residual, x: Floats) -> Floats:
        h = x
        for part in range(block.depth):
            here = f"{stage}.{part + 1}"
            if block.norm == "batch":
                h = self._batch_norm(f"{name}.norms.{part}", f"{here}.norm", h)
                self._keep(f"{here}.norm", "z", h)
            h = self._activated(here, self.model.activation, h)
            w = self.weights[f"{name}.convs.{part}.weight"]
            b = self.weights.get(f"{name}.convs.{part}.bias")
            h = self._keep(here, "z", convolved(h, w, b, 1, w.shape[2] // 2, 1, False))
        if not block.skip:
            return h
        projection = self.weights.get(f"{name}.projection")
        if projection is not None:
            x = self._keep(f"{stage}.sum", "z", convolved(x, projection, None, 1, 0, 1, False))
        return self._keep(f"{stage}.sum", "sum", x + h)
