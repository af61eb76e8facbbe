"""One head in equations: q, k and v, how query and key match, the shares, and their values."""

from __future__ import annotations

from dataclasses import replace
from math import sqrt
from typing import Any

import numpy as np

from livenet.models.attention import entropy
from livenet.pictures import Axis, Bars, Equation, Matrix, Plot, Sign, grid
from livenet.probes.finite import finite
from livenet.probes.sequences.sequence import sequences
from livenet.probes.steps.equations import (
    Named,
    array,
    combined,
    matrix_product,
    operand,
    scaled,
)
from livenet.probes.steps.predictions import softmax
from livenet.probes.steps.sequences import Reading
from livenet.probes.steps.transformer_names import Spot
from livenet.probes.steps.walk import Shown
from livenet.probes.transformers.attention import MAX_CELLS, MAX_PLACES, attention_matrix
from livenet.probes.transformers.ideal import Cells, ideal, mass


def ideal_of(spot: Spot, reading: Reading) -> Cells | None:
    """The task's ideal pattern for the sequence."""
    inputs = reading.seen.inputs[0].cpu().numpy()
    return ideal(sequences(reading.context), inputs, spot.layer.attention.causal)


def qkv(spot: Spot, row: int) -> list[Plot]:
    """The query of its place, and the key and the value of theirs."""
    plots = []
    row = min(row, spot.d - 1)
    for side, place, index, title in (
        ("Q", spot.query, "i", f"The query of place {spot.query + 1}"),
        ("K", spot.key, "j", f"The key of place {spot.key + 1}"),
        ("V", spot.key, "j", f"The value of place {spot.key + 1}"),
    ):
        name = side.lower()
        values = spot.of_head(getattr(spot.values.trace, name))
        result = Named(f"{name}_{{{index}}}", array(values[place]))
        w, b = spot.weight(side), spot.bias(side)
        read = spot.named(spot.read_symbol(index), spot.values.attention.read, place)
        formula = f"{result.symbol} = {w.symbol} {read.symbol} + {b.symbol}"
        mark = matrix_product(result, w, read, b, formula=formula, at=(row, 0))
        plots.append(Plot(name, (mark,), title=title))
    return plots


def scores(spot: Spot) -> list[Plot]:
    """How well the query matches every key: the products at one key, their sum, and its scale."""
    q, keys = spot.q(), spot.matrix("K")
    found = spot.of_head(spot.values.trace.scores)[spot.query]  # (T,)
    raw = keys.values.astype(np.float64) @ q.values
    match = Named(r"m_{i}", raw.astype(np.float32), row_labels=spot.labels)
    mark = matrix_product(match, keys, q, formula=r"m_{ij} = q_i \cdot k_j", at=(spot.key, 0))
    root = rf"\tfrac{{1}}{{\sqrt{{{spot.d}}}}}"
    all_scores = raw / sqrt(spot.d)
    shown = array(found)
    full = Named("s_{i}", np.where(np.isfinite(shown), shown, all_scores), row_labels=spot.labels)
    formula = rf"s_{{ij}} = m_{{ij}} / \sqrt{{d}},\quad d = {spot.d}"
    plots = [
        Plot("match", (mark,), title="Query times key, number by number"),
        Plot(
            "scaled",
            (scaled(full, match, 1 / sqrt(spot.d), root, formula=formula, at=(spot.key, 0)),),
            title="Scale by the root of the width",
        ),
    ]
    if not spot.layer.attention.causal:
        return plots
    # A hidden score is minus infinity: no cell.
    masked = Named("s_{i}", np.where(np.isfinite(shown), shown, np.nan), row_labels=spot.labels)
    items = (
        operand(masked, spot.key, 0),
        Sign("="),
        Sign(r"\operatorname{mask}"),
        operand(full, spot.key, 0),
    )
    equation = Equation(r"s_{ij} = -\infty \text{ for } j > i", items)
    title = "This key comes later: it is hidden" if spot.hidden else "Later keys are hidden"
    return [*plots, Plot("mask", (equation,), title=title)]


