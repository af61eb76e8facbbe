"""Probes of convolutional networks."""

from __future__ import annotations

from pydantic import Field

from livenet.probes.fit import without_kernels, without_maps
from livenet.probes.row import EXPENSIVE, ProbeRow
from livenet.spec.base import Frozen

CNN = ("cnn",)
MAX_PIXELS = 32 * 32
LAYER = "1 is the first block, the last is the output"
PART = "which convolution within a residual block; 0 is the first"


class OneImage(Frozen):
    """The image that is shown: one of the test images, or one that the person draws."""

    image: int = Field(0, ge=0, description="number of a test image")
    drawing: list[float] | None = Field(
        None,
        max_length=MAX_PIXELS,
        description="an image of one's own: pixels from 0 to 1, by row",
    )


class FiltersOptions(Frozen):
    layer: int | None = Field(None, ge=1, description=f"by default the first with kernels; {LAYER}")
    part: int = Field(0, ge=0, description=PART)
    filters: int = Field(64, ge=1, le=512, description="most kernels that are drawn")
    inputs: int = Field(16, ge=1, le=512, description="most input channels that are drawn")


class FeatureMapsOptions(OneImage):
    layer: int | None = Field(None, ge=0, description=f"only this layer; 0 is the image, {LAYER}")
    maps: int = Field(8, ge=1, le=512, description="most maps that are drawn of a layer")


class ConvolutionOptions(OneImage):
    layer: int | None = Field(None, ge=1, description=f"by default the first with kernels; {LAYER}")
    part: int = Field(0, ge=0, description=PART)
    channel: int = Field(0, ge=0, description="which of its kernels")
    input: int = Field(0, ge=0, description="the input channel whose numbers are shown")
    row: int | None = Field(None, ge=0, description="place of the output; by default the middle")
    column: int | None = Field(None, ge=0, description="place of the output")


class ReceptiveFieldOptions(Frozen):
    layer: int | None = Field(None, ge=1, description=f"by default the last with maps; {LAYER}")
    channel: int | None = Field(None, ge=0, description="one channel; by default all together")
    row: int | None = Field(None, ge=0, description="place of the unit; by default the middle")
    column: int | None = Field(None, ge=0, description="place of the unit")
    images: int = Field(
        32, ge=1, le=256, description=f"test images that are averaged over{EXPENSIVE}"
    )


class EquivarianceOptions(OneImage):
    layer: int | None = Field(None, ge=1, description=f"by default the first with maps; {LAYER}")
    dx: int = Field(1, ge=-32, le=32, description="pixels to the right")
    dy: int = Field(0, ge=-32, le=32, description="pixels down")
    maps: int = Field(6, ge=1, le=64, description="most maps that are drawn")


ROWS = (
    ProbeRow(
        "feature_maps",
        "Feature maps",
        "The output of each layer for one image, and the class probabilities.",
        "convolutional networks",
        FeatureMapsOptions,
        models=CNN,
    ),
    ProbeRow(
        "filters",
        "Filters",
        "A layer's kernels, as small images.",
        "convolutional networks",
        FiltersOptions,
        models=CNN,
        unfit=without_kernels,
    ),
    ProbeRow(
        "convolution",
        "Convolution",
        "A kernel at one place of an image: the products, their sum, and the map they fill.",
        "convolutional networks",
        ConvolutionOptions,
        models=CNN,
        unfit=without_kernels,
    ),
    ProbeRow(
        "receptive_field",
        "Receptive field",
        "The input pixels that reach a unit: by the layers' sizes, and by gradient.",
        "convolutional networks",
        ReceptiveFieldOptions,
        models=CNN,
        unfit=without_maps,
    ),
    ProbeRow(
        "equivariance",
        "Equivariance",
        "The maps of a shifted image beside the shifted maps of the image.",
        "convolutional networks",
        EquivarianceOptions,
        models=CNN,
        unfit=without_maps,
    ),
)
