"""The forward stages of a transformer in equations, at one place: embedding, parts, output."""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import Tensor

from livenet.models.stream import Added
from livenet.models.transformer import Embedding
from livenet.pictures import Equation, Plot
from livenet.probes.sequences.sequence import shown
from livenet.probes.steps import activations, attention, layer_norm
from livenet.probes.steps.equations import Named, array, combined, matrix_product
from livenet.probes.steps.transformer_names import Spot
from livenet.spec.choice import Choice


def symbols(spot: Spot, x: Tensor, row: int) -> list[Plot]:
    """The vector of what is read here; x (T, …) is the sequence."""
    model = spot.model
    result = spot.named("e_{t}", spot.kept.symbols)
    if isinstance(model.embedding, Embedding):
        weight = model.embedding.weight
        names = shown(model.data.symbols_in)
        one_hot = torch.zeros(len(weight), 1)
        one_hot[int(x[spot.query])] = 1.0
        read = Named("x_{t}", array(one_hot), colors="sequential", peak=1.0, row_labels=names)
        table = Named("E", array(weight), matrix=True, row_labels=names).transpose
        mark = matrix_product(result, table, read, formula=r"e_t = E^\top x_t", at=(row, 0))
        return [Plot("symbol", (mark,), title="The vector of the symbol: a row of E")]
    read = Named("x_{t}", array(x[spot.query]))
    w = Named("W_{E}", array(model.embedding.weight), matrix=True)
    b = Named("b_{E}", array(model.embedding.bias))
    mark = matrix_product(result, w, read, b, formula="e_t = W_E x_t + b_E", at=(row, 0))
    return [Plot("symbol", (mark,), title="The vector of the number")]


def positions(spot: Spot, row: int) -> list[Plot]:
    """The start of the stream: with the vector of the place, and dropout if there is any."""
    model, kept, t = spot.model, spot.kept, spot.query
    e = spot.named("e_{t}", kept.symbols)
    parts = [e]
    if model.positions is not None:
        parts.append(Named("p_{t}", array(model.positions.weight[t])))
    elif model.spec.positions == "sinusoidal":
        parts.append(Named("p_{t}", array(model.sines[t]), note="sines and cosines of t"))
    start = spot.stream(0)
    result = spot.named(start if kept.mask is None else "g_{t}", kept.embedded)
    formula = f"{result.symbol} = {' + '.join(part.symbol for part in parts)}"
    title = "Add the vector of the place" if len(parts) > 1 else "Nothing says where this place is"
    mark = combined(result, parts, "+", formula=formula, at=(row, 0))
    plots = [Plot("position", (mark,), title=title)]
    if kept.mask is not None:
        dropped = spot.named(start, kept.start)
        plots.append(dropout(spot, dropped, result, kept.mask, row))
    return plots


def dropout(spot: Spot, result: Named, part: Named, mask: Tensor, row: int) -> Plot:
    """result = part ⊙ the factors of dropout (B, T, D)."""
    r = replace(spot.named("r_{t}", mask), note="0, or 1/(1 − ρ)", colors="sequential")
    formula = rf"{result.symbol} = {part.symbol} \odot r_{{t}}"
    equation = combined(result, [part, r], "×", formula=formula, at=(row, 0))
    return Plot("dropout", (equation,), title="Drop some")


def norm_before(spot: Spot, added: Added, before: str, row: int, *, mlp: bool) -> list[Plot]:
    """The norm of what a part reads."""
    norm = spot.layer.mlp_norm if mlp else spot.layer.attention_norm
    assert norm is not None
    after = "n_{t}"
    return layer_norm.forward(
        norm, spot.named(before, added.before), spot.named(after, added.read), row
    )


def norm_after(spot: Spot, added: Added, after: str, row: int, *, mlp: bool) -> list[Plot]:
    """The norm of the sum."""
    norm = spot.layer.mlp_norm if mlp else spot.layer.attention_norm
    assert norm is not None
    return layer_norm.forward(
        norm, spot.named("w_{t}", added.total), spot.named(after, added.after), row
    )


