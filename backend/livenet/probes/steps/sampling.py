"""How a symbol is sampled from θ: the temperature, the likeliest k, and their probabilities."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor

from livenet.errors import OptionError
from livenet.pictures import Axis, Bars, Plot, grid
from livenet.probes.steps.equations import Named, array, number, scaled
from livenet.probes.steps.predictions import softmax
from livenet.probes.steps.walk import Shown


def sampling(
    theta: Tensor, names: tuple[str, ...], temperature: float, top_k: int | None, row: int
) -> Shown:
    """Plots ``tempered`` (θ/τ), ``kept`` (the softmax of the k largest) and ``sampled``, the
    probability of each symbol. θ: (K,).

    Besides ``plain``, the probabilities at τ = 1 among all symbols.

    Facts: ``temperature``, ``top_k``, and ``kept``, the symbols that can be drawn. Raises
    OptionError if there are fewer symbols than ``top_k``.
    """
    count = len(theta)
    if top_k is not None and top_k > count:
        raise OptionError(
            f"top_k is {top_k}; there are {count} symbols",
            path="options.top_k",
            hint=f"1 to {count}, or null for all of them.",
        )
    k = 1 if temperature == 0 else top_k or count
    order = torch.argsort(theta, descending=True, stable=True)[:k]
    kept = order.sort().values.cpu()
    plots = []
    shares = torch.zeros(count, dtype=torch.float64)
    if temperature == 0:
        shares[kept] = 1.0
    else:
        tempered = theta / temperature
        some = tempered.cpu()[kept]
        chosen = some.softmax(0)
        shares[kept] = chosen.double()
        result = Named(r"\theta'", array(tempered), row_labels=names)
        share = r"\tfrac{1}{\tau}"
        mark = scaled(
            result,
            Named(r"\theta", array(theta), row_labels=names),
            1 / temperature,
            share,
            formula=rf"\theta' = \theta / \tau,\quad \tau = {number(temperature)}",
            at=(min(row, count - 1), 0),
        )
        plots.append(Plot("tempered", (mark,), title="Divide by the temperature"))
        labels = [names[int(symbol)] for symbol in kept]
        of = Named(r"\theta'", array(some), row_labels=labels)
        p = Named("p'", array(chosen), colors="sequential", peak=1.0, row_labels=labels)
        here = torch.nonzero(kept == min(row, count - 1)).flatten().tolist()
        title = "The softmax of all" if k == count else f"The softmax of the {k} likeliest"
        plots.append(Plot("kept", (softmax(p, of, (here[0] if here else 0, 0)),), title=title))
    plots.append(
        Plot(
            "sampled",
            (Bars(grid(np.asarray(shares)), names, horizontal=True),),
            title="How often each symbol is drawn",
            note=f"τ = {temperature:g}" + (f", the {k} likeliest" if k < count else ""),
            x=Axis("probability", 0.0, 1.0),
        )
    )
    before = theta.double().softmax(0).cpu().numpy()
    plots.append(
        Plot(
            "plain",
            (Bars(grid(before), names, horizontal=True),),
            title="The probabilities as they are",
            note="τ = 1, all symbols",
            x=Axis("probability", 0.0, 1.0),
        )
    )
    facts: dict[str, Any] = {
        "temperature": temperature,
        "top_k": top_k,
        "kept": [names[int(symbol)] for symbol in kept],
    }
    return Shown(tuple(plots), facts)
