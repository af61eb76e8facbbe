"""What holds of every equation of a walk, whatever the family."""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import prod

import numpy as np
from numpy.testing import assert_allclose

from livenet.pictures import Equation, Operand, Picture, Worked
from livenet.probes.context import Context
from livenet.probes.run import run_probe
from livenet.spec import resolve
from livenet.training import Trainer
from tests.models.every import Document, small
from tests.training.runs import steps


def run_of(document: Document, most: int = 0) -> Trainer:
    """A small run of a document after ``most`` steps."""
    return steps(Trainer(resolve(small(document))), most)


def equations(picture: Picture) -> dict[str, Equation]:
    """By plot."""
    found = {plot.id: plot.marks[0] for plot in picture.plots}
    return {name: mark for name, mark in found.items() if isinstance(mark, Equation)}


def stage(context: Context, name: str, **options: object) -> Picture:
    return run_probe(context, "step_by_step", {"stage": name, **options})


def stages(context: Context, **options: object) -> Iterator[Picture]:
    """Every stage's picture, in order."""
    first = run_probe(context, "step_by_step", options)
    for one in first.facts["stages"]:
        yield stage(context, one["id"], **options)


def holds(equation: Equation, tolerance: float = 2e-5) -> None:
    """The worked terms give the result's entry, and name cells that exist and have its numbers."""
    worked = equation.worked
    if worked is None:
        return
    result = equation.items[0]
    assert isinstance(result, Operand)
    shown = result.values[worked.row - result.row, worked.column - result.column]
    assert_allclose(shown, worked.value, rtol=1e-6)
    values = np.array([term.value for term in worked.terms])
    total = values.sum() if worked.joined == "+" else prod(values.tolist())
    size = np.abs(values).sum() if worked.joined == "+" else abs(total)
    assert abs(total - worked.value) <= tolerance * max(size, 1e-3), equation.formula
    for term in worked.terms:
        for item, row, column in term.uses:
            used = equation.items[item]
            assert isinstance(used, Operand)
            assert 0 <= row < used.rows
            assert 0 <= column < used.columns
        if term.uses and not term.numbers and worked.joined == "+":
            assert_allclose(abs(_cell(equation, *term.uses[0])), abs(term.value), rtol=1e-6)


def all_hold(picture: Picture) -> None:
    found = equations(picture)
    assert found
    for equation in found.values():
        holds(equation)


def result_of(equation: Equation) -> Operand:
    result = equation.items[0]
    assert isinstance(result, Operand)
    return result


def near(found: float, expected: float, tolerance: float) -> None:
    """Of a derivative, to a share of its size."""
    assert abs(found - expected) <= tolerance * max(abs(expected), 0.05)


SCRIPT = r"(?:\\[A-Za-z]+|[^\\^_])"
TWICE = re.compile(rf"\^'*{SCRIPT}(?:_{SCRIPT})?\^|_{SCRIPT}(?:\^{SCRIPT})?_")


def written(equation: Equation) -> None:
    """Its LaTeX has as many opening as closing braces, and nothing has two sub- or superscripts."""
    texts = [equation.formula]
    texts += [one.symbol if isinstance(one, Operand) else one.latex for one in equation.items]
    if equation.worked is not None:
        texts.append(equation.worked.symbol)
        for term in equation.worked.terms:
            texts += [term.symbols, term.numbers]
    for text in texts:
        inner, count = text, 1
        while count:  # the innermost groups first, each then one letter
            for group in re.findall(r"\{([^{}]*)\}", inner):
                assert not TWICE.search(group), text
            inner, count = re.subn(r"\{[^{}]*\}", "x", inner)
        assert not TWICE.search(inner), text
        assert not set("{}") & set(inner), text


def _cell(equation: Equation, item: int, row: int, column: int) -> float:
    used = equation.items[item]
    assert isinstance(used, Operand)
    inside = (row - used.row, column - used.column)
    assert 0 <= inside[0] < len(used.values), "a used cell is shown"
    return float(used.values[inside])


def worked(picture: Picture, plot: str) -> Worked:
    found = equations(picture)[plot].worked
    assert found is not None
    return found