def added_to(spot: Spot, added: Added, before: str, after: str, row: int) -> list[Plot]:
    """The residual addition, after dropout if there is any."""
    change = spot.named("y_{t}", added.change)
    plots = []
    if added.mask is not None:
        dropped = spot.named(r"\hat y_{t}", added.change * added.mask)
        plots.append(dropout(spot, dropped, change, added.mask, row))
        change = dropped
    total = spot.named(after if spot.layer.norm != "after" else "w_{t}", added.total)
    stream = spot.named(before, added.before)
    formula = f"{total.symbol} = {stream.symbol} + {change.symbol}"
    mark = combined(total, [stream, change], "+", formula=formula, at=(row, 0))
    return [*plots, Plot("added", (mark,), title="Add it to the stream")]


def projection(spot: Spot, row: int) -> list[Plot]:
    """W_out of the heads side by side, and what each head adds."""
    out = spot.layer.attention.out
    added = spot.values.attention
    result = spot.named("y_{t}", added.change)
    w, b = Named("W_{O}", array(out.weight), matrix=True), Named("b_{O}", array(out.bias))
    joined = spot.named("o_{t}", spot.values.joined)
    labels = [
        f"{head} · {k + 1}" for head in range(1, spot.layer.attention.heads + 1)
        for k in range(spot.d)
    ]  # fmt: skip
    joined = replace(joined, note="the heads side by side", row_labels=labels)
    mark = matrix_product(result, w, joined, b, formula="y_t = W_O o_t + b_O", at=(row, 0))
    plots = [Plot("projection", (mark,), title="Mix the heads"), attention.parts(spot)]
    after = spot.middle
    return [*plots, *added_to(spot, added, spot.stream(spot.number - 1), after, row)]


def mlp(spot: Spot, row: int) -> list[Plot]:
    """z = W₁ n + b₁, σ(z), W₂ σ(z) + b₂."""
    found, values = spot.layer.mlp, spot.values
    z = spot.named("z_{t}", values.z)
    at = min(row, len(z.values) - 1)
    read = spot.named(mlp_reads(spot), values.mlp.read)
    w1, b1 = (
        Named("W_{1}", array(found.hidden.weight), matrix=True),
        Named("b_{1}", array(found.hidden.bias)),
    )
    formula = f"z_t = W_1 {read.symbol} + b_1"
    first = matrix_product(z, w1, read, b1, formula=formula, at=(at, 0))
    g = spot.named("g_{t}", values.activated)
    second = activations.forward(chosen(spot), g, z, (at, 0))
    y = spot.named("y_{t}", values.mlp.change)
    w2, b2 = (
        Named("W_{2}", array(found.out.weight), matrix=True),
        Named("b_{2}", array(found.out.bias)),
    )
    out = min(row, len(y.values) - 1)
    third = matrix_product(y, w2, g, b2, formula="y_t = W_2 g_t + b_2", at=(out, 0))
    return [
        Plot("z", (first,), title="Weigh and add"),
        Plot("activated", (second,), title="Apply the activation"),
        Plot("change", (third,), title="Weigh and add"),
    ]


def mlp_reads(spot: Spot) -> str:
    return "n_{t}" if spot.first else spot.middle


def chosen(spot: Spot) -> Choice:
    """The MLP's activation."""
    found = spot.layer.mlp
    return Choice(found.row.kind, found.knobs)


def output(spot: Spot, row: int) -> Equation:
    """θ_t, the unembedding of what the output layer reads."""
    head = spot.model.head
    theta = spot.named(r"\theta_{t}", spot.kept.theta)
    w, b = Named("W_{U}", array(head.weight), matrix=True), Named("b_{U}", array(head.bias))
    read = spot.named(output_reads(spot), spot.kept.read)
    formula = rf"\theta_t = W_U {read.symbol} + b_U"
    at = (min(row, len(theta.values) - 1), 0)
    return matrix_product(theta, w, read, b, formula=formula, at=at)


def output_reads(spot: Spot) -> str:
    last = len(spot.model.blocks)
    return "n_{t}" if spot.model.norm is not None else spot.stream(last)
