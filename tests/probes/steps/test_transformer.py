"""The walk through transformers: every form, norm, position and task, each head and place."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose
from torch import Tensor

from livenet.budget import Budget
from livenet.errors import OptionError
from livenet.models.stream import stream as stream_of
from livenet.pictures import Bars, Matrix, Operand, Picture
from livenet.probes import batching
from livenet.probes.context import Context
from livenet.probes.run import run_probe
from livenet.training import Trainer
from livenet.wire.frame import decode, document, encode
from tests.probes.helpers import everything, mark, trained
from tests.probes.steps.holding import equations, holds, stage, stages, worked, written
from tests.probes.steps.transformer_by_hand import ByHand, Floats, net_of

DROPPED = {"regularization": {"dropout": 0.3}}
PAIRS = {"kind": "reverse", "samples": 60, "length": 4, "symbols": 5}
SPECS: dict[str, dict[str, Any]] = {
    "decoder": {"data": PAIRS, "model": {"form": "decoder", "width": 8, "heads": 2}, **DROPPED},
    "encoder": {
        "data": PAIRS,
        "model": {
            "form": "encoder",
            "width": 8,
            "heads": 4,
            "positions": "sinusoidal",
            "norm": "after",
            "activation": "relu",
        },
        **DROPPED,
    },
    "bare": {
        "data": {"kind": "associative_recall", "samples": 60, "count": 2},
        "model": {
            "kind": "transformer",
            "width": 6,
            "heads": 1,
            "depth": 1,
            "positions": "none",
            "norm": "none",
            "activation": "softmax",
        },
    },
    "reals": {
        "data": {"kind": "waves", "samples": 60, "length": 6},
        "model": {"kind": "transformer", "width": 6, "heads": 2, "depth": 1},
    },
    "addition": {
        "data": {"kind": "addition", "samples": 60, "length": 6},
        "model": {"kind": "transformer", "width": 4, "heads": 2, "depth": 1, "norm": "none"},
        **DROPPED,
    },
}


def net(name: str, steps: int = 3, **sections: Any) -> Trainer:
    return trained({"training": {"batch_size": 7}, **SPECS[name], **sections}, steps)


@pytest.mark.parametrize("part", ["batch", "test"])
@pytest.mark.parametrize("name", SPECS)
def test_every_equation_of_every_stage_holds(name: str, part: str) -> None:
    one = net(name)
    context = Context.of(one)
    before = everything(one)
    heads = net_of(one).spec.heads
    for place, key, head, row in ((0, 0, 1, 0), (2, 1, heads, 3), (3, None, 1, 5)):
        options = {"part": part, "example": 1, "place": place, "key": key, "head": head}
        for picture in stages(context, row=row, column=row, **options):
            assert picture.plots
            for equation in equations(picture).values():
                holds(equation)
                written(equation)
    assert everything(one) == before


def result(picture: Picture, plot: str) -> Floats:
    """An equation's result, as a vector or matrix."""
    shown = equations(picture)[plot].items[0]
    assert isinstance(shown, Operand)
    values = np.asarray(shown.values, np.float64)
    return values[:, 0] if values.shape[1] == 1 else values


CASES = [(name, part) for name in SPECS for part in ("batch", "test")]
PLACES = pytest.mark.parametrize(("query", "key"), [(3, 1), (2, 2)])


