"""The sequence of a walk: what is read, what is scored, and the place that is looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from livenet.errors import OptionError
from livenet.pictures import Array, Axis, Bars, Line, Plot, Points, grid
from livenet.probes.context import Context
from livenet.probes.incomplete import incomplete
from livenet.probes.sequences.sequence import Sequence, labels_of, sequence, sequences, shown
from livenet.probes.sequences.tokens import alphabet, prediction_plot
from livenet.probes.steps.predictions import Prediction, prediction
from livenet.probes.steps.rows import StepByStepOptions
from livenet.probes.steps.walk import Example, example_of
from livenet.training.likelihoods import UNSCORED
from livenet.training.upcoming import Upcoming

NOTHING_SCORED = "Nothing of this sequence is scored, so that there is no loss and no way back."


@dataclass(frozen=True)
class Reading:
    """A sequence as the model reads it, and one place of it, from 0."""

    context: Context
    example: Example
    seen: Sequence
    scored: tuple[int, ...]
    """The places with a target."""
    place: int
    typed: bool

    @classmethod
    def of(cls, context: Context, upcoming: Upcoming, options: StepByStepOptions) -> Reading:
        """Raises OptionError for a place, an example or a typed text that does not exist."""
        example, seen = _read(context, upcoming, options)
        y = example.y[example.at]
        there = ~y.isnan() if y.is_floating_point() else y != UNSCORED
        scored = tuple(int(t) for t in torch.nonzero(there).flatten())
        last = seen.steps - 1
        if options.place is not None and options.place > last:
            raise OptionError(
                f"place is {options.place}; this sequence has {seen.steps} places",
                path="options.place",
                hint=f"0 to {last}.",
            )
        usual = scored[len(scored) // 2] if scored else last
        place = usual if options.place is None else options.place
        return cls(context, example, seen, scored, place, options.text is not None)

    @property
    def labels(self) -> tuple[str, ...]:
        """What is read at each place, with visible signs."""
        return shown(self.seen.labels)

    def targets(self) -> list[str | float | None]:
        """By place; None where nothing is scored."""
        names = sequences(self.context).symbols_out
        y = self.example.y[self.example.at].tolist()
        return [
            (names[int(y[t])] if names else float(y[t])) if t in self.scored else None
            for t in range(len(y))
        ]

    def facts(self) -> dict[str, Any]:
        """The facts of every stage of a walk through a sequence.

        ``place`` (from 0), ``steps`` (their number), ``input`` and ``target`` (lists over places;
        None where nothing is scored), those of ``alphabet``; ``unscored``, a text, if nothing is.
        A typed one has the ``part`` "typed" and no ``row``.
        """
        where = {"part": "typed", "example": 0, "row": None} if self.typed else {}
        unscored = {} if self.scored else {"unscored": NOTHING_SCORED}
        return {
            **where,
            **unscored,
            "place": self.place,
            "steps": self.seen.steps,
            "input": list(self.seen.labels),
            "target": self.targets(),
            **alphabet(self.context),
            **incomplete(self.seen.missing),
        }

    def prediction(self, theta: Tensor, place: int) -> Prediction:
        """Of θ (T, K) at a place; where nothing is scored, only ``predicted`` has a meaning."""
        y = self.example.y[self.example.at, place]
        known = y if y.is_floating_point() else y.clamp_min(0)
        context = self.context
        return prediction(context.spec.objective, context.likelihood, theta[place], known)

    def answer(self, theta: Tensor) -> Plot:
        """What θ (T, K) would answer at this place: a bar a symbol; of real numbers, lines."""
        names = sequences(self.context).symbols_out
        if not names:
            seen = Sequence(self.seen.inputs, self.example.y[self.example.at][None], self.labels)
            return prediction_plot(self.context, seen, theta[None])
        shares = theta[self.place].softmax(0).cpu().numpy()
        target = self.targets()[self.place]
        return Plot(
            "answer",
            (Bars(grid(shares), shown(names), horizontal=True),),
            title="The answer, if asked here",
            note="" if target is None else f"true: {shown((str(target),))[0]}",
            x=Axis("probability", 0.0, 1.0),
        )

    def over(self, id: str, symbol: str, values: Array, title: str) -> Plot:
        """A number at every place, (T,), with this one marked."""
        t = np.arange(1, len(values) + 1, dtype=np.float32)
        finite = values[np.isfinite(values)]
        low, high = min(float(finite.min(initial=0)), 0.0), max(float(finite.max(initial=0)), 0.0)
        room = 0.05 * max(high - low, 1e-12)
        here = slice(self.place, self.place + 1)
        marks = (
            Line(t, grid(values), color="accent", width=2.5),
            Points(t[here], grid(values[here]), grid(np.zeros(1)), label="this place"),
        )
        x = Axis("t", 0.5, len(values) + 0.5, whole=True)
        return Plot(id, marks, title=title, x=x, y=Axis(symbol, low - room, high + room))


def _read(
    context: Context, upcoming: Upcoming, options: StepByStepOptions
) -> tuple[Example, Sequence]:
    if options.text is None:
        example = example_of(context, upcoming, options)
        one = slice(example.at, example.at + 1)
        inputs, targets = example.x[one], example.y[one]
        return example, Sequence(inputs, targets, labels_of(sequences(context), inputs))
    seen = sequence(context, options.text, 0)
    y = seen.targets
    if y is None:
        real = seen.inputs.is_floating_point()
        nothing = float("nan") if real else UNSCORED
        y = torch.full(seen.inputs.shape[:2], nothing, device=seen.inputs.device)
        y = y if real else y.long()
    return Example("test", 0, 0, seen.inputs, y, 0, training=False), seen
