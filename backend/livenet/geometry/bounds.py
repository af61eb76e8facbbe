"""How many activation regions a network can have."""

from collections.abc import Sequence
from math import comb

from livenet.geometry.layer import Layer


def bounds(
    widths: Sequence[int], input_dim: int, breaks_per_unit: int | Sequence[int] = 1
) -> dict[str, int]:
    """Upper bounds on the number of activation regions, for each hidden layer and in all.

    widths (D_1 … D_L) of the hidden layers; input_dim, of the input or of the slice through it;
    breaks_per_unit, one number or one for each layer (ReLU 1, hard tanh 2, linear 0).

    Layer l sees an affine image of the input of dimension at most r = min(input_dim, D_1 …
    D_{l−1}), residual or not, and lays K = D · breaks hyperplanes through it:

    - zaslavsky: Σ_{j ≤ r} C(K, j), the cells of K hyperplanes in general position in r
      dimensions (T. Zaslavsky, Facing up to arrangements, 1975). On the line that is K + 1.
      Parallel ones, as several breaks of one unit are, make fewer.
    - patterns: (breaks + 1)^D, one for each combination of pieces.

    Each cell of the layers before is cut at most so often, so the layers' numbers multiply
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
    total = {"zaslavsky": 1, "patterns": 1, "bound": 1}
    by_layer: dict[str, int] = {}
    rank = input_dim
    for number, (width, pieces) in enumerate(zip(widths, breaks, strict=True), start=1):
        cuts = width * pieces
        zaslavsky = sum(comb(cuts, j) for j in range(min(rank, cuts) + 1))
        patterns = (pieces + 1) ** width
        alone = (zaslavsky, patterns, min(zaslavsky, patterns))
        for name, count in zip(total, alone, strict=True):
            total[name] *= count
            by_layer[f"{name}_layer_{number}"] = count
            by_layer[f"{name}_through_{number}"] = total[name]
        rank = min(rank, width)
    return total | by_layer


def network_bounds(layers: Sequence[Layer], dimensions: int) -> dict[str, int]:
    """`bounds` of a network, output layer included, over a slice of so many dimensions."""
    hidden = layers[:-1]
    return bounds(
        [layer.width for layer in hidden],
        min(dimensions, layers[0].weight.shape[1]),
        [len(layer.activation.breaks) for layer in hidden],
    )