@pytest.mark.parametrize(("name", "part"), CASES)
@PLACES
def test_the_forward_numbers_are_those_of_the_equations(
    name: str, part: str, query: int, key: int
) -> None:
    one = net(name)
    context, hand = Context.of(one), ByHand(one, part, 2)
    spec, heads, v = hand.spec, hand.spec.heads, hand.v
    asked: dict[str, Any] = {"part": part, "example": 2}
    asked |= {"place": query, "key": key, "head": heads}

    def close(id: str, plot: str, value: Tensor) -> None:
        found = result(stage(context, id, **asked), plot)
        assert_allclose(found, value.detach().numpy()[: len(found)], atol=3e-5, err_msg=plot)

    close("symbols", "symbol", v["symbols"][query])
    close("positions", "position", v["embedded"][query])
    for k in range(1, spec.depth + 1):
        if spec.norm == "before":
            close(f"norm{k}", "norm", v[f"n{k}"][query])
            close(f"mlp_norm{k}", "norm", v[f"m{k}"][query])
        if spec.norm == "after":
            close(f"attention_norm{k}", "norm", v[f"u{k}"][query])
            close(f"mlp_norm{k}", "norm", v[f"h{k}"][query])
        else:
            close(f"mlp{k}", "added", v[f"h{k}"][query])
        close(f"qkv{k}", "q", v[f"q{k}.{heads}"][query])
        close(f"qkv{k}", "k", v[f"k{k}.{heads}"][key])
        close(f"qkv{k}", "v", v[f"v{k}.{heads}"][key])
        raw, a = v[f"raw{k}.{heads}"][query], v[f"a{k}.{heads}"][query].detach()
        close(f"match{k}", "match", raw * (spec.width // heads) ** 0.5)
        close(f"match{k}", "scaled", raw)
        close(f"shares{k}", "shares", a[: query + 1] if spec.causal else a)
        close(f"values{k}", "values", v[f"o{k}.{heads}"][query])
        close(f"attention{k}", "projection", v[f"y{k}"][query])
        close(f"attention{k}", "added", v[f"w{k}"][query])
        close(f"mlp{k}", "z", v[f"z{k}"][query])
        close(f"mlp{k}", "activated", v[f"g{k}"][query])
        close(f"mlp{k}", "change", v[f"c{k}"][query])
        picture = stage(context, f"shares{k}", **asked)
        assert_allclose(mark(picture, Bars).values, a.numpy(), atol=3e-5)
        entropy = -sum(float(p) * np.log(float(p)) for p in a if p > 0)
        assert picture.facts["entropy"] == pytest.approx(entropy, abs=3e-5)
        assert picture.facts["share"] == pytest.approx(float(a[key]), abs=3e-5)
        shown = stage(context, f"heads{k}", **asked)
        for head in range(1, heads + 1):
            matrix = mark(shown, Matrix, f"head.{head}")
            assert_allclose(matrix.values, v[f"a{k}.{head}"].detach().numpy(), atol=3e-5)
    close("output", "theta", v["theta"][query])
    loss = stage(context, "loss", **asked)
    assert loss.facts["loss"] == pytest.approx(hand.loss.item(), abs=3e-5)


@pytest.mark.parametrize(("name", "part"), CASES)
@PLACES
def test_the_backward_numbers_are_those_of_autograd(
    name: str, part: str, query: int, key: int
) -> None:
    one = net(name)
    context, hand = Context.of(one), ByHand(one, part, 2)
    spec, heads, v = hand.spec, hand.spec.heads, hand.v
    asked: dict[str, Any] = {"part": part, "example": 2}
    asked |= {"place": query, "key": key, "head": heads}

    def compare(id: str, plot: str, wanted: Floats) -> None:
        found = result(stage(context, id, **asked), plot)
        peak = max(float(np.abs(wanted).max()), 1e-5)
        wanted = wanted[:, 0] if wanted.shape[1:] == (1,) else wanted
        wanted = wanted[tuple(slice(size) for size in found.shape)]
        assert_allclose(found / peak, wanted / peak, atol=2e-4, err_msg=f"{id} {plot}")

    def close(id: str, plot: str, value: Tensor, place: int = query) -> None:
        compare(id, plot, hand.by(value)[place])

    def gradient(id: str, plot: str, parameter: str) -> None:
        compare(id, plot, hand.by(hand.p[parameter]))

    close("delta", "delta", v["theta"])
    close("back_output", "back_read", v["read"])
    gradient("back_output", "g_head_weight", "head.weight")
    if spec.norm == "before":
        close("back_output", "back_norm", v[f"h{spec.depth}"])
    shown = mark(stage(context, "back_stream", **asked), Matrix)
    for row, value in zip(shown.values, [v["h0"], v["u1"], v["h1"]], strict=False):
        assert_allclose(row, hand.by(value)[query], atol=2e-5)
    by_shares = "back_shares" if hand.drop is None else "dropped"
    for k in range(1, spec.depth + 1):
        start = f"layers.{k - 1}"
        close(f"back_mlp{k}", "back_change", v[f"c{k}"])
        close(f"back_mlp{k}", "back_activated", v[f"g{k}"])
        close(f"back_mlp{k}", "delta", v[f"z{k}"])
        gradient(f"back_mlp{k}", "g_mlp_hidden_weight", f"{start}.mlp.hidden.weight")
        gradient(f"back_mlp{k}", "g_mlp_out_weight", f"{start}.mlp.out.weight")
        close(f"back_middle{k}", "identity", v[f"u{k}"])
        close(f"back_heads{k}", "back_change", v[f"y{k}"])
        close(f"back_heads{k}", "back_head", v[f"o{k}.{heads}"])
        gradient(f"back_heads{k}", "g_attention_out_weight", f"{start}.attention.out.weight")
        close(f"back_shares{k}", by_shares, v[f"a{k}.{heads}"])
        close(f"back_shares{k}", "back_scores", v[f"raw{k}.{heads}"])
        close(f"back_qkv{k}", "back_q", v[f"q{k}.{heads}"])
        close(f"back_qkv{k}", "back_k", v[f"k{k}.{heads}"], key)
        close(f"back_qkv{k}", "back_v", v[f"v{k}.{heads}"], key)
        close(f"back_attention{k}", "identity", v[f"h{k - 1}"])
        gradient(f"back_attention{k}", "g_attention_qkv_weight", f"{start}.attention.qkv.weight")
    gradient("back_symbols", "g_embedding_weight", "embedding.weight")


@pytest.mark.parametrize(("name", "part"), CASES)
def test_every_gradient_is_found_in_three_ways(name: str, part: str) -> None:
    context = Context.of(net(name))
    asked: dict[str, Any] = {"part": part, "example": 1, "row": 2, "column": 1}
    seen = []
    for id in ("back_output", "back_mlp1", "back_heads1", "back_attention1", "back_symbols"):
        for found in stage(context, id, **asked).facts["checks"]:
            seen.append(found["parameter"])
            assert found["apart"] < 1e-12
            assert found["autograd"] == pytest.approx(found["written"], rel=1e-9, abs=1e-13)
            if not found["kink"]:
                assert found["difference"] == pytest.approx(found["autograd"], rel=1e-4, abs=1e-8)
    assert len(seen) == 6


OPTIMIZERS: list[dict[str, Any]] = [
    {"kind": "sgd", "momentum": 0.9, "nesterov": True},
    {"kind": "adam"},
    {"kind": "adamw", "weight_decay": 0.1},
    {"kind": "rmsprop", "momentum": 0.5, "centered": True},
]


UPDATES = [*((name, {"kind": "adam"}) for name in SPECS), *(("bare", one) for one in OPTIMIZERS)]


@pytest.mark.parametrize(("name", "optimizer"), UPDATES)
def test_the_shown_update_is_what_the_step_does(name: str, optimizer: dict[str, Any]) -> None:
    one, other = (net(name, optimizer=optimizer) for _ in range(2))
    context = Context.of(one)
    shown = {}
    for parameter, value in one.parameters().items():
        index = [min(1, size - 1) for size in value.shape]
        asked = dict(zip(("row", "column"), index, strict=False))
        picture = stage(context, "update", parameter=parameter, **asked)
        shown[parameter] = tuple(index), picture.facts["updated"]
    for now in (one, other):
        now.step()
    assert everything(one) == everything(other)
    for parameter, (at, updated) in shown.items():
        new = float(one.parameters()[parameter][at])
        assert updated == pytest.approx(new, rel=1e-5, abs=1e-7), parameter


@pytest.mark.parametrize("name", SPECS)
def test_each_examples_derivative_is_that_of_its_own_loss(name: str) -> None:
    one = net(name)
    context = Context.of(one)
    hands = [ByHand(one, "batch", example) for example in range(7)]
    for parameter, value in one.parameters().items():
        index = tuple(min(1, size - 1) for size in value.shape)
        asked = dict(zip(("row", "column"), index, strict=False))
        bars = mark(stage(context, "update", parameter=parameter, **asked), Bars, "each").values
        wanted = [hand.by(hand.p[parameter])[index] for hand in hands]
        assert_allclose(bars, wanted, atol=2e-5, err_msg=parameter)


@pytest.mark.parametrize("part", ["batch", "test"])
def test_heads_that_are_left_out_give_nothing(part: str) -> None:
    one = net("decoder")
    context = Context.of(one)
    left = [(1, 2), (2, 1)]
    asked: dict[str, Any] = {"part": part, "example": 2, "ablate": left}
    asked |= {"place": 5, "head": 2, "key": 1}
    whole, hand = ByHand(one, part, 2), ByHand(one, part, 2, left)
    picture = stage(context, "loss", **asked)
    found = picture.facts["ablation"]
    assert picture.facts["loss"] == pytest.approx(hand.loss.item(), abs=2e-5)
    assert found["loss"] == pytest.approx(whole.loss.item(), abs=2e-5)
    assert found["ablated"] == pytest.approx(hand.loss.item(), abs=2e-5)
    count = len(one.parts["test"][0])
    assert found["examples"] == count
    for key, heads in (("test_loss", []), ("test_ablated", left)):
        losses = [ByHand(one, "test", k, heads).loss.item() for k in range(count)]
        assert found[key] == pytest.approx(np.mean(losses), abs=2e-5)
    assert result(stage(context, "values1", **asked), "ablated").tolist() == [0.0] * 4
    assert "ablated" not in {plot.id for plot in stage(context, "values2", **asked).plots}
    back = result(stage(context, "back_qkv1", **{**asked, "head": 1}), "back_q")
    assert_allclose(back, hand.by(hand.v["q1.1"])[5], atol=2e-6)
    assert not np.any(result(stage(context, "back_qkv1", **asked), "back_q"))
    for shown in stages(context, **asked):
        for equation in equations(shown).values():
            holds(equation)
        if shown.facts["stage"].startswith(("match", "back_qkv")):
            assert shown.facts["ablation"] == found
    lines = [stage(context, "update", **options).facts["lines"] for options in (asked, {})]
    assert lines[0] == lines[1]


@pytest.mark.parametrize("part", ["batch", "test"])
def test_without_some_heads_gradients_are_found_in_three_ways(part: str) -> None:
    one = net("decoder")
    context, left = Context.of(one), [(1, 2), (2, 1)]
    hand = ByHand(one, part, 2, left)
    asked: dict[str, Any] = {"part": part, "example": 2, "ablate": left, "row": 2, "column": 1}
    for id in ("back_output", "back_mlp1", "back_heads1", "back_attention1", "back_symbols"):
        for found in stage(context, id, **asked).facts["checks"]:
            wanted = hand.by(hand.p[found["parameter"]])[tuple(found["index"])]
            assert found["apart"] < 1e-12
            assert found["autograd"] == pytest.approx(wanted, rel=1e-11, abs=1e-13)
            if not found["kink"]:
                assert found["difference"] == pytest.approx(wanted, rel=1e-4, abs=1e-8)


def test_what_heads_are_worth_without_a_target_is_that_of_the_examples() -> None:
    context = Context.of(net("reals"))
    typed = stage(context, "match1", text=".5", ablate=[(1, 1)]).facts
    facts = typed["ablation"]
    assert "unscored" in typed
    assert facts["loss"] is None
    assert facts["ablated"] is None
    whole = stage(context, "match1", part="test", ablate=[(1, 1)]).facts["ablation"]
    assert facts["test_ablated"] == whole["test_ablated"]
    assert facts["part"] == "test"


def test_a_budget_ends_what_heads_are_worth(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batching, "BATCH_SECONDS", 0.0)  # a batch is an example
    context = Context.of(net("decoder"), budget=Budget(0.0))
    facts = stage(context, "loss", ablate=[(1, 1)]).facts
    assert facts["ablation"]["examples"] == 1
    assert "The first 1 of 6 test examples" in facts["incomplete"]


@pytest.mark.parametrize("part", ["batch", "test"])
@pytest.mark.parametrize("name", SPECS)
def test_the_stream_is_the_models_own_pass(name: str, part: str) -> None:
    one = net(name)
    upcoming = Context.of(one).upcoming()
    x = upcoming.x if part == "batch" else one.parts[part][0]
    draws = (upcoming.draws(), upcoming.draws()) if part == "batch" else (None, None)
    with torch.no_grad():
        theta = net_of(one)(x, draws[0])
        found = stream_of(net_of(one), x, draws[1])
    assert_allclose(found.theta.numpy(), theta.numpy(), atol=1e-5)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1e30])
