"""The network itself, at points and as the affine maps of its pieces."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from livenet.geometry.arrays import Bytes, Floats, Ints
from livenet.geometry.layer import InputMap, Layer

CHUNK = 1 << 15  # units times pieces at a time


def outputs_at(layers: Sequence[Layer], input_map: InputMap, points: Floats) -> Floats:
    """(N, d) points -> (N, D_out) outputs."""
    h = input_map(points)
    for layer in layers:
        value = layer.activation(h @ layer.weight.T + layer.bias)
        h = h + value if layer.residual else value
    return h


def pieces_at(layers: Sequence[Layer], input_map: InputMap, points: Floats) -> list[Bytes]:
    """(N, d) points -> for each hidden layer (N, D), the piece each unit is on."""
    h = input_map(points)
    pieces: list[Bytes] = []
    for layer in layers[:-1]:
        z = h @ layer.weight.T + layer.bias
        pieces.append(layer.activation.pieces(z))
        value = layer.activation(z)
        h = h + value if layer.residual else value
    return pieces


@dataclass(frozen=True)
class AffineMaps:
    """x -> matrix x + offset on each of N pieces.

    Kept as rows (N, d + 1, D), the images of the d directions and then that of the origin, so
    that a layer takes all of them in one product.
    """

    rows: Floats

    @property
    def matrix(self) -> Floats:
        """A, (N, D, d)."""
        return self.rows[:, :-1].swapaxes(1, 2)

    @property
    def offset(self) -> Floats:
        """c, (N, D)."""
        return self.rows[:, -1]

    def __len__(self) -> int:
        return len(self.rows)

    def __call__(self, points: Floats) -> Floats:
        """One point for each piece, (N, d) -> (N, D)."""
        linear: Floats = np.einsum("nid,ni->nd", self.rows[:, :-1], points)
        return linear + self.offset

    def __getitem__(self, which: Ints) -> "AffineMaps":
        """The maps of the pieces chosen, in that order."""
        return AffineMaps(self.rows[which])

    def into(self, layer: Layer) -> "AffineMaps":
        """What enters the layer's units: z = W h + b."""
        n, d, width = self.rows.shape
        rows = (self.rows.reshape(-1, width) @ layer.weight.T).reshape(n, d, layer.width)
        rows[:, -1] += layer.bias
        return AffineMaps(rows)

    def through(self, layer: Layer, pieces: Bytes, parent: Ints) -> "AffineMaps":
        """What leaves the layer on each of M finer pieces.

        pieces (M, D), the piece each unit is on; parent (M,), which of the N pieces each is in.
        """
        return _leaving(self, self.into(layer), layer, pieces, parent)


def _leaving(
    reached: AffineMaps, entered: AffineMaps, layer: Layer, pieces: Bytes, parent: Ints
) -> AffineMaps:
    """σ(z), or h + σ(z) when residual, on M pieces: reached is h and entered z on N."""
    rows = entered.rows[parent]
    rows *= np.array(layer.activation.slopes)[pieces][:, None, :]
    if any(layer.activation.intercepts):
        rows[:, -1] += np.array(layer.activation.intercepts)[pieces]
    if layer.residual:
        rows += reached.rows[parent]
    return AffineMaps(rows)


def input_maps(input_map: InputMap) -> AffineMaps:
    """What enters the first layer, on the one piece that there is before it."""
    return AffineMaps(np.concatenate([input_map.matrix.T, input_map.offset[None]])[None])


def affine_maps(
    layers: Sequence[Layer],
    input_map: InputMap,
    pieces: Sequence[Bytes],
    parents: Sequence[Ints],
) -> AffineMaps:
    """The network on pieces that get finer with each hidden layer.

    For hidden layer l with M_l pieces: pieces[l] (M_l, D_l), the piece that each unit is on;
    parents[l] (M_l,), the piece before that layer that each is a part of (at first there is
    one). Returns the maps of the last M pieces to the outputs.
    """
    maps = input_maps(input_map)
    *before, output = layers
    if not before:
        return maps.into(output)
    for layer, of_layer, parent in zip(before[:-1], pieces[:-1], parents[:-1], strict=True):
        maps = maps.through(layer, of_layer, parent)
    last, of_last, parent = before[-1], pieces[-1], parents[-1]
    entered = maps.into(last)
    parts = []
    size = max(1, CHUNK // last.width)
    for at in range(0, len(parent), size):  # all at once would be D numbers where D_out are kept
        chunk = slice(at, at + size)
        part = _leaving(maps, entered, last, of_last[chunk], parent[chunk])
        parts.append(part.into(output).rows)
    return AffineMaps(np.concatenate(parts))
