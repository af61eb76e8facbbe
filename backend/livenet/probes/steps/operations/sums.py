"""Sums over all places of maps, and over the examples that a batch norm ties together."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from torch import Tensor

from livenet.pictures import Equation, Operand, Sign, Term
from livenet.probes.steps.equations import Named, explained, largest, operand
from livenet.probes.steps.operations.operation import Place, Value, numbers


def elsewhere(terms: Tensor, place: Place) -> tuple[Term, ...]:
    """The sum over the other examples of the batch, of terms (B, …); none if all are 0, as they are
    unless a batch norm follows."""
    apart = terms.double().flatten(1).sum(1)
    apart[place.example] = 0.0
    if not apart.count_nonzero():
        return ()
    return (Term(r"\text{through other examples}", "", float(apart.sum())),)


def products(
    result: Named,
    at: tuple[int, int],
    factors: tuple[Named, ...],
    terms: Tensor,
    place: Place,
    written: Callable[[int, int], tuple[str, str]],
    formula: str,
) -> Equation:
    """result = Σ over places of the product of factors, each (H, W); terms (B, H, W) are the
    products for every example. ``written`` gives a term's LaTeX, and the same with numbers."""
    values = numbers(terms.double()[place.example])
    width = values.shape[1]
    row, column = np.unravel_index(int(np.abs(values).argmax()), values.shape)
    items: list[Operand | Sign] = [Sign(r"\sum")]
    for factor in factors:
        if len(items) > 1:
            items.append(Sign(r"\odot"))
        items.append(operand(factor, int(row), int(column)))
    places = tuple(3 + 2 * i for i in range(len(factors)))

    def made(index: int) -> Term:
        a, b = divmod(index, width)
        symbols, text = written(a, b)
        return Term(symbols, text, float(values[a, b]), tuple((i, a, b) for i in places))

    found = (*largest(values.reshape(-1), made), *elsewhere(terms, place))
    return explained(result, items, found, formula=formula, at=at)


def by_bias(result: Named, row: int, after: Value, place: Place, formula: str) -> Equation:
    """∂ℓ/∂b_c (C, 1) = Σ over places of δ_c: of maps (B, C, H, W), or of vectors (B, C)."""
    terms = after.differentiated[:, row]
    if terms.dim() == 1:
        delta, _ = after.back(place)
        own = Term(delta.entry(row, 0), "", delta.at(row, 0), ((2, row, 0),))
        items = [operand(delta, row, 0)]
        found = (own, *elsewhere(terms[:, None], place))
        return explained(result, items, found, formula=formula, at=(row, 0))
    delta, _ = after.back(place, row)
    return products(
        result, (row, 0), (delta,), terms, place, lambda a, b: (delta.entry(a, b), ""), formula
    )