def test_a_net_that_has_diverged_is_shown(value: float) -> None:
    one = net("decoder")
    for weight in one.parameters().values():
        weight.fill_(value)
    for picture in stages(Context.of(one), row=1):
        assert decode(encode(picture))["step"] == 3
        json.dumps(document(picture), allow_nan=False)


@pytest.mark.parametrize(
    ("temperature", "top_k"), [(1.0, None), (0.5, None), (2.0, 3), (1.0, 1), (0.0, None), (0.0, 4)]
)
def test_sampling_is_the_softmax_of_the_likeliest_at_the_temperature(
    temperature: float, top_k: int | None
) -> None:
    one = net("decoder")
    context = Context.of(one)
    theta = ByHand(one, "test", 1).v["theta"][5].detach().numpy()
    given: dict[str, Any] = {"temperature": temperature, "top_k": top_k, "row": 2}
    picture = stage(context, "sampling", part="test", example=1, place=5, **given)
    kept = np.argsort(-theta, kind="stable")[: 1 if temperature == 0 else top_k]
    wanted = np.zeros(5)
    if temperature:
        scaled = np.exp((theta[kept] - theta.max()) / temperature)
        wanted[kept] = scaled / scaled.sum()
    else:
        wanted[kept] = 1
    assert_allclose(mark(picture, Bars, "sampled").values, wanted, atol=2e-5)
    plain = np.exp(theta) / np.exp(theta).sum()
    assert_allclose(mark(picture, Bars, "plain").values, plain, atol=2e-5)
    assert picture.facts["kept"] == ["01234"[k] for k in sorted(kept)]
    for equation in equations(picture).values():
        holds(equation)


