"""The probe of linear regions."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from livenet.probes.fit import not_piecewise_linear
from livenet.probes.row import ProbeRow
from livenet.spec.base import Frozen


class RegionsOptions(Frozen):
    """On images the plane is x(u, v) = a + u (b − a) + v (c − a), through the three images a, b
    and c at (0, 0), (1, 0) and (0, 1); window and point are in u and v."""

    window: list[float] | None = Field(
        None,
        description="the part of the plane or line that is shown; on images "
        "[u_min, u_max, v_min, v_max]",
    )
    narrow: bool | None = Field(
        None,
        description="on images, where the window holds more than max_faces regions: draw a part "
        "about its middle that is cut by every layer, instead of all of it cut by the first "
        "units alone; by default where no window is given",
    )
    point: list[float] | None = Field(
        None, description="[x1, x2] or [x1]: answered with its region's pattern and affine map"
    )
    merge: bool = Field(False, description="draw linear regions, not activation regions")
    max_faces: int | None = Field(
        None,
        ge=100,
        description="most activation regions that are cut: 20,000, between images 1,300",
    )
    polygons: bool = Field(True, description="send the polygons, not the counts alone")
    images: list[Annotated[int, Field(ge=0)]] = Field(
        [0, 1, 2],
        min_length=3,
        max_length=3,
        description="on images: the test images that the plane goes through, at (0, 0), (1, 0) "
        "and (0, 1)",
    )


ROWS = (
    ProbeRow(
        "regions",
        "Linear regions",
        "The exact pieces on which the net is one affine map, cut neuron by neuron.",
        "piecewise-linear nets (ReLU, leaky ReLU or linear units, max pooling): MLPs on the "
        "features x1, x2, and convolutional networks, between three images",
        RegionsOptions,
        models=("mlp", "cnn"),
        families=("points", "images"),
        unfit=not_piecewise_linear,
    ),
)
