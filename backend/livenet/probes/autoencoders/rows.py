"""Probes of autoencoders, plain and variational."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from livenet.probes.row import EXPENSIVE, ProbeRow
from livenet.spec.base import Frozen

Part = Literal["train", "test"]
Source = Literal["prior", "codes"]
BOTH = ("autoencoder", "vae")
PART = "which images; by default test images; training images where there are no others"
Count = Annotated[int, Field(ge=1, le=1000)]


Drawn = Annotated[
    Source | None,
    Field(
        description="where samples come from: z ~ N(0, I), the prior, or a normal fitted to the "
        "codes; by default the prior for a VAE, the codes for a plain autoencoder, which has none"
    ),
]
Seed = Annotated[int, Field(ge=0, le=2**31 - 1, description="another seed draws other codes")]


class LatentsOptions(Frozen):
    part: Part | None = Field(None, description=PART)
    images: int = Field(1000, ge=1, le=1000, description="most images that are drawn")
    ellipses: bool = Field(True, description="draw each posterior's σ")
    samples: int = Field(0, ge=0, le=100, description="codes of the probe samples that are marked")
    source: Drawn = None
    seed: Seed = 0


class LatentGridOptions(Frozen):
    size: int | None = Field(
        None,
        ge=2,
        le=40,
        description=f"images a side; by default 14{EXPENSIVE}, or its images large",
    )


class ReconstructionsOptions(Frozen):
    part: Part | None = Field(None, description=PART)
    count: int = Field(10, ge=1, le=40, description="how many images")
    start: int = Field(0, ge=0, description="how many images to pass over; classes take turns")


class SamplesOptions(Frozen):
    count: int = Field(10, ge=1, le=100, description="how many images")
    columns: int | None = Field(None, ge=1, le=100, description="images in a row")
    source: Drawn = None
    seed: Seed = 0


class DecodeOptions(Frozen):
    """A code ``z``, an ``image``'s own, or a ``point`` [x, y] of the latent plane: the first of
    them that is given, or the middle of the plane."""

    z: list[float] | None = Field(None, max_length=10_000, description="the code, D_z numbers")
    image: int | None = Field(None, ge=0, description="an image, by its number in its part")
    point: list[float] | None = Field(None, max_length=2, description="[x, y] in the plane")


class KlOptions(Frozen):
    part: Part | None = Field(None, description=PART)


class BoundOptions(Frozen):
    samples: int = Field(32, ge=1, le=256, description="samples K of an image")
    images: int = Field(100, ge=1, le=500, description=f"how many images{EXPENSIVE}")
    seed: int = Field(0, ge=0, le=2**31 - 1, description="another seed draws other samples")


class GradientVarianceOptions(Frozen):
    draws: int = Field(64, ge=2, le=256, description="draws of ε for each image")
    images: int = Field(64, ge=1, le=256, description=f"images of the minibatch{EXPENSIVE}")
    seed: int = Field(0, ge=0, le=2**31 - 1, description="another seed draws other ε")


class SemiSupervisedOptions(Frozen):
    labels: list[Count] = Field(
        [1, 3, 10, 30], min_length=1, max_length=8, description="labels of each class"
    )
    draws: int = Field(5, ge=1, le=20, description="how often labels are drawn anew")
    seed: int = Field(0, ge=0, le=2**30, description="another seed draws other labels")


ROWS = (
    ProbeRow(
        "latents",
        "Latent space",
        "Where the encoder puts each image, by class, with posterior ellipses and the prior.",
        "autoencoders, plain and variational",
        LatentsOptions,
        models=BOTH,
    ),
    ProbeRow(
        "latent_grid",
        "Decoded grid",
        "Decoded images of a grid of points in the latent plane.",
        "autoencoders, plain and variational",
        LatentGridOptions,
        models=BOTH,
    ),
    ProbeRow(
        "reconstructions",
        "Reconstructions",
        "Images beside their reconstructions from the code.",
        "autoencoders, plain and variational",
        ReconstructionsOptions,
        models=BOTH,
    ),
    ProbeRow(
        "samples",
        "Samples",
        "New images: the decoder on codes drawn at random.",
        "autoencoders, plain and variational",
        SamplesOptions,
        models=BOTH,
    ),
    ProbeRow(
        "decode",
        "Decode a point",
        "The image of one code that you choose.",
        "autoencoders, plain and variational",
        DecodeOptions,
        models=BOTH,
    ),
    ProbeRow(
        "kl",
        "KL by dimension",
        "The KL divergence of each latent dimension, in nats per image.",
        "variational autoencoders",
        KlOptions,
        models=("vae",),
    ),
    ProbeRow(
        "bound",
        "Importance-weighted bound",
        "A tighter bound on log p(x) from several samples, beside the ELBO.",
        "variational autoencoders",
        BoundOptions,
        models=("vae",),
    ),
    ProbeRow(
        "gradient_variance",
        "Gradient estimates",
        "The same gradient by reparameterization and by the score function, and how both scatter.",
        "variational autoencoders",
        GradientVarianceOptions,
        models=("vae",),
    ),
    ProbeRow(
        "semi_supervised",
        "Few labels",
        "A classifier on the code z against one on the raw image, from a few labels.",
        "autoencoders, plain and variational",
        SemiSupervisedOptions,
        models=BOTH,
    ),
)