def test_by_default_the_middle_of_what_is_scored_and_what_it_looks_at_most() -> None:
    one = net("decoder")
    context, hand = Context.of(one), ByHand(one, "test", 0)
    for layer in (1, 2):
        facts = stage(context, f"match{layer}", part="test").facts
        assert facts["place"] == 6  # of 4, 5, 6 and 7
        assert facts["key"] == int(hand.v[f"a{layer}.1"][6].argmax())


def test_a_key_that_the_mask_hides_has_no_share() -> None:
    context = Context.of(net("decoder"))
    asked: dict[str, Any] = {"place": 2, "key": 5}
    assert stage(context, "shares1", **asked).facts["share"] == 0.0
    assert equations(stage(context, "shares1", **asked))["shares"].worked is None
    match = stage(context, "match1", **asked)
    hidden = equations(match)["mask"].items[0]
    assert isinstance(hidden, Operand)
    assert np.isnan(hidden.values[3:, 0]).all()
    assert np.isfinite(hidden.values[:3, 0]).all()
    assert worked(match, "match").row == 5


def test_the_ideal_is_outlined_and_its_share_given() -> None:
    one = net("encoder")
    context, hand = Context.of(one), ByHand(one, "test", 0)
    picture = stage(context, "heads1", part="test")
    assert len(picture.plots) == 4 + 1 + 2 * 4
    for plot in picture.plots:
        (matrix,) = plot.marks
        assert isinstance(matrix, Matrix)
        assert matrix.outlined is not None
        assert matrix.outlined.tolist() == [[0, 3], [1, 2], [2, 1], [3, 0]]
    anti = hand.v["a1.2"].detach().numpy()[range(4), [3, 2, 1, 0]].mean()
    assert picture.facts["on_ideal_of"]["2"] == pytest.approx(anti, abs=2e-5)
    assert picture.facts["on_ideal_by_head"]["1.2"] == pytest.approx(anti, abs=2e-5)


