"""Upper bounds on the number of activation regions of a network."""

from collections.abc import Sequence
from math import comb
from typing import NamedTuple

from livenet.geometry.steps import Affine, Plain, Residual, Step, plain


def bounds(
    widths: Sequence[int], input_dim: int, breaks_per_unit: int | Sequence[int] = 1
) -> dict[str, int]:
    """Upper bounds on the number of activation regions, for each hidden layer and in total.

    widths (D_1 … D_L) of the hidden layers; input_dim, of the input or of the slice through it;
    breaks_per_unit, one number or one for each layer (ReLU 1, hard tanh 2, linear 0).

    Layer l sees an affine image of the input of dimension at most r = min(input_dim, D_1 …
    D_{l−1}), residual or not, and cuts it by K = D · breaks hyperplanes:

    - zaslavsky: Σ_{j ≤ r} C(K, j), the cells of K hyperplanes in general position in r
      dimensions (T. Zaslavsky, Facing up to arrangements, 1975). On the line that is K + 1.
      Parallel ones, such as several breaks of one unit, make fewer.
    - patterns: (breaks + 1)^D, one for each combination of pieces.

    Each cell of the layers before is cut into at most that many, so the layers' numbers multiply
    (Montúfar, 2017; Serra, Tjandraatmadja and Ramalingam, 2018).

    Returns exact integers under "zaslavsky" and "patterns" (all layers), "bound" (all layers,
    the lesser of the two for each), and for layer l from 1 upwards each of the three as
    "…_layer_l" (that layer alone) and "…_through_l" (layers 1 to l).

    Raises:
        ValueError: when a number is negative, or widths and breaks differ in length.
    """
    depth = len(widths)
    breaks = [breaks_per_unit] * depth if isinstance(breaks_per_unit, int) else breaks_per_unit
    if len(breaks) != depth:
        raise ValueError(f"{depth} widths given, but breaks for {len(breaks)} layers")
    if min([*widths, *breaks, input_dim]) < 0:
        raise ValueError("widths, breaks and dimensions cannot be negative")
    ranks = [min([input_dim, *widths[:number]]) for number in range(depth)]
    return _product(
        [
            _Cut(width, each, each + 1, rank)
            for width, each, rank in zip(widths, breaks, ranks, strict=True)
        ]
    )


def network_bounds(
    layers: Sequence[Step], dimensions: int, inputs: int | None = None
) -> dict[str, int]:
    """`bounds` of a network over a slice with ``dimensions`` dimensions, without the output layer.

    A pooled window of K units is a unit with K pieces and K (K − 1) / 2 hyperplanes, one for every
    pair of its units. inputs: the number of the network's inputs, needed if its first step is not
    affine, and so does not define it.
    """
    steps = plain(layers)
    arriving = _arriving(steps) if inputs is None else inputs
    return _product(_cuts(steps, arriving, dimensions)[0])


class _Cut(NamedTuple):
    """A step that cuts: its units, the hyperplanes and pieces of each, and the largest dimension
    of the image of a cell of the steps before."""

    width: int
    cuts: int
    pieces: int
    rank: int


def _product(cuts: Sequence[_Cut]) -> dict[str, int]:
    total = {"zaslavsky": 1, "patterns": 1, "bound": 1}
    by_layer: dict[str, int] = {}
    for number, cut in enumerate(cuts, start=1):
        lines = cut.width * cut.cuts
        zaslavsky = sum(comb(lines, j) for j in range(min(cut.rank, lines) + 1))
        patterns = cut.pieces**cut.width
        alone = (zaslavsky, patterns, min(zaslavsky, patterns))
        for name, count in zip(total, alone, strict=True):
            total[name] *= count
            by_layer[f"{name}_layer_{number}"] = count
            by_layer[f"{name}_through_{number}"] = total[name]
    return total | by_layer


def _cuts(steps: Sequence[Plain], width: int, rank: int) -> tuple[list[_Cut], int, int]:
    """The steps that cut; the number of outputs of the last step, and their rank."""
    rank = min(rank, width)
    found: list[_Cut] = []
    for step in steps:
        match step:
            case Residual():
                inside, width, _ = _cuts(step.body, width, rank)
                found.extend(inside)
            case Affine():
                width = step.width
            case _:
                width = step.leaving(width)
                found.append(_Cut(width, step.cuts, step.pieces, rank))
        rank = min(rank, width)
    return found, width, rank


def _arriving(steps: Sequence[Plain]) -> int:
    """The number of inputs of the first step."""
    first = steps[0]
    if isinstance(first, Residual):
        return _arriving(first.body)
    if not isinstance(first, Affine):
        raise ValueError("the first step is not affine; say how many inputs the network takes")
    return first.inputs
