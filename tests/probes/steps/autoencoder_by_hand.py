"""Autoencoders once more, in NumPy and float64, as the walk's stages show them.

Nothing is shared with the implementation but the spec, and the random numbers of dropout and ε.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, softmax

from livenet.spec import RunSpec
from livenet.spec.choice import Choice
from livenet.spec.model import Autoencoding
from tests.models.by_hand import VALUES
from tests.probes.steps.cnn_by_hand import Floats, Mask, convolved

Noise = Callable[[tuple[int, ...]], Floats]


class ByHand:
    """A forward pass over a batch of images (B, 1, H, W): ``values`` has, by stage and plot,
    (B, C, H, W) or (B, D). ``noise`` gives ε by shape."""

    def __init__(
        self,
        spec: RunSpec,
        weights: Mapping[str, NDArray[Any]],
        x: Floats,
        mask: Mask | None,
        noise: Noise,
    ) -> None:
        assert isinstance(spec.model, Autoencoding)
        assert isinstance(spec.model.activation, Choice)
        self.sigma: Choice = spec.model.activation
        self.conv = spec.model.form == "conv"
        self.weights = {name: value.astype(np.float64) for name, value in weights.items()}
        self.mask = mask
        self.values: dict[tuple[str, str], Floats] = {}
        depth = len(spec.model.hidden)
        h, sizes = x.astype(np.float64), [x.shape[2]]
        for place in range(depth):
            h = self._linear(f"encoder{place + 1}", f"encoder.{place}", h, stride=2)
            sizes.append(h.shape[-1])
            h = self._dropped(f"encoder{place + 1}", self._activated(f"encoder{place + 1}", h))
        shape = h.shape
        code = self._dense("code", "code", h)
        z = code
        if spec.model.kind == "vae":
            self.mu, self.log_variance = np.split(code, 2, axis=1)
            sigma = self._keep("sample", "sigma", np.exp(0.5 * self.log_variance))
            z = self._keep("sample", "z", self.mu + sigma * noise(self.mu.shape))
        h = z
        for place in range(depth + 1):
            last = place == depth
            stage, name = "pixels" if last else f"decoder{place + 1}", f"decoder.{place}"
            if self.conv and place:
                size = sizes[depth - place]
                nearest = np.arange(size) * h.shape[2] // size
                h = self._keep(stage, "upsample", h[:, :, nearest][:, :, :, nearest])
            h = self._linear(stage, name, h, stride=1, dense=not self.conv or not place)
            if last:
                break
            h = self._activated(stage, h)
            if self.conv and not place:
                h = self._keep(stage, "reshape", h.reshape(shape))
            h = self._dropped(stage, h)
        self.theta = h.reshape(x.shape)
        if not self.conv:
            self._keep("pixels", "reshape", self.theta)
        if spec.objective.kind == "bernoulli":
            self._keep("pixels", "prediction", expit(self.theta))

    def _keep(self, stage: str, plot: str, value: Floats) -> Floats:
        self.values[stage, plot] = value
        return value

    def _linear(
        self, stage: str, name: str, h: Floats, stride: int, dense: bool | None = None
    ) -> Floats:
        if not self.conv or dense:
            return self._dense(stage, name, h)
        w, b = self.weights[f"{name}.weight"], self.weights[f"{name}.bias"]
        return self._keep(stage, "z", convolved(h, w, b, stride, 1, 1, False))

    def _dense(self, stage: str, name: str, h: Floats) -> Floats:
        if h.ndim == 4:
            h = self._keep(stage, "reshape", h.reshape(len(h), -1))
        w, b = self.weights[f"{name}.weight"], self.weights[f"{name}.bias"]
        return self._keep(stage, "z", h @ w.T + b)

    def _activated(self, stage: str, a: Floats) -> Floats:
        if self.sigma.kind == "softmax":
            return self._keep(stage, "h", softmax(a, axis=1))
        return self._keep(stage, "h", VALUES[self.sigma.kind](a, self.sigma.knobs))

    def _dropped(self, stage: str, h: Floats) -> Floats:
        if self.mask is None:
            return h
        return self._keep(stage, "dropout", h * self.mask(h.shape))
