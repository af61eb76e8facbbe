"""Equations with their numbers, one entry of each worked out.

An equation's result is what the network computed; the terms of its worked entry are computed from
the operands in double precision. Tests hold their sum to the result.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import prod
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from livenet.pictures import Colors, Equation, Operand, Sign, Term, Worked, grid

MOST_SHOWN = 24  # rows and columns of an operand of many cells
MOST_CELLS = 4096  # of an operand that is sent whole
MOST_SUMMED = 512  # rows or columns that a sum runs over
MOST_TERMS = 64  # of a worked entry; the smaller ones are one term together

_SUBSCRIPT = re.compile(r"(.+?)_(\{[^{}]*\}|[^{}\\])((?:\^\{[^{}]*\})?)")

Numbers = NDArray[np.floating[Any]]
Cells = tuple[tuple[int, int, int], ...]


@dataclass(frozen=True)
class Named:
    """A matrix (R, C) and how it is written; a vector has one column."""

    symbol: str
    values: Numbers
    note: str = ""
    colors: Colors = "diverging"
    peak: float | None = None
    """Of the colours; by default the largest finite size."""
    transposed: bool = False
    """Whether it is the transpose of what ``symbol`` says."""
    row_labels: Sequence[str] = ()
    column_labels: Sequence[str] = ()
    pixels: bool = False
    matrix: bool = False
    """Whether entries have two indices even if there is one row or one column."""
    of: str = ""
    """What entries are derivatives by, for a symbol that is a fraction."""
    within: tuple[int, ...] = ()
    """The indices, from 0, of a part of a larger array: a channel of feature maps (C, R, C)."""

    @property
    def latex(self) -> str:
        if self.of:
            inner = Named(self.of, self.values, within=self.within).latex
            return rf"\frac{{\partial \ell}}{{\partial {inner}}}"
        if self.within:
            return f"{self.symbol}_{{{','.join(str(i + 1) for i in self.within)}}}"
        return transpose_of(self.symbol) if self.transposed else self.symbol

    @property
    def shape(self) -> tuple[int, int]:
        rows, columns = self.values.shape
        return rows, columns

    def entry(self, row: int, column: int) -> str:
        """LaTeX of one entry, numbered from 1."""
        shape = self.shape
        if self.transposed:
            row, column, shape = column, row, shape[::-1]
        if self.of:
            empty = np.empty(shape)
            inner = Named(self.of, empty, matrix=self.matrix, within=self.within).entry(row, column)
            return rf"\frac{{\partial \ell}}{{\partial {inner}}}"
        if self.within:
            indices = *self.within, row, column
            return f"{self.symbol}_{{{','.join(str(i + 1) for i in indices)}}}"
        if self.matrix or min(shape) > 1:
            comma = "" if max(shape) < 10 else ","
            return _indexed(self.symbol, f"{row + 1}{comma}{column + 1}")
        return self.symbol if max(shape) == 1 else _indexed(self.symbol, str(max(row, column) + 1))

    def at(self, row: int, column: int) -> float:
        return float(self.values[row, column])

    @property
    def transpose(self) -> Named:
        return replace(
            self,
            values=self.values.T,
            transposed=not self.transposed,
            row_labels=self.column_labels,
            column_labels=self.row_labels,
        )


def transpose_of(symbol: str) -> str:
    """LaTeX of a matrix's transpose; a fraction is put in parentheses."""
    if symbol.startswith(r"\frac"):
        return rf"\left({symbol}\right)^\top"
    base, mark, upper = symbol.partition("^{")
    return f"{base}^{{{upper[:-1]}\\top}}" if mark else f"{base}^\\top"


def _indexed(symbol: str, index: str) -> str:
    """A symbol with an index; one that it has already stays before it, as in h_{t,3}."""
    found = _SUBSCRIPT.fullmatch(symbol)
    if found is None:
        return f"{symbol}_{{{index}}}"
    base, first, upper = found.groups()
    return f"{base}_{{{first.strip('{}')},{index}}}{upper}"


def derivative(of: str, values: Numbers, *, matrix: bool = False) -> Named:
    """∂ℓ/∂(of), (R, C)."""
    return Named(rf"\frac{{\partial \ell}}{{\partial {of}}}", values, of=of, matrix=matrix)


def array(values: Tensor) -> Numbers:
    """A tensor's numbers, (R, C) or (R,) as a column."""
    found: Numbers = values.detach().cpu().numpy()
    return found.reshape(len(found), -1) if found.ndim else found.reshape(1, 1)


def number(value: float) -> str:
    """A number in LaTeX, to four significant digits."""
    text = f"{value + 0.0:.4g}"  # without the sign of −0
    if "e" in text or "n" in text:  # an exponent; infinite, or not a number
        mantissa, mark, exponent = text.partition("e")
        text = f"\\text{{{mantissa}{mark}{int(exponent)}}}" if mark else f"\\text{{{text}}}"
    return text