ATTENDING = (
    "qkv", "match", "shares", "values", "heads", "attention",
    "back_heads", "back_shares", "back_qkv", "back_attention",
)  # fmt: skip


@pytest.mark.parametrize("part", ["batch", "test"])
@pytest.mark.parametrize("ablate", [[], [(1, 2)]])
def test_stages_of_attention_show_every_head(part: str, ablate: list[tuple[int, int]]) -> None:
    one = net("decoder")
    context, hand = Context.of(one), ByHand(one, part, 2, ablate)
    asked: dict[str, Any] = {"part": part, "example": 2, "place": 5, "key": 3, "head": 2}
    asked["ablate"] = ablate
    for name in ATTENDING:
        for layer in (1, 2):
            picture = stage(context, f"{name}{layer}", **asked)
            for plot in ("1.1", "1.2", "2.1", "2.2"):
                wanted = hand.v[f"a{plot}"].detach().numpy()
                assert_allclose(mark(picture, Matrix, plot).values, wanted, atol=3e-5)
            own = hand.v[f"a{layer}.2"].detach().numpy()
            assert_allclose(mark(picture, Matrix, "attention").values, own, atol=3e-5)
            facts = picture.facts
            assert facts["share"] == pytest.approx(own[5, 3], abs=3e-5)
            row = own[5][own[5] > 0]
            assert facts["entropy"] == pytest.approx(-(row * np.log(row)).sum(), abs=3e-5)
            assert facts["d"] == 4
            on_ideal = own[[4, 5, 6, 7], [3, 2, 1, 0]].mean()
            assert facts["on_ideal"] == pytest.approx(on_ideal, abs=3e-5)


