"""Records operations in the order of a forward pass, with the functions of the model."""

from __future__ import annotations

from torch import Tensor

from livenet.models import StepRandom
from livenet.models.blocks import Sigma
from livenet.models.norms import BatchNorm, LayerNorm
from livenet.probes.images.kernels import Kernel
from livenet.probes.steps.operations.convolution import Convolution
from livenet.probes.steps.operations.dense import Dense, Reshape
from livenet.probes.steps.operations.norm import Normalization
from livenet.probes.steps.operations.operation import Operation, Value, kept
from livenet.probes.steps.operations.pointwise import Activation, Dropout
from livenet.spec.choice import Choice


class Recorder:
    """The operations of one layer. ``layer`` is its number in symbols, ``name`` its module's name
    in the network, ``z`` the letter of what goes into activations.

    Every method takes a tensor that the model computed from the present value, and goes on from
    it. A value that goes into an activation is z with δ = ∂ℓ/∂z, the output of a layer is h with
    e = ∂ℓ/∂h.
    """

    def __init__(
        self, source: Value, layer: str, name: str, draws: StepRandom | None, z: str = "z"
    ) -> None:
        self.value = source
        self.layer, self.name = layer, name
        self.draws = draws
        self.letter = z
        self.operations: list[Operation] = []

    def symbol(self, letter: str) -> str:
        return f"{letter}^{{({self.layer})}}"

    def kept(self, letter: str, tensor: Tensor) -> Value:
        """A value of this layer."""
        slopes = {self.letter: r"\delta", "h": "e"}
        slope = self.symbol(slopes[letter]) if letter in slopes else ""
        return kept(self.symbol(letter), tensor, slope)

    def add(self, operation: Operation) -> None:
        self.operations.append(operation)
        self.value = operation.result

    def convolved(self, kernel: Kernel, z: Value, name: str = "", letter: str = "W") -> None:
        """``name`` is the module's with the kernel's parameters."""
        at = name or self.name
        weight = (f"{at}.weight" if letter == "W" else at), self.symbol(letter)
        bias = (f"{at}.bias", self.symbol("b")) if kernel.bias is not None else ("", "")
        self.add(Convolution(self.value, z, kernel, weight, bias))

    def dense(self, weight: Tensor, bias: Tensor | None, z: Value) -> None:
        """``weight`` (D_out, D_in) and ``bias`` (D_out,) are the module's."""
        named = ((f"{self.name}.bias", self.symbol("b")), bias) if bias is not None else None
        self.add(Dense(self.value, z, ((f"{self.name}.weight", self.symbol("W")), weight), named))

    def reshaped(self, value: Value) -> None:
        self.add(Reshape(self.value, value))

    def normalized(self, norm: BatchNorm | LayerNorm, name: str, z: Value) -> None:
        training = self.draws is not None
        self.add(Normalization(self.value, z, norm, name, self.layer, training))

    def activated(self, chosen: Choice, letter: str = "h", *, curve: bool = True) -> None:
        """σ of the present value, as ``letter``. ``curve``: whether its curve is drawn."""
        tensor = Sigma(chosen)(self.value.tensor)
        self.add(Activation(self.value, self.kept(letter, tensor), chosen, curve))

    @property
    def drops(self) -> bool:
        """Whether units are dropped."""
        return self.draws is not None and self.draws.rho > 0

    def activated_and_dropped(
        self, chosen: Choice, letter: str = "h", *, curve: bool = True
    ) -> None:
        """The same, and dropout, if there is any."""
        self.activated(chosen, "s" if self.drops else letter, curve=curve)
        if self.drops:
            self.dropped(letter)

    def dropped(self, letter: str = "h") -> None:
        """Dropout of the present value."""
        assert self.draws is not None
        tensor = self.value.tensor
        mask = self.draws.mask(tensor)
        value = self.kept(letter, tensor * mask)
        self.add(Dropout(self.value, value, mask, self.symbol("r")))
