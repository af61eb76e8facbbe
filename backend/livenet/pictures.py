"""Pictures: what a probe returns and a page draws.

A picture is a few plots that share a step. A plot is axes plus marks from a closed union, drawn
over one another in their order. The browser has one renderer for each mark, so a new probe is a new
arrangement of marks, and needs no work there.

Arrays are NumPy's; ``Packed`` says how a field travels on the wire (quantised, or in half
precision), which ``livenet.wire.frame`` carries out. In JSON they are nested lists of numbers.

Colours are roles, never colours: ``diverging`` (negative blue, zero paper, positive orange),
``sequential`` (paper to full), ``classes`` (the fixed qualitative palette), ``series`` names for
lines (``train``, ``test``, ``ink``, ``second``, ``accent``, ``positive``, ``negative``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Colors = Literal["diverging", "sequential", "classes"]
Facts = Mapping[str, Any]


@dataclass(frozen=True)
class Packed:
    """How an array travels: its type on the wire.

    A uint8 is quantised between the mark's ``lo`` and ``hi``; an index takes 16 bits where it can.
    """

    dtype: Literal["uint8", "int8", "uint32", "float16", "float32", "index"]


@dataclass(frozen=True)
class Axis:
    """One axis: what it measures, and its ends."""

    label: str
    low: float
    high: float
    unit: str = ""
    scale: Literal["linear", "log"] = "linear"
    whole: bool = False
    """Whether it counts something, so that nothing lies between 1 and 2."""


@dataclass(frozen=True)
class Line:
    """A polyline through (x, y); NaN in y breaks it."""

    x: Annotated[Array, Packed("float32")]  # (N,)
    y: Annotated[Array, Packed("float32")]  # (N,)
    color: str = "ink"
    label: str = ""
    width: float = 1.5
    dashed: bool = False
    kind: Literal["line"] = "line"


@dataclass(frozen=True)
class Area:
    """A band between two curves."""

    x: Annotated[Array, Packed("float32")]  # (N,)
    low: Annotated[Array, Packed("float32")]  # (N,)
    high: Annotated[Array, Packed("float32")]  # (N,)
    color: str = "second"
    label: str = ""
    kind: Literal["area"] = "area"


@dataclass(frozen=True)
class Heatmap:
    """Values on a grid over the plot's axes; row 0 is the lowest y, column 0 the lowest x.

    Cells are centred: column j stands at x_low + (j + ½)·(x_high − x_low)/W. ``lo`` and ``hi`` are
    the ends of the colour scale, ``middle`` its paper colour (diverging). With ``classes`` colours
    the values are class numbers, and ``opacity`` (0 to 1) says how sure the net is.
    """

    values: Annotated[Array, Packed("float16")]  # (H, W)
    lo: float
    hi: float
    colors: Colors = "diverging"
    opacity: Annotated[Array | None, Packed("float16")] = None  # (H, W)
    label: str = ""
    kind: Literal["heatmap"] = "heatmap"


@dataclass(frozen=True)
class Polygons:
    """Polygons that share vertices: polygon i is ``corners[offsets[i]:offsets[i+1]]``."""

    vertices: Annotated[Array, Packed("float32")]  # (V, 2)
    corners: Annotated[Array, Packed("index")]  # (C,)
    offsets: Annotated[Array, Packed("index")]  # (F + 1,)
    values: Annotated[Array | None, Packed("float32")] = None  # (F,) fill, by the colour scale
    groups: Annotated[Array | None, Packed("index")] = None  # (F,) alike: no edge between them
    lo: float = 0.0
    hi: float = 1.0
    colors: Colors = "sequential"
    kind: Literal["polygons"] = "polygons"


@dataclass(frozen=True)
class Points:
    """Dots; ``values`` are class numbers or a value on the colour scale from lo to hi.

    ``ellipses`` are drawn pale behind the dots: two half axes in units of the axes, and the angle
    of the first to the x axis in radians.
    """

    x: Annotated[Array, Packed("float32")]  # (N,)
    y: Annotated[Array, Packed("float32")]  # (N,)
    values: Annotated[Array, Packed("float32")]  # (N,)
    colors: Colors = "classes"
    lo: float = -1.0
    hi: float = 1.0
    hollow: bool = False
    label: str = ""
    ellipses: Annotated[Array | None, Packed("float16")] = None  # (N, 3): a, b, angle
    kind: Literal["points"] = "points"


@dataclass(frozen=True)
class Bars:
    """Bars with a name each, from the bottom up along the y axis; or from left to right along the x
    axis, the first on top, each with its name before and its value behind it.
    """

    values: Annotated[Array, Packed("float32")]  # (N,)
    labels: tuple[str, ...]
    color: str = "accent"
    horizontal: bool = False
    kind: Literal["bars"] = "bars"


@dataclass(frozen=True)
class Tiles:
    """Small maps of one size, one a unit, in order; each with a colour scale of its own.

    Tile i shows ``values[i]`` (H, W), row 0 lowest; on the line H is 1 and the tile is a curve.
    Diverging around 0: the scale runs from −``peak[i]`` to ``peak[i]``.
    """

    values: Annotated[Array, Packed("uint8")]  # (N, H, W) in −1 .. 1, the value over its peak
    peak: Annotated[Array, Packed("float32")]  # (N,); NaN where a unit has overflowed
    ids: tuple[str, ...]  # "l.j": layer l (0: input features), unit j
    labels: tuple[str, ...]
    lo: float = -1.0
    hi: float = 1.0
    colors: Colors = "diverging"
    kind: Literal["tiles"] = "tiles"


@dataclass(frozen=True)
class Images:
    """Small images of one size in rows, on one colour scale from lo to hi, each with a caption.

    Row 0 of an image is on top. ``right`` gives an image a frame: 1 right, 0 wrong, −1 none.
    ``ids`` are what a click on an image reports.
    """

    values: Annotated[Array, Packed("uint8")]  # (N, H, W) in lo .. hi
    labels: tuple[str, ...] = ()  # a caption each, or none at all
    columns: int | None = None  # images a row; none: as many as there is room for
    lo: float = 0.0
    hi: float = 1.0
    colors: Colors = "sequential"
    right: Annotated[Array | None, Packed("int8")] = None  # (N,)
    ids: tuple[str, ...] = ()
    kind: Literal["images"] = "images"


@dataclass(frozen=True)
class Matrix:
    """A matrix as a grid of cells with row 0 on top; ``rows`` and ``columns`` name the sides.

    Diverging colours run from −peak to peak, sequential ones from 0 to peak. ``outlined`` cells
    have a frame: the ideal pattern of a task.
    """

    values: Annotated[Array, Packed("float16")]  # (R, C)
    peak: float
    rows: str = ""
    columns: str = ""
    colors: Colors = "diverging"
    row_labels: tuple[str, ...] = ()  # (R,) or none
    column_labels: tuple[str, ...] = ()  # (C,) or none
    outlined: Annotated[Array | None, Packed("index")] = None  # (M, 2): row, column
    kind: Literal["matrix"] = "matrix"


@dataclass(frozen=True)
class GraphLayer:
    """A layer of a network graph: its units, and how they come from the layer before."""

    label: str
    note: str  # "8 units", "tanh"
    units: tuple[str, ...]  # a label each
    total: int  # units in the layer, of which ``units`` are shown
    first: int = 0  # the number of the first that is shown
    activation: str = ""
    formula: str = ""
    residual: bool = False


@dataclass(frozen=True)
class Graph:
    """A network as layers of nodes; ``weights[l]`` (D(l+1), D(l)) joins layer l to layer l + 1.

    Only shown units are in it: of large layers as many as were asked for, from ``first`` on.
    """

    layers: tuple[GraphLayer, ...]
    weights: tuple[Annotated[Array, Packed("float32")], ...]
    biases: tuple[Annotated[Array, Packed("float32")], ...]  # of layers 1..L; empty without biases
    kind: Literal["graph"] = "graph"


@dataclass(frozen=True)
class Text:
    """Words at a place in the plot's coordinates."""

    x: float
    y: float
    text: str
    kind: Literal["text"] = "text"


Mark = Line | Area | Heatmap | Polygons | Points | Bars | Tiles | Images | Matrix | Graph | Text


@dataclass(frozen=True)
class Plot:
    """Axes and the marks between them; ``equal`` keeps x and y to one scale."""

    id: str
    marks: tuple[Mark, ...]
    title: str = ""
    note: str = ""
    x: Axis | None = None
    y: Axis | None = None
    equal: bool = False


@dataclass(frozen=True)
class Picture:
    """What a probe saw at one step: named numbers, and plots."""

    step: int
    plots: tuple[Plot, ...]
    facts: Facts = field(default_factory=dict)


def grid(values: Array) -> NDArray[np.float32]:
    """A copy of any array as float32, contiguous; what is too large for it becomes infinite."""
    with np.errstate(over="ignore"):
        return np.array(values, dtype=np.float32, order="C")
