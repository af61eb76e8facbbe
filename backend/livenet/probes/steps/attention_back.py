"""The way back through one head in equations: W_out, the shares, the softmax, q, k and v."""

from __future__ import annotations

from dataclasses import replace
from math import sqrt

import numpy as np
import torch

from livenet.pictures import Plot
from livenet.probes.steps.equations import (
    Named,
    array,
    combined,
    derivative,
    matrix_product,
    scaled,
)
from livenet.probes.steps.transformer_back import Back


def heads(back: Back) -> list[Plot]:
    """Through W_out to the head's output and, of its rows, to the shares."""
    spot = back.spot
    y = spot.by(back.back, "y_{t}", spot.values.attention.change)
    weight = spot.layer.attention.out.weight[:, spot.columns()]
    w = Named("W_{O}", array(weight), matrix=True, note=f"columns of head {spot.head}")
    result = derivative("o_{i}", array(back.of_query(spot.values.heads)))
    name = f"layers.{spot.number - 1}.attention.out.weight"
    return [
        back.product("back_head", "Back through W_O", result, w.transpose, y),
        back.gradient(name, "W_{O}", y.symbol, "o_{t}", "The output matrix: a term a place"),
    ]


def softmax(back: Back) -> list[Plot]:
    """From the head's output to the shares, and through the softmax to the scores."""
    spot = back.spot
    output = derivative("o_{i}", array(back.of_query(spot.values.values)))
    v = spot.matrix("V")
    seen = replace(v, values=v.values[: spot.visible], row_labels=spot.labels[: spot.visible])
    trace = spot.values.trace
    shares = spot.row("a", back.of_query(trace.attention))
    shares = derivative("a_{i}", shares.values)
    plots: list[Plot] = []
    key = min(spot.key, spot.visible - 1)
    if spot.values.mask is None:
        formula = rf"{shares.symbol} = V {output.symbol}"
        mark = matrix_product(shares, seen, output, formula=formula, at=(key, 0))
        plots.append(Plot("back_shares", (mark,), title="How the loss depends on the shares"))
    else:
        dropped = (seen.values.astype(np.float64) @ output.values).astype(np.float32)
        inner = derivative(r"\hat a_{i}", dropped)
        formula = rf"{inner.symbol} = V {output.symbol}"
        mark = matrix_product(inner, seen, output, formula=formula, at=(key, 0))
        plots.append(Plot("back_shares", (mark,), title="How the loss depends on the shares"))
        r = spot.row("r_{i}", spot.of_head(spot.values.mask)[spot.query])
        formula = rf"{shares.symbol} = {inner.symbol} \odot r_{{i}}"
        mark = combined(shares, [inner, r], "×", formula=formula, at=(key, 0))
        plots.append(Plot("dropped", (mark,), title="Dropped shares pass nothing on"))
    a = spot.shares[: spot.visible].double()
    jacobian = Named("J", array(torch.diag(a) - torch.outer(a, a)), note="∂a/∂s", matrix=True)
    scores = derivative("s_{i}", spot.row("s", back.of_query(trace.scores)).values)
    formula = rf"{scores.symbol} = J^\top {shares.symbol},\quad J_{{jk}} = a_j([j{{=}}k] - a_k)"
    mark = matrix_product(scores, jacobian.transpose, shares, formula=formula, at=(key, 0))
    return [*plots, Plot("back_scores", (mark,), title="Back through the softmax of the row")]


def qkv(back: Back) -> list[Plot]:
    """From the scores to the query, the key and the value, and to the matrices."""
    spot, trace = back.spot, back.spot.values.trace
    scores = spot.of_head(back.back.by(trace.scores))  # (T, T)
    root = rf"\tfrac{{1}}{{\sqrt{{{spot.d}}}}}"
    by_row = derivative("s_{i}", array(scores[spot.query]))
    by_column = derivative("s_{j}", array(scores[:, spot.key]))
    row = min(back.row, spot.d - 1)
    plots = []
    for side, other, error, of, place in (
        ("Q", spot.matrix("K"), by_row, "q_{i}", spot.query),
        ("K", spot.matrix("Q"), by_column, "k_{j}", spot.key),
    ):
        values = spot.of_head(back.back.by(getattr(trace, side.lower())))[place]
        result = derivative(of, array(values))
        inner = Named("a" if side == "Q" else "b", array(values * sqrt(spot.d)))
        w = other.transpose
        first = _head_product(f"match_{side.lower()}", inner, w, error, row)
        formula = f"{result.symbol} = {inner.symbol} / \\sqrt d"
        mark = scaled(result, inner, 1 / sqrt(spot.d), root, formula=formula, at=(row, 0))
        name = "query" if side == "Q" else "key"
        plots += [first, Plot(f"back_{side.lower()}", (mark,), title=f"The {name}")]
    plots.append(_value(back, row))
    return plots


def _head_product(plot: str, result: Named, w: Named, error: Named, row: int) -> Plot:
    formula = f"{result.symbol} = {w.latex} {error.symbol}"
    mark = matrix_product(result, w, error, formula=formula, at=(row, 0))
    read = "keys" if w.symbol == "K" else "queries"
    return Plot(plot, (mark,), title=f"Over all {read} that it met")


def _value(back: Back, row: int) -> Plot:
    """∂ℓ/∂v_j = Σ_i a_ij ∂ℓ/∂o_i."""
    spot, values = back.spot, back.spot.values
    a = spot.of_head(values.trace.attention)
    if values.mask is not None:
        a = a * spot.of_head(values.mask)
    shares = Named("a_{j}", array(a[:, spot.key]), colors="sequential", row_labels=spot.labels)
    outputs = Named("G", array(spot.of_head(back.back.by(values.values))), matrix=True)
    outputs = replace(outputs, note="∂ℓ/∂o of every query", row_labels=spot.labels)
    result = derivative("v_{j}", array(spot.of_head(back.back.by(values.trace.v))[spot.key]))
    by_output = r"\frac{\partial \ell}{\partial o_i}"
    formula = rf"{result.symbol} = \textstyle\sum_i a_{{ij}} {by_output} = G^\top a_{{j}}"
    mark = matrix_product(result, outputs.transpose, shares, formula=formula, at=(row, 0))
    return Plot("back_v", (mark,), title="The value, from all that looked at it")


def matrices(back: Back) -> list[Plot]:
    """The gradient of W_qkv: rows of queries, keys and values of all heads."""
    name = f"layers.{back.spot.number - 1}.attention.qkv.weight"
    read = back.spot.read_symbol("t")
    return [back.gradient(name, "W_{QKV}", r"\delta_t", read, "A term for every place")]
