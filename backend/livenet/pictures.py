"""Pictures: what a probe returns and a page draws.

A picture is a few plots that share a step. A plot is axes plus marks from a closed union, drawn
over one another in their order. The browser has one renderer for each mark, so a new probe is a new
arrangement of marks, and needs no change there.

Arrays are NumPy's; ``Packed`` has the shape of a field and its encoding in a frame (quantised, or
in half precision), which ``livenet.wire.frame`` implements. In JSON they are nested lists of
numbers, with null for non-finite values. docs/pictures.md describes both forms for other languages;
the page's types, the OpenAPI document and a test of that document are generated from the classes
here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar, Literal, get_args

import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict, Field, GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

Array = NDArray[Any]
Dtype = Literal["uint8", "int8", "float16", "float32", "index"]
Colors = Literal["diverging", "sequential", "classes"]
"""How values become colours: blue below 0 and orange above it, paper to full colour, or the colour
of a class by its number."""
Role = Literal["ink", "second", "third", "accent", "train", "test", "positive", "negative"]
"""The role of a line, a band or bars, for which a theme has a colour."""
ROLES: tuple[Role, ...] = get_args(Role)
Facts = Mapping[str, Any]
LARGEST = float(np.finfo(np.float32).max)


@dataclass(frozen=True)
class Packed:
    """The encoding of an array in a frame, and its shape.

    A uint8 is quantised between the mark's ``lo`` and ``hi``; an index has 16 bits if they suffice.
    ``drawn`` numbers are seen rather than read, so that bits below a pixel are left out: a "place"
    on an axis is rounded by at most 2⁻¹⁵ of the array's range, a "size" to 8 significant bits.
    """

    dtype: Dtype
    shape: str
    drawn: Literal["place", "size"] | None = None

    @property
    def rank(self) -> int:
        """The number of dimensions: 3 for "(N, H, W)"."""
        return len([size for size in self.shape.strip("()").split(",") if size.strip()])

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Its form in JSON: nested lists of numbers, with null for non-finite values."""
        found: CoreSchema = core_schema.nullable_schema(core_schema.float_schema(strict=True))
        for _ in range(self.rank):
            found = core_schema.list_schema(found)
        return found


@dataclass(frozen=True)
class Axis:
    """One axis: its label, and its ends, which are always finite."""

    label: str
    low: float
    high: float
    unit: str = ""
    scale: Literal["linear", "log"] = "linear"
    whole: bool = False
    """Whether it shows counts: its ticks are whole numbers."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "low", _end(self.low, 0.0))
        object.__setattr__(self, "high", _end(self.high, 1.0))


def _end(value: float, usual: float) -> float:
    """A finite end of an axis; ``usual`` in place of NaN."""
    return usual if value != value else max(-LARGEST, min(float(value), LARGEST))


@dataclass(frozen=True)
class Line:
    """A polyline through (x, y); NaN in y breaks it."""

    x: Annotated[Array, Packed("float32", "(N,)")]
    y: Annotated[Array, Packed("float32", "(N,)")]
    color: Role = "ink"
    label: str = ""
    width: float = 1.5
    """In pixels."""
    dashed: bool = False
    kind: Literal["line"] = "line"


@dataclass(frozen=True)
class Area:
    """A band between two curves."""

    x: Annotated[Array, Packed("float32", "(N,)")]
    low: Annotated[Array, Packed("float32", "(N,)")]
    high: Annotated[Array, Packed("float32", "(N,)")]
    color: Role = "second"
    label: str = ""
    kind: Literal["area"] = "area"


@dataclass(frozen=True)
class Heatmap:
    """Values on a grid over the plot's axes.

    Cells are centred: column j is at x_low + (j + ½)·(x_high − x_low)/W. The colour scale runs
    from ``lo`` to ``hi``; a diverging one is paper half way between them.
    """

    values: Annotated[Array, Packed("float16", "(H, W)")]
    """Row 0 is the lowest y, column 0 the lowest x. With ``classes`` colours, class numbers."""
    lo: float
    hi: float
    colors: Colors = "diverging"
    opacity: Annotated[Array, Packed("float16", "(H, W)")] | None = None
    """0 to 1: the confidence in the class."""
    label: str = ""
    kind: Literal["heatmap"] = "heatmap"


@dataclass(frozen=True)
class Polygons:
    """Polygons that share vertices: polygon i is ``corners[offsets[i]:offsets[i+1]]``."""

    vertices: Annotated[Array, Packed("float32", "(V, 2)")]
    """x, y of each."""
    corners: Annotated[Array, Packed("index", "(C,)")]
    """Row numbers of ``vertices``."""
    offsets: Annotated[Array, Packed("index", "(F + 1,)")]
    """The start of each polygon in ``corners``; the last is C."""
    values: Annotated[Array, Packed("float32", "(F,)")] | None = None
    """The fill of each, on the colour scale from ``lo`` to ``hi``; without them only edges are
    drawn."""
    groups: Annotated[Array, Packed("index", "(F,)")] | None = None
    """Between neighbours of one group there is no edge."""
    lo: float = 0.0
    hi: float = 1.0
    colors: Colors = "sequential"
    kind: Literal["polygons"] = "polygons"


@dataclass(frozen=True)
class Points:
    """Dots; with ``ellipses``, a pale ellipse behind each."""

    x: Annotated[Array, Packed("float32", "(N,)", drawn="place")]
    y: Annotated[Array, Packed("float32", "(N,)", drawn="place")]
    values: Annotated[Array, Packed("float32", "(N,)")]
    """Class numbers with ``classes`` colours; else values on the colour scale from ``lo`` to
    ``hi``, where these differ."""
    colors: Colors = "classes"
    lo: float = -1.0
    hi: float = 1.0
    hollow: bool = False
    """A ring in the dot's colour, as for test examples."""
    label: str = ""
    ellipses: Annotated[Array, Packed("float16", "(N, 3)", drawn="size")] | None = None
    """Two half axes in units of the axes, and the angle of the first to the x axis in radians."""
    kind: Literal["points"] = "points"


