"""The walk through a convolutional network: every block forward and backward, and the update."""

from __future__ import annotations

import torch

from livenet.models import Network, StepRandom
from livenet.models.blocks import (
    AvgPool,
    Block,
    Conv,
    Dense,
    Flatten,
    GlobalPool,
    MaxPool,
    Norm,
    Upsample,
)
from livenet.models.cnn import Cnn
from livenet.models.residual_block import Residual
from livenet.pictures import Plot
from livenet.probes.images.kernels import Kernel
from livenet.probes.images.theoretical_field import edge, pixels_in_field
from livenet.probes.steps.layered import Layer, LayeredWalk, Reached, Recorded
from livenet.probes.steps.operations.operation import Operation, Value, kept
from livenet.probes.steps.operations.pointwise import Fork, Sum
from livenet.probes.steps.operations.pooling import (
    AveragePooling,
    GlobalPooling,
    MaxPooling,
    Upsampling,
)
from livenet.probes.steps.operations.predicted import Predicted
from livenet.probes.steps.operations.recorder import Recorder
from livenet.probes.steps.predictions import prediction
from livenet.probes.steps.walk import Shown

WORDS: dict[type[Block], tuple[str, str]] = {
    Conv: ("Slide kernels over the maps", "How the loss depends on the kernels, and on the input"),
    MaxPool: ("Keep the largest of each window", "Send each gradient to the largest pixel"),
    AvgPool: ("Take the mean of each window", "Share each gradient among the window's pixels"),
    Upsample: ("Repeat every pixel", "Add up the gradients of the copies"),
    Norm: ("Normalize, then scale and shift", "Back through the mean and the variance"),
    Residual: ("Add the input and the branch", "The gradient goes both ways"),
    Flatten: ("All values in one vector", "Back into the shape of the maps"),
    GlobalPool: ("Take the mean of each map", "Share each gradient among the map's pixels"),
    Dense: ("Weigh, add, and apply the activation", "How the loss depends on z, W and b"),
}
BRANCH = ("A convolution of the residual branch", "Back through a convolution of the branch")