@pytest.mark.parametrize(("place", "first"), [(0, 0), (40, 8), (94, 31)])
def test_of_a_long_sequence_the_places_around_the_query_are_shown(place: int, first: int) -> None:
    data = {"kind": "delayed_recall", "samples": 20, "delay": 94}
    model = {"kind": "transformer", "width": 4, "heads": 2, "depth": 1}
    one = trained({"data": data, "model": model}, 1)
    hand = ByHand(one, "test", 0)
    picture = stage(Context.of(one), "match1", part="test", place=place)
    assert picture.facts["steps"] == 95
    assert picture.facts["first_place"] == picture.facts["first_place_of_all"] == first
    part = slice(first, first + 64)
    for plot, name in (("attention", "a1.1"), ("1.2", "a1.2")):
        shown = mark(picture, Matrix, plot)
        assert_allclose(shown.values, hand.v[name].detach().numpy()[part, part], atol=3e-5)
        ideal = [[94 - first, 0]] if first == 0 else None
        assert shown.outlined is None or shown.outlined.tolist() == ideal


def test_many_heads_are_shown_around_the_query_and_fit_in_a_frame() -> None:
    data = {"kind": "delayed_recall", "samples": 20, "delay": 31}
    model = {"kind": "transformer", "width": 16, "heads": 16, "depth": 12}
    one = trained({"data": data, "model": model}, 1)
    picture = stage(Context.of(one), "match12", place=31, head=16, part="test")
    assert picture.facts["first_place"] == 0
    assert picture.facts["first_place_of_all"] == 32 - 15
    small = [plot for plot in picture.plots if plot.id.replace(".", "").isdigit()]
    assert len(small) == 12 * 16
    assert len(encode(picture)) < 400_000
    hand = ByHand(one, "test", 0)
    wanted = hand.v["a7.9"].detach().numpy()[17:, 17:]
    assert_allclose(mark(picture, Matrix, "7.9").values, wanted, atol=3e-5)


@pytest.mark.parametrize(
    ("name", "text", "steps"), [("decoder", "120", 6), ("decoder", "12→2", 4), ("reals", "1 .5", 2)]
)
def test_typed_sequences_and_numbers_are_walked(name: str, text: str, steps: int) -> None:
    for picture in stages(Context.of(net(name)), text=text, row=1):
        assert picture.facts["steps"] == steps
        assert picture.facts["part"] == "typed"
        for equation in equations(picture).values():
            holds(equation)


@pytest.mark.parametrize(
    ("options", "path", "said", "hint"),
    [
        ({"place": 8}, "place", "place is 8; this sequence has 8 places", "0 to 7."),
        ({"key": 8}, "key", "key is 8; this sequence has 8 places", "0 to 7."),
        ({"head": 3}, "head", "There is no head 3", "1 to 2."),
        ({"ablate": [[1, 3]]}, "ablate", "There is no head [1, 3]", "[1, 1] to [2, 2]"),
        ({"ablate": [[0, 1]]}, "ablate", "There is no head [0, 1]", "[1, 1] to [2, 2]"),
        ({"stage": "sampling", "top_k": 6}, "top_k", "top_k is 6; there are 5 symbols", "1 to 5"),
        ({"stage": "f"}, "stage", "There is no stage 'f'", "symbols, positions"),
        ({"text": "9"}, "text", "'9', symbol 1", "The symbols are: 0, 1, 2, 3, 4, →"),
    ],
)
def test_what_is_not_there_is_refused(
    options: dict[str, Any], path: str, said: str, hint: str
) -> None:
    context = Context.of(net("decoder"))
    with pytest.raises(OptionError) as caught:
        run_probe(context, "step_by_step", options)
    assert caught.value.path == f"options.{path}"
    assert said in caught.value.message
    assert hint in caught.value.hint