@dataclass(frozen=True)
class Bars:
    """Bars with a name each, from the bottom up along the y axis; or from left to right along the x
    axis, the first on top, each with its name before and its value behind it.
    """

    values: Annotated[Array, Packed("float32", "(N,)")]
    labels: tuple[str, ...]
    """One each."""
    color: Role = "accent"
    horizontal: bool = False
    kind: Literal["bars"] = "bars"


@dataclass(frozen=True)
class Tiles:
    """Small maps of one size, one a unit, in order; each with a colour scale of its own.

    The scale of tile i runs from −``peak[i]`` to ``peak[i]``. On the line H is 1, and the tile is a
    curve.
    """

    values: Annotated[Array, Packed("uint8", "(N, H, W)")]
    """In −1 .. 1: a unit's value over its peak; row 0 is the lowest."""
    peak: Annotated[Array, Packed("float32", "(N,)")]
    """The largest size of each unit's value; NaN where it has overflowed."""
    ids: tuple[str, ...]
    """"l.j": layer l (0: input features), unit j."""
    labels: tuple[str, ...]
    """One each."""
    lo: float = -1.0
    hi: float = 1.0
    colors: Colors = "diverging"
    kind: Literal["tiles"] = "tiles"


@dataclass(frozen=True)
class Images:
    """Small images of one size in rows, on one colour scale from lo to hi, each with a caption."""

    values: Annotated[Array, Packed("uint8", "(N, H, W)")]
    """In lo .. hi; row 0 of an image is on top."""
    labels: tuple[str, ...] = ()
    """One per image, or none."""
    columns: int | None = None
    """Images in a row; null is as many as fit."""
    lo: float = 0.0
    hi: float = 1.0
    colors: Colors = "sequential"
    right: Annotated[Array, Packed("int8", "(N,)")] | None = None
    """A frame: 1 right, 0 wrong, −1 no frame."""
    ids: tuple[str, ...] = ()
    """The value that a click on an image reports; one per image, or none."""
    kind: Literal["images"] = "images"


@dataclass(frozen=True)
class Matrix:
    """A matrix as a grid of cells; ``rows`` and ``columns`` are the names of its sides."""

    values: Annotated[Array, Packed("float16", "(R, C)")]
    """Row 0 is on top; NaN is no cell."""
    peak: float
    """Diverging colours run from −peak to peak, sequential ones from 0 to peak."""
    rows: str = ""
    columns: str = ""
    colors: Colors = "diverging"
    row_labels: tuple[str, ...] = ()
    """One per row, or none."""
    column_labels: tuple[str, ...] = ()
    """One per column, or none."""
    outlined: Annotated[Array, Packed("index", "(M, 2)")] | None = None
    """Row and column of cells with a frame: the ideal pattern of a task."""
    pixels: bool = False
    """Whether the cells are an image's pixels, with its colours."""
    kind: Literal["matrix"] = "matrix"


