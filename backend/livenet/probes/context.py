"""The input of a probe: a run at one step, which the probe must not change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from livenet.budget import Budget
from livenet.data import HALF, Dataset
from livenet.models import Mlp, Network
from livenet.probes.window import check_window
from livenet.settings import Limits
from livenet.spec import RunSpec
from livenet.spec.cost import FLOPS, forward_flops
from livenet.spec.data import Points
from livenet.spec.features import FEATURES
from livenet.training import Trainer
from livenet.training.evaluation import Parts
from livenet.training.likelihoods import Likelihood, likelihood
from livenet.training.upcoming import Upcoming

if TYPE_CHECKING:
    from livenet.training.compiled.maps import Maps

MAP_SECONDS = 0.1  # the time for the maps of one picture, by the cost model
REQUEST_SECONDS = 1.0  # the time for a picture that is requested only occasionally

Window = tuple[float, ...]


@dataclass(frozen=True)
class Context:
    """A run at one step. A probe reads it and draws no random numbers from the run's streams."""

    step: int
    spec: RunSpec
    model: Network
    data: Dataset
    parts: Parts
    """Arranged inputs and targets by part, "train" and "test"."""
    likelihood: Likelihood
    device: torch.device
    limits: Limits
    upcoming: Callable[[], Upcoming]
    """Gives the next step: its minibatch, learning rate and random numbers."""
    maps: Maps | None
    """The model in machine code, if the run trains in it."""
    budget: Budget
    """The time budget that long computations check; they return partial results when it ends."""

    @classmethod
    def of(
        cls, trainer: Trainer, limits: Limits | None = None, budget: Budget | None = None
    ) -> Context:
        """The context of a trainer, by default with a budget that is never spent."""
        return cls(
            step=trainer.step_count,
            spec=trainer.spec,
            model=trainer.model,
            data=trainer.data,
            parts=trainer.parts,
            likelihood=likelihood(trainer.spec),
            device=trainer.device,
            limits=limits or Limits(),
            upcoming=lambda: Upcoming.of(trainer),
            maps=trainer.compiled.maps if trainer.compiled else None,
            budget=budget or Budget.unlimited(),
        )

    def examples(self, count: int) -> tuple[Tensor, Tensor]:
        """The first arranged test examples, or training examples if there is no test part."""
        x, y = self.parts["test"] if len(self.parts["test"][0]) else self.parts["train"]
        return x[:count], y[:count]

    @property
    def mlp(self) -> Mlp:
        """The model, for a probe that fits multilayer perceptrons only."""
        assert isinstance(self.model, Mlp)
        return self.model

    @property
    def dimensions(self) -> int:
        """The number of coordinates of a point; only for probes of points."""
        assert isinstance(self.spec.data, Points)
        return self.spec.data.inputs

    @property
    def on_line(self) -> bool:
        return self.dimensions == 1

    def theta(self, inputs: Tensor) -> Tensor:
        """θ (N, K) at arranged inputs (N, D(0)), in the run's arithmetic; of a multilayer
        perceptron."""
        if self.maps is None:
            return self.model(inputs)  # type: ignore[no-any-return]  # of a module
        return torch.from_numpy(self.maps.theta(inputs.numpy()))

    def layers(self, inputs: Tensor) -> list[NDArray[np.floating[Any]]]:
        """h(0), h(1), … and θ at arranged inputs (N, D(0)), each (D(l), N), likewise."""
        if self.maps is not None:
            return self.maps.layers(inputs.numpy())
        traced = [inputs, *(layer.h for layer in self.mlp.trace(inputs))]
        return [values.T.cpu().numpy() for values in traced]

    def window(self, given: Sequence[float] | None) -> Window:
        """The requested window, or [-3, 3] on every axis. Raises OptionError if it is invalid."""
        if given is None:
            return (-HALF, HALF) * self.dimensions
        names = ("x",) if self.on_line else ("x", "y")
        check_window(given, names, "The default is -3 to 3.")
        return tuple(float(value) for value in given)

    def inputs(self, window: Window, resolution: int) -> Tensor:
        """h(0) on a grid of cell centres (resolution², D(0)), x fastest; (resolution, D(0)) on the
        line. Kept from frame to frame."""
        return _inputs(window, resolution, self.mlp.names, self.device.type)

    def affordable(self, resolution: int, units: int = 1) -> int:
        """The requested resolution, or the largest that can be drawn in time by the cost model."""
        wanted = min(resolution, self.limits.max_resolution)
        if self.on_line:
            return wanted
        most = payable(forward_flops(self.spec) + 20 * units)
        return max(4, min(wanted, int(most**0.5)))


def payable(flops: float, seconds: float = MAP_SECONDS) -> int:
    """How often ``flops`` operations fit in the time, by the cost model; at least once.

    A worker answers no request while it makes a picture, so options are limited to this amount. The
    context's budget ends computations that take longer than the cost model predicts.
    """
    return max(1, int(seconds * FLOPS / flops))


@lru_cache(maxsize=32)
def _inputs(window: Window, resolution: int, names: tuple[str, ...], device: str) -> Tensor:
    columns = torch.from_numpy(grid_points(window, resolution)).float().unbind(1)
    features = [FEATURES[name].value(columns) for name in names]
    return torch.stack(features, dim=1).contiguous().to(device)


def centres(low: float, high: float, count: int) -> NDArray[np.float64]:
    """The centres of ``count`` equal cells between two ends."""
    return low + (np.arange(count, dtype=np.float64) + 0.5) * ((high - low) / count)


def grid_points(window: Window, resolution: int) -> NDArray[np.float64]:
    """Cell centres (resolution², 2), x fastest, lowest y first; on the line points (resolution, 1)
    that include both ends."""
    if len(window) == 2:
        return np.linspace(*window, resolution)[:, None]
    x = centres(window[0], window[1], resolution)
    y = centres(window[2], window[3], resolution)
    return np.stack([np.tile(x, resolution), np.repeat(y, resolution)], axis=1)
