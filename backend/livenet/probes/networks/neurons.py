"""Every unit's output h over the plane, as a small map of its own."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import torch

from livenet.errors import OptionError
from livenet.pictures import Axis, Picture, Plot, Tiles, grid
from livenet.probes.context import Context
from livenet.probes.incomplete import full, incomplete
from livenet.probes.networks.rows import NeuronsOptions
from livenet.probes.paging import first_units, shown_units
from livenet.spec.features import FEATURES

MAX_CELLS = 90_000  # of all maps: some 2 MB of JSON
LEAST_SIZE = 8  # cells per side of a map, before units are left out


def neurons(context: Context, options: NeuronsOptions) -> Picture:
    """One plot, ``neurons``, of tiles named "l.j": layer l (0: input features), unit j.

    A unit with an output that is not finite has peak NaN. ``options.layer`` and ``options.unit``
    select one map; ``options.first`` is the first shown unit of each layer. Fact: ``resolution``,
    the cells per side of a map.
    """
    window = context.window(options.window)
    widths = context.spec.widths
    layers = _wanted(options.layer, len(widths), "layer")
    firsts = first_units(options.first, widths)
    most, size, missing = _fitting(context, options, [widths[number] for number in layers])
    with torch.inference_mode():
        outputs = context.layers(context.inputs(window, size))
    shown: list[tuple[int, range]] = []
    for number in layers:
        first = firsts[number] if options.unit is None else 0
        units = _wanted(options.unit, widths[number], "unit")[first : first + most]
        shown.append((number, units))
    values = [outputs[number][units.start : units.stop] for number, units in shown]
    maps = np.concatenate(values)  # (n, N)
    # A unit that has overflowed somewhere has no map: its peak is NaN.
    sound = np.isfinite(maps).all(axis=1)
    maps[~sound] = 0.0
    peak = np.maximum(np.abs(maps).max(axis=1), 1e-12)
    shape = (1, size) if context.on_line else (size, size)
    values_over_peak = grid(maps / peak[:, None]).reshape(-1, *shape)
    peaks = grid(np.where(sound, peak, np.nan))
    tiles = Tiles(values_over_peak, peaks, *_names(context.mlp.names, tuple(shown)))
    y = None if context.on_line else Axis("x₂", window[2], window[3])
    plot = Plot("neurons", (tiles,), x=Axis("x₁", window[0], window[1]), y=y, equal=True)
    facts = {"resolution": size, **incomplete(missing)}
    return Picture(context.step, (plot,), facts)


def _fitting(context: Context, options: NeuronsOptions, widths: list[int]) -> tuple[int, int, str]:
    """The number of units per layer and of cells per side: as requested, or as many as can be
    computed in time and fit in an answer; and a text that names the units left out."""
    size = context.affordable(options.resolution, sum(context.spec.widths))
    if options.unit is not None:
        return 1, size, ""
    least = min(size, LEAST_SIZE)
    cells = 1 if context.on_line else 2  # power of the size
    units = max(1, min(options.units, MAX_CELLS // (len(widths) * least**cells)))
    maps = sum(min(width, units) for width in widths)
    size = max(least, min(size, int((MAX_CELLS / maps) ** (1 / cells))))
    if units >= min(options.units, max(widths)):
        return units, size, ""
    return units, size, full(shown_units(options.first, units), "Ask for one layer.")


@lru_cache(maxsize=256)
def _names(
    features: tuple[str, ...], shown: tuple[tuple[int, range], ...]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The ids and the labels of the shown units."""
    places = [(number, unit) for number, units in shown for unit in units]
    ids = tuple(f"{number}.{unit}" for number, unit in places)
    labels = tuple(
        f"h{unit + 1}" if number else FEATURES[features[unit]].label for number, unit in places
    )
    return ids, labels


def _wanted(given: int | None, count: int, noun: str) -> range:
    if given is None:
        return range(count)
    if given >= count:
        raise OptionError(
            f"There is no {noun} {given}", path=f"options.{noun}", hint=f"0 to {count - 1}."
        )
    return range(given, given + 1)
