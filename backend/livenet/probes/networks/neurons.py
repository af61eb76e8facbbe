"""Every unit's output h over the plane, as a small map of its own."""

from __future__ import annotations

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
    values: list[torch.Tensor] = []
    ids: list[str] = []
    with torch.inference_mode():
        h = context.inputs(window, size)  # (N, D(0))
        outputs = [h, *(layer.h for layer in context.mlp.trace(h))]
        for number in layers:
            layer = outputs[number]  # (N, D(l))
            first = firsts[number] if options.unit is None else 0
            units = _wanted(options.unit, layer.shape[1], "unit")[first : first + most]
            values.append(layer[:, units].T)
            ids += [f"{number}.{unit}" for unit in units]
        maps = torch.cat(values).cpu().numpy()  # (n, N)
    # A unit that has overflowed somewhere has no map: its peak is NaN.
    sound = np.isfinite(maps).all(axis=1)
    maps[~sound] = 0.0
    peak = np.maximum(np.abs(maps).max(axis=1), 1e-12)
    shape = (1, size) if context.on_line else (size, size)
    names = context.mlp.names
    labels = tuple(
        FEATURES[names[int(unit)]].label if layer == "0" else f"h{int(unit) + 1}"
        for layer, unit in (one.split(".") for one in ids)
    )
    values_over_peak = grid(maps / peak[:, None]).reshape(-1, *shape)
    peaks = grid(np.where(sound, peak, np.nan))
    tiles = Tiles(values_over_peak, peaks, tuple(ids), labels)
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


def _wanted(given: int | None, count: int, noun: str) -> list[int]:
    if given is None:
        return list(range(count))
    if given >= count:
        raise OptionError(
            f"There is no {noun} {given}", path=f"options.{noun}", hint=f"0 to {count - 1}."
        )
    return [given]
