"""An autoencoder's layers in numbers: encoder, code, decoder, from its spec alone.

The decoder mirrors the encoder. Dense, its layers have the encoder's widths in reverse. With
convolutions, each layer of the encoder halves the image (kernel 3, stride 2, padding 1); each of
the decoder's repeats pixels until the image has the size it had there, and convolves at stride 1.
"""

from __future__ import annotations

from itertools import pairwise
from math import prod
from typing import TYPE_CHECKING, Any

from livenet.errors import SpecError
from livenet.spec.choice import activation
from livenet.spec.data.images import Images
from livenet.spec.layer import LayerShape, Shape

if TYPE_CHECKING:
    from livenet.spec.model.autoencoder import Autoencoding
    from livenet.spec.run import RunSpec

KERNEL = 3
SAMPLING_CALLS = 4  # small operations of z = μ + σ ε and of the KL, beside the layers' own


def autoencoder_layers(spec: RunSpec) -> tuple[LayerShape, ...]:
    """Encoder, code (a VAE's has μ and log σ²), a VAE's sample, decoder; the last gives the pixels.

    Raises SpecError where the images are too small for the encoder's halvings.
    """
    from livenet.spec.model.autoencoder import Autoencoding

    model = spec.model
    assert isinstance(model, Autoencoding)
    down, up = shapes(spec)
    conv = model.form == "conv"
    found = []
    for place, (before, after) in enumerate(pairwise(down)):
        name, label = f"encoder.{place}", f"Encoder {place + 1}"
        if conv:
            found.append(_halving(model, name, label, before, after))
        else:
            found.append(_dense(name, label, before, after, model))
    variational = model.kind == "vae"
    found.append(_dense("code", "Code", down[-1], (model.latent * (2 if variational else 1),)))
    if variational:
        found.append(_sampling(model.latent))
    for place, (before, after) in enumerate(pairwise(up)):
        last = place == len(up) - 2
        name, label = f"decoder.{place}", "Pixels" if last else f"Decoder {place + 1}"
        owner = None if last else model
        if conv and place > 0:
            found.append(_doubling(owner, name, label, before, after))
        else:
            found.append(_dense(name, label, before, after, owner))
    return tuple(found)


def shapes(spec: RunSpec) -> tuple[list[Shape], list[Shape]]:
    """What lies between the encoder's layers, image first, and the decoder's, z first."""
    from livenet.spec.model.autoencoder import Autoencoding

    model, data = spec.model, spec.data
    assert isinstance(model, Autoencoding)
    assert isinstance(data, Images)
    image = (1, data.side, data.side)
    hidden: list[Shape] = [(width,) for width in model.hidden]
    if model.form == "conv":
        hidden = _halved(model, data.side)
    return [image, *hidden], [(model.latent,), *reversed(hidden), image]


def _halved(model: Autoencoding, side: int) -> list[Shape]:
    if not model.hidden:
        raise SpecError(
            "model.hidden is empty, but model.form is 'conv', which needs a layer",
            path="model.hidden",
            hint="Give the channels of a layer, such as [16], or take the dense form.",
        )
    found: list[Shape] = []
    for place, channels in enumerate(model.hidden):
        if side == 1:
            raise SpecError(
                f"model.hidden has {len(model.hidden)} layers, each of which halves the image; "
                f"after {place} of them one pixel is left",
                path=f"model.hidden.{place}",
                hint=f"Give at most {place} layers, or larger images.",
            )
        side = (side + 1) // 2
        found.append((channels, side, side))
    return found


def _dense(
    name: str, label: str, before: Shape, after: Shape, model: Autoencoding | None = None
) -> LayerShape:
    """A dense layer between any two shapes; without a model's activation it is linear."""
    d_in, d_out = prod(before), prod(after)
    return LayerShape(
        name=name,
        label=label,
        kind="dense",
        output=after,
        flops=2 * (d_in * d_out + d_out),
        tensors={f"{name}.weight": (d_out, d_in), f"{name}.bias": (d_out,)},
        terms=f"{d_in}\\cdot{d_out}+{d_out}",
        **_activated(model),
    )


def _halving(model: Autoencoding, name: str, label: str, before: Shape, after: Shape) -> LayerShape:
    size = rf"\lfloor({before[1]}+2\cdot1-{KERNEL - 1}-1)/2\rfloor+1={after[1]}"
    return _conv(model, name, label, before, after, size)


def _doubling(
    model: Autoencoding | None, name: str, label: str, before: Shape, after: Shape
) -> LayerShape:
    size = rf"{before[1]}\to{after[1]}"
    return _conv(model, name, label, before, after, size)


def _conv(
    model: Autoencoding | None, name: str, label: str, before: Shape, after: Shape, size: str
) -> LayerShape:
    c_in, c_out, pixels = before[0], after[0], after[1] * after[2]
    return LayerShape(
        name=name,
        label=label,
        kind="conv",
        output=after,
        flops=2 * (KERNEL**2 * c_in + 1) * c_out * pixels,
        tensors={f"{name}.weight": (c_out, c_in, KERNEL, KERNEL), f"{name}.bias": (c_out,)},
        terms=f"{KERNEL**2}\\cdot{c_in}\\cdot{c_out}+{c_out}",
        size=size,
        calls=2,
        **_activated(model),
    )


def _sampling(latent: int) -> LayerShape:
    return LayerShape(
        name="sampling",
        label="Sample",
        kind="sampling",
        output=(latent,),
        flops=12 * latent,
        formula=r"z=\mu+\sigma\odot\varepsilon,\ \varepsilon\sim\mathcal N(0,I)",
        calls=SAMPLING_CALLS,
    )


def _activated(model: Autoencoding | None) -> dict[str, Any]:
    if model is None:
        return {"activation": "linear", "formula": "z"}
    chosen = model.activation
    return {"activation": chosen.document(), "formula": activation(chosen).formula}
