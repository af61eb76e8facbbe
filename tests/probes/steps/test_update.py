"""The shown update is the one that the next step makes, for every optimizer, line by line."""

from __future__ import annotations

import re
from math import isclose
from typing import Any

import pytest
import torch
from numpy.testing import assert_allclose

from livenet.probes.context import Context
from tests.probes.helpers import trained
from tests.probes.steps.holding import equations, holds, stage
from tests.training.runs import OPTIMIZERS, names

PENALTIES = {"l2": 0.02, "l1": 0.003, "dropout": 0.2}


@pytest.mark.parametrize("steps", [0, 5])
@pytest.mark.parametrize("document", OPTIMIZERS, ids=names)
def test_update_is_that_of_the_next_step(document: dict[str, Any], steps: int) -> None:
    spec = {"optimizer": document, "regularization": PENALTIES, "model": {"hidden": [4, 3]}}
    one = trained({**spec, "arithmetic": "torch"}, steps)
    context = Context.of(one)
    pictures = {
        name: stage(context, "update", parameter=name, row=1, column=1)
        for name in one.parameters()
    }  # fmt: skip
    before = {name: value.clone() for name, value in one.parameters().items()}
    one.step()
    gradient = {name: one.flat.view(one.flat.gradient, name) for name in before}
    for name, picture in pictures.items():
        facts = picture.facts
        index = tuple(facts["index"])
        assert facts["shape"] == list(before[name].shape)
        assert facts["weight"] == float(before[name][index])
        assert facts["updated"] == float(one.parameters()[name][index])
        lines = {line["symbol"]: line for line in facts["lines"]}  # g: the last, with penalties
        assert_allclose(lines["g"]["value"], float(gradient[name][index]), rtol=1e-6)
        changed = facts["updated"] - facts["weight"]
        assert_allclose(lines[r"\Delta w"]["value"], changed, rtol=2e-3, atol=2e-7)
        for equation in equations(picture).values():
            holds(equation, 1e-4)
        each: Any = next(plot for plot in picture.plots if plot.id == "each").marks[0]
        mean = next(line["value"] for line in facts["lines"] if line["symbol"] == "g")
        assert_allclose(each.values.mean(), mean, rtol=1e-4, atol=1e-7)


@pytest.mark.parametrize("document", OPTIMIZERS, ids=names)
def test_numbers_of_a_line_give_its_value(document: dict[str, Any]) -> None:
    """The LaTeX with numbers, evaluated: what a student would type into a calculator."""
    one = trained({"optimizer": document, "regularization": PENALTIES}, 7)
    lines = stage(Context.of(one), "update", row=1, column=1).facts["lines"]
    assert len(lines) >= 2
    for line in lines[1:]:
        assert isclose(_calculated(line["numbers"]), line["value"], rel_tol=0.02, abs_tol=1e-9), (
            line
        )


def _calculated(latex: str) -> float:
    text = re.sub(r"\\text\{([^}]*)\}", r"\1", latex)
    text = re.sub(r"\\sqrt\{(.*)\}$", r"(\1)**0.5", text)
    text = re.sub(r"\^\{(\d+)\}", r"**\1", text).replace("^2", "**2")
    text = text.replace(r"\times", "*")
    assert re.fullmatch(r"[\d\s.e+\-*/()]*", text), text
    return float(eval(text))  # noqa: S307  # only digits and signs, as the line above asserts


def test_batch_is_that_of_the_next_step() -> None:
    one = trained({"model": {"hidden": [3]}}, 2)
    facts = stage(Context.of(one), "input").facts
    assert facts["batch"] == one.batches.peek(one.spec.batch_size).tolist()
    assert facts["step"] == 3


def test_compiled_run_is_explained_in_tensors(arithmetic: str) -> None:
    """Its next step differs from the shown one by rounding only."""
    one = trained({"model": {"hidden": [4, 3]}, "arithmetic": arithmetic}, 5)
    picture = stage(Context.of(one), "update", parameter="layers.1.weight", row=2, column=3)
    one.step()
    new = float(one.parameters()["layers.1.weight"][2, 3])
    assert_allclose(picture.facts["updated"], new, rtol=1e-5)
    assert torch.isfinite(one.flat.phi).all()
