"""Every head's attention matrix A for one sequence, and its entropy."""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite, isqrt, lgamma, log
from typing import Any

import torch
from numpy.typing import NDArray
from torch import Tensor

from livenet.errors import OptionError
from livenet.models.attention import AttentionTrace
from livenet.models.attention import entropy as entropy_of
from livenet.models.transformer import Transformer
from livenet.pictures import Matrix, Picture, Plot, grid
from livenet.probes.context import Context
from livenet.probes.finite import finite
from livenet.probes.incomplete import incomplete
from livenet.probes.sequences.sequence import Sequence, sequence, sequences, shown
from livenet.probes.sequences.tokens import alphabet
from livenet.probes.transformers.ideal import Cells, ideal, mass
from livenet.probes.transformers.rows import AttentionOptions
from livenet.spec.data import Pairs
from livenet.spec.model.transformer_layers import layer_flops

MAX_CELLS = 12_000  # of all matrices: as many as fit in a frame
MAX_NUMBERS = 1 << 22  # numbers in a layer's matrices for the sequences processed at once: 16 MB
MAX_PLACES = 64  # of a longer sequence only the last ones


def attention(context: Context, options: AttentionOptions) -> Picture:
    """One plot ``{layer}.{head}`` per head: A, with queries as rows and keys as columns.

    If not all layers fit in a frame, only the requested layer, by default the last; of a long
    sequence the last positions that fit for all its heads, at most 64. Facts by head: ``entropy``
    (nats, the mean over queries) and ``on_ideal`` (share of A on the task's ideal pattern; null
    without one). Other facts: ``entropy_most`` (of uniform attention), ``d``, ``places`` and
    ``flops``, the cost of one layer's projections, its QKᵀ and A V, and its MLP at this T;
    ``layers``, their number, and ``room_for_all`` of them; ``source``, the text to type (of a pair
    without the answer), and ``symbols``, ``most`` and ``sequences`` as in ``tokens``.
    """
    model = transformer(context)
    seen = sequence(context, options.text, options.example)
    chosen = layer_of(model, options.layer) if options.layer is not None else None
    cells = ideal_of(context, model, seen)
    places = min(seen.steps, MAX_PLACES)
    heads = model.spec.heads
    count = len(model.blocks)
    room_for_all = count * heads * places**2 <= MAX_CELLS
    if chosen is None and not room_for_all:
        chosen = count
    places = min(places, isqrt(MAX_CELLS // heads))
    shown = [chosen] if chosen is not None else range(1, count + 1)
    with torch.inference_mode():
        traces = enumerate(traced(model, seen.inputs), start=1)
        found = {layer: one.attention[0] for layer, one in traces if layer in shown}
    plots: list[Plot] = []
    entropies: dict[str, float | None] = {}
    on_ideal: dict[str, float | None] = {}
    for layer in shown:
        a = found[layer]  # (H, T, T)
        means = entropy_of(a).mean(1).tolist()
        for head, values in enumerate(a.cpu().numpy()):
            name = f"{layer}.{head + 1}"
            entropies[name] = finite(means[head])
            on_ideal[name] = mass(values, cells)
            note = f"H {means[head]:.2f}" if isfinite(means[head]) else ""
            matrix = attention_matrix(values, seen, cells, places)
            plots.append(Plot(name, (matrix,), title=f"Layer {layer}, head {head + 1}", note=note))
    facts = {
        "entropy": entropies,
        "on_ideal": on_ideal,
        "entropy_most": most_entropy(seen.steps, model.spec.causal),
        "d": model.blocks[0].attention.d,
        "places": seen.steps,
        "layers": count,
        "room_for_all": room_for_all,
        "flops": layer_flops(model.spec, seen.steps),
        "source": list(_source(context, seen)),
        **incomplete(seen.missing),
        **alphabet(context),
    }
    return Picture(context.step, tuple(plots), facts)


def traced(model: Transformer, inputs: Tensor) -> Iterator[AttentionTrace]:
    """Yields each layer's attention trace, without dropout; one layer is in memory at a time."""
    h = model.embedded(inputs)
    for block in model.blocks:
        h, trace = block.trace(h)
        yield trace


def transformer(context: Context) -> Transformer:
    assert isinstance(context.model, Transformer)
    return context.model


def layer_of(model: Transformer, layer: int | None) -> int:
    """The given number (from 1) of a layer, by default the last. Raises OptionError."""
    count = len(model.blocks)
    if layer is not None and layer > count:
        raise OptionError(f"There is no layer {layer}", path="options.layer", hint=f"1 to {count}.")
    return count if layer is None else layer


def ideal_of(context: Context, model: Transformer, seen: Sequence) -> Cells | None:
    """The task's ideal pattern for a sequence as the model reads it."""
    return ideal(sequences(context), seen.inputs[0].cpu().numpy(), model.spec.causal)


def _source(context: Context, seen: Sequence) -> tuple[str, ...]:
    """The input of a sequence as labels: of a pair, the symbols before the separator."""
    data = sequences(context)
    if not isinstance(data, Pairs):
        return seen.labels
    separator = data.symbols_in[data.separator]
    return seen.labels[: seen.labels.index(separator)] if separator in seen.labels else seen.labels


def attention_matrix(
    values: NDArray[Any],
    seen: Sequence,
    cells: Cells | None,
    places: int = MAX_PLACES,
    start: int | None = None,
) -> Matrix:
    """A (T, T) for so many positions, from ``start`` or else the last ones, with the ideal's cells
    outlined."""
    start = max(0, seen.steps - places) if start is None else start
    end = start + places
    labels = shown(seen.labels[start:end])
    outlined = None
    if cells is not None:
        outlined = cells[((cells >= start) & (cells < end)).all(1)] - start
    return Matrix(
        grid(values[start:end, start:end]),
        1.0,
        rows="query",
        columns="key",
        colors="sequential",
        row_labels=labels,
        column_labels=labels,
        outlined=outlined if outlined is not None and len(outlined) else None,
    )


def place_labels(seen: Sequence, places: int = MAX_PLACES) -> tuple[str, ...]:
    """Labels of the last positions; a space has a visible sign."""
    return shown(seen.labels[-places:])


def most_entropy(steps: int, causal: bool) -> float:
    """The entropy of uniform attention, the mean over queries: log T; causal, log(T!)/T."""
    return lgamma(steps + 1) / steps if causal else log(steps)