def factor(value: float) -> str:
    """The same where a sign stands before it: negative numbers in parentheses."""
    return f"({number(value)})" if value < 0 else number(value)


def product(factors: Sequence[float]) -> str:
    """a × b × …, in LaTeX."""
    first, *others = factors
    return r" \times ".join([number(first), *map(factor, others)])


def operand(
    named: Named,
    row: int,
    column: int,
    summed: Literal["rows", "columns", ""] = "",
    most: int = MOST_SHOWN,
) -> Operand:
    """The part of a matrix around an entry, of at most so many rows and columns. One of few cells
    is whole, and of a large one the side that a sum runs over has up to MOST_SUMMED: no other entry
    would bring the rest of it."""
    (rows, columns), values = named.shape, named.values
    high = wide = most
    if rows * columns <= MOST_CELLS and not named.pixels:
        high, wide = rows, columns
    elif summed:
        high, wide = (MOST_SUMMED, wide) if summed == "rows" else (high, MOST_SUMMED)
    top, left = first_shown(row, rows, high), first_shown(column, columns, wide)
    down, across = slice(top, top + high), slice(left, left + wide)
    finite = values[np.isfinite(values)]
    peak = named.peak or float(np.abs(finite).max(initial=0.0))
    return Operand(
        named.latex,
        grid(values[down, across]),
        rows,
        columns,
        top,
        left,
        note=named.note,
        peak=max(peak, 1e-12),
        colors=named.colors,
        row_labels=tuple(named.row_labels[down]),
        column_labels=tuple(named.column_labels[across]),
        pixels=named.pixels,
    )