class CnnWalk(LayeredWalk):
    """The stages of one image: blocks count from 1, the last is the output.

    Block 2 has the stages ``layer2`` and ``delta2``; a residual block ``layer2.1`` … for its
    convolutions, ``layer2.1.norm`` … for their batch norms, and ``layer2.sum``. Those between
    ``input`` and ``loss`` have the facts of LayeredWalk.
    """

    def recorded(self, model: Network, x: Value, draws: StepRandom | None) -> Recorded:
        assert isinstance(model, Cnn)
        layers: list[Layer] = []
        value = x
        for place, block in enumerate(model.blocks[:-1]):
            if isinstance(block, Residual):
                layers += self._residual(block, value, place, draws)
            else:
                layers.append(self._layer(block, value, place, draws))
            value = layers[-1].operations[-1].result
        output = self._output(model.blocks[-1], value, len(model.blocks), draws)
        result = output.operations[-1].result
        theta = result.tensor
        at = slice(self.example.at, self.example.at + 1)
        y = self.example.y
        y = y.to(theta.dtype) if y.is_floating_point() else y
        loss = self.context.likelihood.nll(theta[at], y[at])
        found = prediction(
            self.context.spec.objective,
            self.context.likelihood,
            theta[self.example.at].detach(),
            y[self.example.at],
        )
        output.operations.append(Predicted(result, found))
        return Recorded([*layers, output], loss)

    def _label(self, place: int) -> str:
        return self.context.spec.layers[place].label

    def _layer(self, block: Block, value: Value, place: int, draws: StepRandom | None) -> Layer:
        number = place + 1
        made = Recorder(value, f"{number}", f"layers.{place}", draws)
        if isinstance(block, Dense) and value.tensor.dim() == 4:
            made.reshaped(made.kept("v", value.tensor.flatten(1)))
        h = made.value.tensor
        if place == 0 and h.dim() == 4:
            h = h.to(memory_format=torch.channels_last)  # as Cnn.forward takes images
        z = made.kept("z" if block.activation else "h", block.z(h, draws))
        match block:
            case Conv():
                kernel = Kernel(
                    block.weight,
                    block.bias,
                    block.stride,
                    block.padding,
                    block.dilation,
                    block.circular,
                )
                made.convolved(kernel, z)
            case Dense():
                made.dense(block.weight, block.bias, z)
            case MaxPool():
                made.add(MaxPooling(made.value, z, block.kernel, block.stride))
            case AvgPool():
                made.add(AveragePooling(made.value, z, block.kernel, block.stride))
            case Upsample():
                made.add(Upsampling(made.value, z))
            case GlobalPool():
                made.add(GlobalPooling(made.value, z))
            case Norm():
                made.normalized(block.norm, f"layers.{place}.norm", z)
            case Flatten():
                made.reshaped(z)
            case _:
                raise NotImplementedError(type(block).__name__)
        if block.activation:
            made.activated_and_dropped(block.activation.chosen, curve=not isinstance(block, Norm))
        return _stage(f"{number}", self._label(place), WORDS[type(block)], made, number)

    def _residual(
        self, block: Residual, value: Value, place: int, draws: StepRandom | None
    ) -> list[Layer]:
        number, label = f"{place + 1}", self._label(place)
        whole = Recorder(value, number, f"layers.{place}", draws)
        tensor = value.tensor
        if place == 0:
            tensor = tensor.to(memory_format=torch.channels_last)
        h, identity = value, value
        before: list[Operation] = []
        if block.skip:
            h = kept(value.symbol, tensor[:], f"e^{{({place},f)}}")
            identity = kept(value.symbol, tensor[:], rf"e^{{({place},\mathrm{{id}})}}")
            before = [Fork(value, h, identity)]
        layers: list[Layer] = []
        for part, (norm, kernel) in enumerate(block.parts):
            ids, name = f"{number}.{part + 1}", f"layers.{place}"
            made = Recorder(h, ids, f"{name}.convs.{part}", draws)
            made.operations += before
            before = []
            if norm is not None:
                z = made.kept("z", norm(h.tensor, draws is not None))
                made.normalized(norm, f"{name}.norms.{part}", z)
                layers.append(_stage(f"{ids}.norm", f"{label}, norm {part + 1}", WORDS[Norm], made))
                made.operations = []
            made.activated_and_dropped(block.before.chosen, "a")
            last = part == len(block.parts) - 1 and not block.skip
            z = (whole if last else made).kept("h" if last else "f", kernel(made.value.tensor))
            made.convolved(
                Kernel(kernel.weight, kernel.bias, 1, kernel.padding, 1, circular=False), z
            )
            layers.append(_stage(ids, f"{label}, {part + 1}", BRANCH, made))
            h = made.value
        if block.skip:
            whole.value = identity
            if block.projection is not None:
                shown = whole.kept("p", block.identity(identity.tensor))
                kernel_of = Kernel(block.projection, None, 1, 0, 1, circular=False)
                whole.convolved(kernel_of, shown, f"layers.{place}.projection", "P")
            total = whole.kept("h", whole.value.tensor + h.tensor)
            whole.add(Sum(h, total, whole.value))
            words = WORDS[Residual]
            layers.append(_stage(f"{number}.sum", f"{label}, sum", words, whole, place + 1))
        return layers

    def _output(self, block: Block, value: Value, number: int, draws: StepRandom | None) -> Layer:
        assert isinstance(block, Dense)
        made = Recorder(value, f"{number}", f"layers.{number - 1}", draws)
        if value.tensor.dim() == 4:
            made.reshaped(made.kept("v", value.tensor.flatten(1)))
        z = block.z(made.value.tensor, draws)
        made.dense(block.weight, block.bias, kept(r"\theta", z, made.symbol(r"\delta")))
        return Layer(
            "output",
            f"delta{number}",
            "Output",
            "From θ to a distribution",
            WORDS[Dense][1],
            made.operations,
        )

    def reached(self, layer: Layer) -> Reached | None:
        tensor = layer.operations[-1].result.tensor
        if layer.number is None or tensor.dim() != 4:
            return None
        of_image = self.example.x.shape[2:]
        units = self.place.pixel(*tensor.shape[2:])
        rows, columns = (pixels_in_field(self.context.spec, layer.number, unit) for unit in units)
        found = edge(rows, columns, of_image)
        return Reached(found, f"{len(rows)} × {len(columns)} pixels") if len(found) else None

    def loss(self) -> Shown:
        last = self.layers[-1].operations[-1]
        assert isinstance(last, Predicted)
        return Shown((Plot("loss", (last.prediction.loss(),), title="The loss"),), {})


def _stage(
    ids: str, label: str, words: tuple[str, str], made: Recorder, number: int | None = None
) -> Layer:
    return Layer(f"layer{ids}", f"delta{ids}", label, *words, made.operations, number)
