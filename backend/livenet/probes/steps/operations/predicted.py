"""From θ to the predicted distribution, and back from the loss to ∂ℓ/∂θ."""

from __future__ import annotations

from livenet.pictures import Plot
from livenet.probes.steps.operations.operation import Operation, Place, Value
from livenet.probes.steps.predictions import Prediction


class Predicted(Operation):
    """The distribution of y for θ (B, K). Its ``source`` and ``result`` are θ."""

    def __init__(self, theta: Value, prediction: Prediction) -> None:
        super().__init__(theta, theta)
        self.prediction = prediction

    def forward(self, place: Place) -> list[Plot]:
        row = place.row_of(self.source.tensor.shape[1])
        mark = self.prediction.predicted(row)
        return [Plot("prediction", (mark,), title="The distribution of y")] if mark else []

    def backward(self, place: Place) -> list[Plot]:
        row = place.row_of(self.source.tensor.shape[1])
        mark = self.prediction.delta(self.source.slope_symbol, row)
        return [Plot("delta", (mark,), title="Where the way back begins")]