def first_shown(at: int, size: int, most: int) -> int:
    """The first of at most so many of ``size`` with ``at`` in their middle, as far as there are
    some on both sides."""
    return max(0, min(at - most // 2, size - most))


def few(terms: list[Term]) -> tuple[Term, ...]:
    """At most MOST_TERMS: the largest in their order, and the sum of the others."""
    if len(terms) <= MOST_TERMS:
        return tuple(terms)
    order = np.argsort([-abs(term.value) for term in terms], kind="stable")
    kept = sorted(order[: MOST_TERMS - 1])
    others = [terms[i].value for i in sorted(order[MOST_TERMS - 1 :])]
    rest = Term(rf"\text{{{len(others)} others}}", "", float(np.sum(others)))
    return (*(terms[i] for i in kept), rest)


def largest(values: Numbers, made: Callable[[int], Term]) -> tuple[Term, ...]:
    """The terms of a sum of many values (N,), as ``few`` gives them; ``made`` makes the i-th, for
    those alone that are kept."""
    if len(values) <= MOST_TERMS:
        return tuple(made(i) for i in range(len(values)))
    order = np.argsort(-np.abs(values), kind="stable")
    kept, others = np.sort(order[: MOST_TERMS - 1]), order[MOST_TERMS - 1 :]
    rest = Term(rf"\text{{{len(others)} others}}", "", float(values[others].sum()))
    return (*(made(int(i)) for i in kept), rest)


def explained(
    result: Named,
    items: Sequence[Operand | Sign],
    terms: Sequence[Term],
    *,
    formula: str,
    at: tuple[int, int],
) -> Equation:
    """result = items, with given terms that add up to the entry; the first item has number 2."""
    row, column = at
    whole = (operand(result, row, column), Sign("="), *items)
    return Equation(formula, whole, _worked(result, at, tuple(terms)))


def matrix_product(
    result: Named,
    left: Named,
    right: Named,
    plus: Named | None = None,
    *,
    formula: str,
    at: tuple[int, int],
) -> Equation:
    """result = left · right + plus: (R, K)(K, C) + (R, C) or (R, 1)."""
    row, column = at
    terms = [
        Term(
            f"{left.entry(row, k)} {right.entry(k, column)}",
            product((left.at(row, k), right.at(k, column))),
            left.at(row, k) * right.at(k, column),
            ((2, row, k), (4, k, column)),
        )
        for k in range(left.shape[1])
    ]
    middle = int(np.argmax([abs(term.value) for term in terms])) if terms else 0
    items: list[Operand | Sign] = [
        operand(result, row, column),
        Sign("="),
        operand(left, row, middle, summed="columns"),
        Sign(r"\cdot"),
        operand(right, middle, column, summed="rows"),
    ]
    if plus is not None:
        where = min(column, plus.shape[1] - 1)
        items += [Sign("+"), operand(plus, row, where)]
        terms = [
            *few(terms),
            Term(plus.entry(row, where), "", plus.at(row, where), ((6, row, where),)),
        ]
    else:
        terms = list(few(terms))
    return Equation(formula, tuple(items), _worked(result, at, tuple(terms)))


def combined(
    result: Named,
    parts: Sequence[Named],
    joined: str,
    *,
    formula: str,
    at: tuple[int, int],
) -> Equation:
    """Elementwise: result = part + part …, − or ⊙; a part of one column holds for all columns.

    ``joined`` is "+", "-" or "×".
    """
    row, column = at
    sign = {"+": "+", "-": "-", "×": r"\odot"}[joined]
    items: list[Operand | Sign] = [operand(result, row, column), Sign("=")]
    terms: list[Term] = []
    for part in parts:
        where = min(column, part.shape[1] - 1)
        if terms:
            items.append(Sign(sign))
        value = part.at(row, where)
        negative = joined == "-" and terms
        cell = (len(items), row, where)
        symbols = part.entry(row, where)
        terms.append(
            Term(f"-{symbols}" if negative else symbols, "", -value if negative else value, (cell,))
        )
        items.append(operand(part, row, where))
    join: Any = "×" if joined == "×" else "+"
    return Equation(formula, tuple(items), _worked(result, at, tuple(terms), join))


def sum_of_products(
    result: Named,
    products: Sequence[Sequence[Named]],
    *,
    formula: str,
    at: tuple[int, int],
) -> Equation:
    """Elementwise: result = a ⊙ b … + c ⊙ d …; all have the shape of the result."""
    row, column = at
    items: list[Operand | Sign] = [operand(result, row, column), Sign("=")]
    terms: list[Term] = []
    for factors in products:
        if terms:
            items.append(Sign("+"))
        cells: list[tuple[int, int, int]] = []
        for one in factors:
            if cells:
                items.append(Sign(r"\odot"))
            cells.append((len(items), row, column))
            items.append(operand(one, row, column))
        values = [one.at(row, column) for one in factors]
        symbols = r" \, ".join(one.entry(row, column) for one in factors)
        numbers = product(values) if len(values) > 1 else ""
        terms.append(Term(symbols, numbers, prod(values), tuple(cells)))
    return Equation(formula, tuple(items), _worked(result, at, tuple(terms)))


def renamed(equation: Equation, old: str, new: str) -> Equation:
    """The same with another LaTeX in place of ``old``, wherever it is written."""

    def text(latex: str) -> str:
        return latex.replace(old, new)

    items = tuple(
        replace(one, symbol=text(one.symbol))
        if isinstance(one, Operand)
        else replace(one, latex=text(one.latex))
        for one in equation.items
    )
    worked = equation.worked
    if worked is not None:
        terms = tuple(replace(one, symbols=text(one.symbols)) for one in worked.terms)
        worked = replace(worked, symbol=text(worked.symbol), terms=terms)
    return replace(equation, formula=text(equation.formula), items=items, worked=worked)


def scaled(
    result: Named, part: Named, by: float, symbol: str, *, formula: str, at: tuple[int, int]
) -> Equation:
    """result = by · part; ``symbol`` is LaTeX of the number ``by``."""
    row, column = at
    items = (
        operand(result, row, column),
        Sign("="),
        Sign(symbol),
        Sign(r"\cdot"),
        operand(part, row, column),
    )
    value = part.at(row, column)
    term = Term(
        rf"{symbol} \, {part.entry(row, column)}",
        product((by, value)),
        by * value,
        ((4, row, column),),
    )
    return Equation(formula, items, _worked(result, at, (term,)))


def pointwise(
    result: Named,
    argument: Named,
    function: Callable[[str], str],
    *,
    formula: str,
    at: tuple[int, int],
    uses: Cells | None = None,
) -> Equation:
    """result = f(argument), elementwise; ``function`` gives LaTeX of f of some LaTeX."""
    row, column = at
    items = (
        operand(result, row, column),
        Sign("="),
        Sign(function(r"\,\cdot\,")),
        operand(argument, row, column),
    )
    term = Term(
        function(argument.entry(row, column)),
        function(factor(argument.at(row, column))),
        result.at(row, column),
        uses or ((3, row, column),),
    )
    return Equation(formula, items, _worked(result, at, (term,)))


def table(
    result: Named, column: Named, row: Named, *, formula: str, at: tuple[int, int]
) -> Equation:
    """The outer product of a column (R, 1) and a row (1, C), as a table of all their products."""
    r, c = at
    items = (operand(result, r, c), operand(column, r, 0), operand(row, 0, c))
    term = Term(
        f"{column.entry(r, 0)} {row.entry(0, c)}",
        product((column.at(r, 0), row.at(0, c))),
        column.at(r, 0) * row.at(0, c),
        ((1, r, 0), (2, 0, c)),
    )
    return Equation(formula, items, _worked(result, at, (term,)), table=True)


def _worked(
    result: Named, at: tuple[int, int], terms: tuple[Term, ...], joined: Any = "+"
) -> Worked:
    row, column = at
    return Worked(result.entry(row, column), row, column, terms, result.at(row, column), joined)
