"""Long computations check their budget, return what they have, and state what is missing.

All probes are made for a net of every family, with one example at a time. The clock counts its
reads only, so that the result does not depend on the machine's speed. Floating-point operations
between two reads are counted as well, which finds a probe that does not check its budget.
"""

from __future__ import annotations

import json
from functools import cache
from itertools import pairwise
from typing import Any

import pytest
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import flop_registry

from livenet.budget import Budget
from livenet.errors import LivenetError
from livenet.pictures import Picture
from livenet.probes import batching
from livenet.probes.autoencoders import semi_supervised
from livenet.probes.context import Context
from livenet.probes.run import run_probe
from livenet.probes.sequences import gradient_lag
from livenet.probes.table import PROBES
from livenet.spec import resolve
from livenet.spec.cost import forward_flops
from livenet.training import Trainer
from livenet.wire.frame import decode, document, encode
from tests.budgets import Ticking
from tests.probes.helpers import trained

AMPLE = 1_000_000
DIGITS = {"kind": "digits", "samples": 40}
CLASSES = {"kind": "blobs", "samples": 40, "count": 3}
CASES: dict[str, dict[str, Any]] = {
    "plane": {"data": CLASSES, "model": {"hidden": [12, 12, 12], "activation": "relu"}},
    "line": {"data": {"kind": "sine", "samples": 40},
             "model": {"hidden": [12, 12, 12], "activation": "relu"}},
    "cnn": {"data": DIGITS, "model": {"kind": "cnn", "blocks": [
        {"kind": "conv", "channels": 4}, {"kind": "residual", "channels": 4},
        {"kind": "max_pool"}, {"kind": "dense", "units": 8}]}},
    "lstm": {"data": {"kind": "delayed_recall", "delay": 6, "samples": 60},
             "model": {"kind": "rnn", "cell": "lstm", "hidden": 8, "depth": 2}},
    "gru": {"data": {"kind": "characters", "length": 8, "samples": 60},
            "model": {"kind": "rnn", "cell": "gru", "hidden": 8}},
    "waves": {"data": {"kind": "waves", "samples": 60}, "model": {"kind": "rnn", "hidden": 8}},
    "decoder": {"data": {"kind": "reverse", "length": 8, "samples": 60},
                "model": {"kind": "transformer", "form": "decoder", "width": 8, "heads": 2}},
    "text": {"data": {"kind": "characters", "length": 8, "samples": 60},
             "model": {"kind": "transformer", "width": 8, "heads": 2}},
    "encoder": {"data": {"kind": "sort", "length": 6, "samples": 60},
                "model": {"kind": "transformer", "width": 8, "heads": 2}},
    "autoencoder": {"data": DIGITS,
                    "model": {"kind": "autoencoder", "hidden": [8], "latent": 3}},
    "vae": {"data": DIGITS, "model": {"kind": "vae", "hidden": [8], "latent": 3}},
}  # fmt: skip
ASKED: dict[str, dict[str, Any]] = {
    "decision": {"resolution": 16},
    "neurons": {"resolution": 8},
    "gradient_depth": {"examples": 10},
    "gradient_correlation": {"points": 24},
    "bound": {"samples": 4, "images": 6},
    "gradient_variance": {"draws": 6, "images": 3},
    "semi_supervised": {"labels": [1, 2], "draws": 2},
    "latent_grid": {"size": 4},
    "samples": {"count": 8},
    "gradient_lag": {"sequences": 5},
    "entropy": {"sequences": 6},
    "receptive_field": {"images": 6},
    "continuations": {"length": 9, "count": 2},
}
TYPED = ("tokens", "states", "gates", "attention", "head")
MOST = 30.0
"""Forward passes of one example between two reads of the clock: forward and back of both twins are
12, an LSTM's gates and the way back through time 20."""

PAIRS = [
    (probe, case)
    for probe, row in PROBES.items()
    for case, document_ in CASES.items()
    if row.suits(resolve(document_))
]  # fmt: skip
EVERY = pytest.mark.parametrize(("probe", "case"), PAIRS)
SHORT = {  # what takes a fixed number of passes of one example, or what the cost model pays for
    "decision", "neurons", "network", "weights", "shapes", "feature_maps", "filters",
    "convolution", "equivariance", "attention_cost", "step_by_step",
    "tokens", "states", "gates", "attention", "head",  # but for a source that is typed to a decoder
}  # fmt: skip