def shares(spot: Spot) -> list[Plot]:
    """The row's softmax."""
    trace = spot.values.trace
    score = spot.row("s_{i}", spot.of_head(trace.scores)[spot.query])
    row = spot.share_row()
    if spot.hidden:
        items = (operand(row, 0, 0), Sign(r"= \operatorname{softmax}"), operand(score, 0, 0))
        mark = Equation(r"a_{ij} = 0 \text{ for } j > i", items)
    else:
        mark = softmax(row, score, (spot.key, 0))
        mark = replace(mark, formula=r"a_{ij} = e^{s_{ij}} / \textstyle\sum_k e^{s_{ik}}")
    plots = [Plot("shares", (mark,), title="Scores become shares")]
    if spot.values.mask is not None and not spot.hidden:
        mask = spot.row("r_{i}", spot.of_head(spot.values.mask)[spot.query])
        mask = replace(mask, note="0, or 1/(1 − ρ)", colors="sequential")
        dropped = spot.dropped_row()
        formula = rf"{dropped.symbol} = a_{{i}} \odot r_{{i}}"
        equation = combined(dropped, [row, mask], "×", formula=formula, at=(spot.key, 0))
        plots.append(Plot("dropout", (equation,), title="Drop some"))
    values = spot.shares.cpu().numpy()
    bars = Bars(grid(values), spot.labels)
    plots.append(Plot("bars", (bars,), title="What the query looks at", y=Axis("share", 0.0, 1.0)))
    return plots


def facts(spot: Spot, cells: Cells | None) -> dict[str, Any]:
    """The row's entropy in nats, and the share of A on the task's ideal."""
    a = spot.of_head(spot.values.trace.attention)
    return {
        "share": finite(float(spot.shares[spot.key])),
        "entropy": finite(float(entropy(spot.shares))),
        "on_ideal": mass(a.cpu().numpy(), cells),
        "d": spot.d,
    }


def values(spot: Spot, row: int) -> list[Plot]:
    """The values, weighed by the shares."""
    row = min(row, spot.d - 1)
    a, output, v = spot.dropped_row(), spot.output(), spot.matrix("V")
    seen = replace(v, values=v.values[: spot.visible], row_labels=spot.labels[: spot.visible])
    formula = rf"o_{{i}} = \textstyle\sum_j {a.symbol[:-4]}_{{ij}} v_j = V^\top {a.symbol}"
    mark = matrix_product(output, seen.transpose, a, formula=formula, at=(row, 0))
    plots = [Plot("values", (mark,), title="The values, weighed by the shares")]
    if spot.ablated:
        zero = Named(r"\hat o_{i}", np.zeros_like(output.values))
        equation = scaled(zero, output, 0.0, "0", formula=r"\hat o_{i} = 0", at=(row, 0))
        plots.append(Plot("ablated", (equation,), title="This head is left out"))
    return plots


def heads(spot: Spot, reading: Reading) -> Shown:
    """A of every head of the layer, ``head.1`` on, with the task's ideal; of a long sequence the
    last places."""
    cells = ideal_of(spot, reading)
    every = spot.values.trace.attention[spot.at].detach().cpu().numpy()  # (H, T, T)
    places = min(MAX_PLACES, int((MAX_CELLS / len(every)) ** 0.5))
    plots = [
        Plot(
            f"head.{head}",
            (attention_matrix(one, reading.seen, cells, places),),
            title=f"Head {head}",
        )
        for head, one in enumerate(every, start=1)
    ]
    on_ideal = {str(head): mass(one, cells) for head, one in enumerate(every, start=1)}
    return Shown(tuple(plots), {"on_ideal_of": on_ideal})


def parts(spot: Spot) -> Plot:
    """What each head, and the bias, adds to the stream at the query."""
    out = spot.layer.attention.out
    each = spot.values.heads[spot.at, :, spot.query].detach()  # (H, d)
    rows = [
        out.weight[:, head * spot.d : (head + 1) * spot.d].detach() @ one
        for head, one in enumerate(each)
    ]
    names = [f"head {head}" for head in range(1, len(rows) + 1)]
    values = np.stack([array(one)[:MAX_PLACES, 0] for one in [*rows, out.bias]])
    finite_ones = np.abs(values[np.isfinite(values)])
    matrix = Matrix(
        grid(values),
        max(float(finite_ones.max(initial=0.0)), 1e-12),
        rows="part",
        columns="number",
        row_labels=(*names, "bias"),
    )
    note = f"±{matrix.peak:.3g}"
    return Plot("parts", (matrix,), title="What each head adds", note=note)
