"""Specs of regularization and of training."""

from __future__ import annotations

from livenet.spec.base import Frozen, knob


class Regularization(Frozen):
    """Penalties (λ/2)·Σφ² and λ·Σ|φ| on all parameters, and dropout on hidden units."""

    l1: float = knob(
        0.0, ge=0.0, le=100.0, shown=(1e-6, 1.0), scale="log", live=True, label="L1 penalty",
        symbol=r"\lambda_1", explain="Adds λ sign φ to the gradient: pulls parameters to zero.",
    )  # fmt: skip
    l2: float = knob(
        0.0, ge=0.0, le=100.0, shown=(1e-6, 1.0), scale="log", live=True, label="L2 penalty",
        symbol=r"\lambda_2", explain="Adds λφ to the gradient: keeps parameters small.",
    )  # fmt: skip
    dropout: float = knob(
        0.0, ge=0.0, le=0.95, step=0.01, live=True, label="Dropout", symbol=r"\rho",
        explain="Probability that a hidden unit is left out of a training step.",
    )  # fmt: skip


class Training(Frozen):
    """The length of training, the size of minibatches, and the steps between rows."""

    batch_size: int | None = knob(
        10, ge=1, le=1_000_000_000, shown=(1, 1000), scale="log", live=True, label="Batch size",
        symbol=r"|\mathcal B|", explain="Examples a step; none is the full batch.",
    )  # fmt: skip
    steps: int | None = knob(
        None, ge=1, le=1_000_000_000, shown=(100, 100_000), scale="log", live=True,
        label="Steps", explain="Where the run ends; none is until paused or stopped.",
    )  # fmt: skip
    series_every: int | None = knob(
        None, ge=1, le=1_000_000, shown=(1, 1000), scale="log", live=True, label="Row every",
        unit="steps",
        explain="Steps between two rows of the curves; none: 10, after step 10,000 100, and so on.",
    )  # fmt: skip

    def row_interval(self, step: int) -> int:
        """Steps between the rows before and after ``step`` steps: at ``series_every: null`` about a
        thousand rows in each power of ten of steps, 10 up to step 10,000, 100 up to 100,000, …"""
        if self.series_every is not None:
            return self.series_every
        return 10 if step <= 10_000 else int(10 ** (len(str(step - 1)) - 3))
