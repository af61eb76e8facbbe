"""Autoencoders, plain and variational, as a spec names them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import Field

from livenet.spec.base import Listed, kind_of, knob
from livenet.spec.choice import ActivationChoice, Choice, InitializerChoice
from livenet.spec.data.base import DataKind, Family
from livenet.spec.model.base import Defaults, Extent, ModelKind, rectifying
from livenet.spec.objective import KINDS as OBJECTIVES

if TYPE_CHECKING:
    from livenet.spec.layer import LayerShape
    from livenet.spec.run import RunSpec

Width = Annotated[int, Field(ge=1, le=1_000_000)]


class Autoencoding(ModelKind):
    """The base class of autoencoders: an encoder to the code z, and a decoder that mirrors it."""

    families: ClassVar[tuple[Family, ...]] = ("images",)
    data: ClassVar[str] = "digits"

    form: Literal["dense", "conv"] = knob("dense", label="Form",
        explain="Dense layers, or convolutions of stride 2 and upsampling.")  # fmt: skip
    hidden: Listed[Width] = knob((128, 64), label="Hidden layers",
        explain="Units (or channels) of the encoder's layers; the decoder has them in reverse.",
    )  # fmt: skip
    latent: int = knob(2, ge=2, le=1_000_000, shown=(2, 32), label="Latent dimensions",
        symbol="D_z", explain="Numbers in the code z of an image.")  # fmt: skip
    activation: ActivationChoice = knob(Choice("relu", {}), label="Activation", symbol=r"\sigma",
        explain="The function after each hidden layer.")  # fmt: skip
    initializer: InitializerChoice = knob(
        Choice("he_normal", {"gain": 1.0}), label="Initialization",
        explain="How the weights are drawn at the start; biases start at 0.",
    )  # fmt: skip

    @classmethod
    def defaults(cls, data: DataKind, given: Mapping[str, Any]) -> Defaults:
        found: Defaults = {}
        if given.get("form") == "conv":
            found["hidden"] = (16, 32)
        if "activation" in given and not rectifying(given):
            found["initializer"] = "xavier_normal"
        return found

    def objectives(self, data: DataKind) -> tuple[str, ...]:
        return tuple(kind_of(one) for one in OBJECTIVES if one.pixels)

    def predicts(self, data: DataKind) -> str:
        return f"{kind_of(type(self))} predicts pixels"

    def objective(self, kind: object) -> Defaults:
        # With σ = 1 pixels, which go from 0 to 1, are all noise, and the KL is not worth paying.
        return {"sigma": 0.2} if kind == "gaussian" else {}

    def optimizer(self, data: DataKind) -> Defaults:
        return {"lr": 0.001}

    def extents(self) -> Iterable[Extent]:
        yield "model.hidden", len(self.hidden), "layers", "hidden layers"
        yield "model.latent", self.latent, "width", "latent dimensions"
        for place, width in enumerate(self.hidden):
            yield f"model.hidden.{place}", width, "width", "units in a layer"

    def check(self, spec: RunSpec) -> None:
        _ = spec.layers  # images that are too small for the encoder are found out by its sizes

    def layers(self, spec: RunSpec) -> tuple[LayerShape, ...]:
        from livenet.spec.model.autoencoder_layers import autoencoder_layers

        return autoencoder_layers(spec)


class Autoencoder(Autoencoding):
    kind: Literal["autoencoder"] = "autoencoder"
    label: ClassVar[str] = "Autoencoder"
    explain: ClassVar[str] = "An image through a narrow code z and back."
    formula: ClassVar[str] = r"\hat x=f_\theta(z),\ z=g_\phi(x)"

    @property
    def summary(self) -> str:
        return f"autoencoder, z of {self.latent}"


class Vae(Autoencoding):
    kind: Literal["vae"] = "vae"
    label: ClassVar[str] = "Variational autoencoder"
    explain: ClassVar[str] = "A distribution of codes for each image, and images for each code."
    formula: ClassVar[str] = (
        r"\mathrm{ELBO}=\mathbb E_{q_\phi(z|x)}[\log p_\theta(x|z)]"
        r"-\mathrm{KL}(q_\phi(z|x)\,\|\,p(z))"
    )
    beta: float = knob(1.0, ge=0.0, le=100.0, shown=(0.0, 8.0), step=0.1, live=True, label="β",
        symbol=r"\beta", explain="Weight of the KL term; 1 is the ELBO.")  # fmt: skip
    reparameterized: bool = knob(True, live=True, label="Reparameterization",
        explain="The gradient goes through z = μ + σε; off, it is the score function's.",
    )  # fmt: skip

    @property
    def summary(self) -> str:
        return f"VAE, z of {self.latent}"