class Counting(TorchDispatchMode):  # type: ignore[no-untyped-call]  # torch's __init_subclass__
    """Counts floating-point operations of matrix products and convolutions."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # torch's own
        self.flops = 0

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        found = func(*args, **(kwargs or {}))
        if count := flop_registry.get(func._overloadpacket):
            self.flops += int(count(*args, **(kwargs or {}), out_val=found))
        return found


@cache
def trainer(case: str) -> Trainer:
    return trained(CASES[case], steps=2)


@pytest.fixture(autouse=True)
def _one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batching, "BATCH_SECONDS", 0.0)  # a batch is an example
    monkeypatch.setattr(gradient_lag, "_untrained", type(gradient_lag._untrained)())
    monkeypatch.setattr(semi_supervised, "_pixels", type(semi_supervised._pixels)())


def asked(probe: str, case: str) -> dict[str, Any]:
    options = dict(ASKED.get(probe, {}))
    if probe in TYPED and case == "decoder":
        options["text"] = "1234567"
    if probe == "regions" and case == "cnn":
        options |= {"max_faces": 300}
    return options


def picture_of(
    probe: str, case: str, seconds: float, clock: Ticking | None = None
) -> Picture | None:
    """The picture within so many reads of the clock; None where the probe refuses the run."""
    for kept in (gradient_lag._untrained, semi_supervised._pixels):
        kept.clear()
    budget = Budget(seconds, clock or Ticking())
    try:
        return run_probe(Context.of(trainer(case), budget=budget), probe, asked(probe, case))
    except LivenetError:
        return None


@cache
def whole(probe: str, case: str) -> tuple[Picture | None, int]:
    """The picture that an ample budget allows, and how often the clock was read."""
    clock = Ticking()
    picture = picture_of(probe, case, AMPLE, clock)
    return picture, clock.reads - 1  # one is the budget's own, when it is made


def says(picture: Picture) -> bool:
    return bool(picture.facts.get("incomplete"))


def test_the_short_ones_are_probes() -> None:
    assert set(PROBES) >= SHORT
    assert set(PROBES) >= set(ASKED)


@EVERY
def test_with_an_ample_budget_a_picture_is_whole(probe: str, case: str) -> None:
    picture, reads = whole(probe, case)
    if picture is None:
        return
    assert not says(picture)
    assert not picture.facts.get("truncated", False)
    if probe not in SHORT and (probe, case) != ("continuations", "waves"):  # one wave, once
        assert reads > 1


@EVERY
def test_a_budget_ends_it_and_the_picture_says_so(probe: str, case: str) -> None:
    """However much of it is left: none at all, a little, half."""
    entire, count = whole(probe, case)
    if entire is None:
        return
    said = []
    for most in sorted({0, 1, 3, count // 4, count // 2} if count > 1 else {0}):
        clock = Ticking()
        picture = picture_of(probe, case, float(most), clock)
        assert picture is not None
        assert picture.plots
        json.dumps(document(picture), allow_nan=False)
        assert decode(encode(picture))["step"] == 2
        assert clock.reads <= count + 20
        said.append(says(picture))
        if says(picture):
            words = str(picture.facts["incomplete"])
            assert "processor time" in words
            assert words.endswith(".")
        else:  # then it is what it would have been
            assert picture.facts == entire.facts
    if count > 1:
        assert said[0], "a budget that is spent at once does not end it"


@EVERY
def test_no_probe_works_long_between_two_reads(probe: str, case: str) -> None:
    one, counter = trainer(case), Counting()
    marks: list[int] = []

    class Marked(Ticking):
        def __call__(self) -> float:
            marks.append(counter.flops)
            return super().__call__()

    with counter:
        picture_of(probe, case, AMPLE, Marked())
        marks.append(counter.flops)
    largest = max(after - before for before, after in pairwise(marks))
    # A step of training is one unit of work, forward and back.
    most = MOST * (one.spec.batch_size if probe == "step_by_step" else 1)
    # Those have maps that are as large as the cost model pays for.
    if probe not in ("decision", "neurons") and (probe, case) != ("regions", "cnn"):
        assert largest <= most * forward_flops(one.spec)