@dataclass(frozen=True)
class GraphLayer:
    """A layer of a network graph: its units, and their connections from the previous layer."""

    label: str
    note: str
    """Such as "8 units" or "tanh"."""
    units: tuple[str, ...]
    """A label for each shown unit."""
    total: int
    """Units in the layer, of which ``units`` are shown."""
    first: int = 0
    """The number of the first shown unit."""
    activation: str = ""
    formula: str = ""
    """LaTeX."""
    residual: bool = False


@dataclass(frozen=True)
class Graph:
    """A network as layers of nodes, in a plot without axes.

    It has only shown units: of large layers the requested number, from ``first`` on.
    """

    layers: tuple[GraphLayer, ...]
    """The first has the input features."""
    weights: tuple[Annotated[Array, Packed("float32", "(D(l+1), D(l))")], ...]
    """weights[l] joins layer l to layer l + 1."""
    biases: tuple[Annotated[Array, Packed("float32", "(D(l+1),)")], ...]
    """biases[l] belongs to layer l + 1; empty without biases."""
    kind: Literal["graph"] = "graph"


@dataclass(frozen=True)
class Text:
    """A text at a position in the plot's coordinates."""

    x: float
    y: float
    text: str
    kind: Literal["text"] = "text"


@dataclass(frozen=True)
class Operand:
    """A matrix in an equation; a vector is a matrix of one column, a number one of one cell."""

    symbol: str
    """LaTeX."""
    values: Annotated[Array, Packed("float32", "(R, C)")]
    """The shown part, row 0 on top; NaN is no cell."""
    rows: int
    """Rows of the whole matrix."""
    columns: int
    row: int = 0
    """The number of the first shown row."""
    column: int = 0
    note: str = ""
    """Such as the formula of an elementwise derivative."""
    peak: float = 1.0
    """Diverging colours run from −peak to peak, sequential ones from 0 to peak."""
    colors: Colors = "diverging"
    row_labels: tuple[str, ...] = ()
    """One per shown row, or none."""
    column_labels: tuple[str, ...] = ()
    """One per shown column, or none."""
    pixels: bool = False
    """Whether the cells are an image's pixels: small, and without numbers."""
    item: Literal["operand"] = "operand"


@dataclass(frozen=True)
class Sign:
    """What stands between operands: LaTeX, such as "=", "(" or r"\\odot"."""

    latex: str
    item: Literal["sign"] = "sign"


@dataclass(frozen=True)
class Term:
    """One of the parts that a number is made of."""

    symbols: str
    """LaTeX, such as r"W_{31} h_1"."""
    numbers: str
    """The same with numbers, LaTeX, such as r"-0.177 \\times 0.538"; empty without."""
    value: float
    uses: tuple[tuple[int, int, int], ...] = ()
    """The cells that it takes: the number of the item in the equation, row and column, both of the
    whole matrix."""


@dataclass(frozen=True)
class Worked:
    """How one entry of an equation's result came about: terms, joined, are its value."""

    symbol: str
    """LaTeX of the entry."""
    row: int
    column: int
    terms: tuple[Term, ...]
    value: float
    joined: Literal["+", "×"] = "+"


@dataclass(frozen=True)
class Equation:
    """A formula with its numbers: the first item is the result; one entry of it is worked out."""

    formula: str
    """LaTeX, of whole matrices."""
    items: tuple[Annotated[Operand | Sign, Field(discriminator="item")], ...]
    worked: Worked | None = None
    table: bool = False
    """Whether the items are a result, a column and a row, of whose products it is the table."""
    kind: Literal["equation"] = "equation"


Mark = (
    Line | Area | Heatmap | Polygons | Points | Bars | Tiles | Images | Matrix
    | Graph | Text | Equation
)  # fmt: skip


@dataclass(frozen=True)
class Plot:
    """Axes and the marks between them, drawn over one another in their order."""

    id: str
    marks: tuple[Annotated[Mark, Field(discriminator="kind")], ...]
    title: str = ""
    note: str = ""
    x: Axis | None = None
    y: Axis | None = None
    equal: bool = False
    """Whether x and y have one scale."""


@dataclass(frozen=True)
class Picture:
    """The result of a probe at one step: named numbers, and a few plots."""

    # For the OpenAPI document, nested types included: every field is always present.
    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(
        extra="forbid",
        json_schema_serialization_defaults_required=True,
        use_attribute_docstrings=True,
    )

    step: int
    plots: tuple[Plot, ...]
    facts: Facts = field(default_factory=dict)
    """Named values beside the plots, each a JSON value."""


def grid(values: Array) -> NDArray[np.float32]:
    """A copy of any array as float32, contiguous; too large values become infinite."""
    if values.dtype == np.float32:
        return np.array(values, order="C")
    with np.errstate(over="ignore"):
        return np.array(values, dtype=np.float32, order="C")
