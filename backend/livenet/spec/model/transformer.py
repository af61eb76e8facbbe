"""Transformers, as a spec names them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from livenet.errors import SpecError
from livenet.spec.base import knob
from livenet.spec.choice import ActivationChoice, Choice
from livenet.spec.data.base import DataKind, Family
from livenet.spec.data.characters import Characters
from livenet.spec.data.pairs import Pairs
from livenet.spec.data.reals import Waves
from livenet.spec.data.sequences import Sequences
from livenet.spec.model.base import Defaults, Extent, ModelKind

if TYPE_CHECKING:
    from livenet.spec.layer import LayerShape
    from livenet.spec.run import RunSpec

Form = Literal["decoder", "encoder"]
Positions = Literal["learned", "sinusoidal", "none"]
Norm = Literal["before", "after", "none"]
PLACES_A_STEP = 1280


class Transformer(ModelKind):
    """Layers of attention and of a small MLP at each place, each added to what came in."""

    kind: Literal["transformer"] = "transformer"
    label: ClassVar[str] = "Transformer"
    explain: ClassVar[str] = "Every place looks at every other and takes what it needs."
    formula: ClassVar[str] = r"A=\operatorname{softmax}(QK^\top/\sqrt d)"
    families: ClassVar[tuple[Family, ...]] = ("sequences",)
    data: ClassVar[str] = "reverse"

    form: Form = knob("decoder", label="Form",
        explain="A decoder sees what is on its left (causal mask), an encoder everything.",
    )  # fmt: skip
    depth: int = knob(2, ge=1, le=32, shown=(1, 6), label="Layers", symbol="L",
        explain="Layers of attention and MLP.")  # fmt: skip
    heads: int = knob(4, ge=1, le=64, shown=(1, 8), label="Heads", symbol="H",
        explain="Attention patterns side by side in a layer.")  # fmt: skip
    width: int = knob(64, ge=1, le=1_000_000, shown=(8, 128), step=8, label="Width", symbol="D",
        explain="Numbers at each place; heads share them.")  # fmt: skip
    feedforward: int = knob(4, ge=1, le=16, shown=(1, 8), label="MLP factor",
        explain="How many times wider the MLP's hidden layer is.")  # fmt: skip
    positions: Positions = knob("learned", label="Positions",
        explain="How a place knows where it is: learned or sinusoidal vectors, or not at all.",
    )  # fmt: skip
    norm: Norm = knob("before", label="Layer norm",
        explain="Before attention and MLP, after them, or none.")  # fmt: skip
    activation: ActivationChoice = knob(Choice("gelu", {}), label="Activation", symbol=r"\sigma",
        explain="The function in the MLP.")  # fmt: skip

    @classmethod
    def defaults(cls, data: DataKind, given: Mapping[str, Any]) -> Defaults:
        """Of pairs the source is all there, and an encoder reads it at once."""
        return {"form": "encoder"} if isinstance(data, Pairs) else {}

    @property
    def causal(self) -> bool:
        return self.form == "decoder"

    def optimizer(self, data: DataKind) -> Defaults:
        return {"lr": 0.001}

    def batch_size(self, data: DataKind) -> int:
        """Fewer of long sequences, so that a step takes about as long."""
        assert isinstance(data, Sequences)
        fitting = PLACES_A_STEP // data.steps_read(self.causal)
        return max(8, min(data.batch_size, 1 << max(0, fitting.bit_length() - 1)))

    @property
    def summary(self) -> str:
        return f"transformer {self.depth} × {self.heads}"

    def extents(self) -> Iterable[Extent]:
        yield "model.depth", self.depth, "layers", "layers"
        yield "model.width", self.width, "width", "numbers at a place"
        yield "model.heads", self.heads, "width", "heads"

    def check(self, spec: RunSpec) -> None:
        if not self.causal and isinstance(spec.data, Characters | Waves):
            raise SpecError(
                f"model.form is 'encoder', but {spec.data.kind} asks at each place for what comes "
                "next, which an encoder sees already",
                path="model.form",
                hint="Use 'decoder'.",
            )
        if self.width % self.heads:
            raise SpecError(
                f"model.width is {self.width}, which {self.heads} heads cannot share equally",
                path="model.heads",
                hint="Take a width that is a multiple of the heads.",
            )
        if self.positions == "sinusoidal" and self.width % 2:
            raise SpecError(
                f"model.width is {self.width}; sinusoidal positions are sines and cosines in pairs",
                path="model.width",
                hint="Take an even width.",
            )

    def layers(self, spec: RunSpec) -> tuple[LayerShape, ...]:
        from livenet.spec.model.transformer_layers import transformer_layers

        return transformer_layers(spec)
