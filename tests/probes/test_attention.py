"""Attention, one head and its ideal pattern: the numbers, and what is refused."""

from math import factorial, log
from typing import Any

import numpy as np
import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from livenet.errors import OptionError
from livenet.models.transformer import Transformer
from livenet.pictures import Bars, Line, Matrix
from livenet.probes.context import Context
from livenet.probes.transformers.ideal import ideal, mass
from livenet.spec.model.transformer_layers import layer_flops
from livenet.wire.frame import encode
from tests.models.test_transformer import by_hand
from tests.probes.helpers import mark, picture_of, trained

REVERSE = {"kind": "reverse", "samples": 40, "length": 6, "symbols": 5}
MODEL = {"kind": "transformer", "width": 16, "heads": 2}
ENCODER: dict[str, Any] = {"data": REVERSE, "model": MODEL}
DECODER: dict[str, Any] = {"data": REVERSE, "model": MODEL | {"form": "decoder"}}
FORMS = pytest.mark.parametrize("form", ["encoder", "decoder"])


@pytest.mark.parametrize("document", [ENCODER, DECODER], ids=["encoder", "decoder"])
def test_every_head_is_shown_as_it_is(document: dict[str, Any]) -> None:
    one = trained(document)
    picture = picture_of(one, "attention", example=1)
    x = Context.of(one).parts["test"][0][1].numpy()
    _, layers = by_hand(document, one.model, x)  # type: ignore[arg-type]  # a Transformer
    for layer, heads in enumerate(layers, start=1):
        for head, a in enumerate(heads, start=1):
            name = f"{layer}.{head}"
            np.testing.assert_allclose(mark(picture, Matrix, name).values, a, atol=1e-5)
            safe = np.where(a > 0, a, 1.0)
            expected = -(a * np.log(safe)).sum(1).mean()
            assert picture.facts["entropy"][name] == pytest.approx(expected, abs=1e-4)
            cells = mark(picture, Matrix, name).outlined
            assert cells is not None
            on_ideal = np.mean([a[row, column] for row, column in cells])
            assert picture.facts["on_ideal"][name] == pytest.approx(on_ideal, abs=1e-5)


def test_the_most_entropy_is_that_of_looking_everywhere() -> None:
    assert picture_of(trained(ENCODER), "attention").facts["entropy_most"] == pytest.approx(log(6))
    found = picture_of(trained(DECODER), "attention").facts["entropy_most"]
    assert found == pytest.approx(log(factorial(12)) / 12)


@FORMS
@pytest.mark.parametrize(
    "kind", ["copy", "reverse", "sort", "associative_recall", "delayed_recall"]
)
def test_the_ideal_looks_at_the_symbol_that_is_the_answer(kind: str, form: str) -> None:
    data = {"kind": kind, "samples": 60}
    one = trained({"data": data, "model": {"kind": "transformer", "form": form, "width": 8}}, 0)
    inputs, targets = Context.of(one).parts["test"]
    for x, y in zip(inputs.numpy(), targets.numpy(), strict=True):
        cells = ideal(one.spec.data, x, form == "decoder")  # type: ignore[arg-type]  # sequences
        assert cells is not None
        assert set(cells[:, 0]) == set(np.flatnonzero(y >= 0))
        values_from = 10 if kind == "associative_recall" else 0
        assert all(x[key] - values_from == y[query] for query, key in cells)


def test_the_ideal_of_addition_looks_at_the_summands() -> None:
    one = trained({"data": {"kind": "addition", "samples": 60}, "model": MODEL}, 0)
    inputs, targets = Context.of(one).parts["test"]
    for x, y in zip(inputs.numpy(), targets.numpy(), strict=True):
        cells = ideal(one.spec.data, x, True)  # type: ignore[arg-type]  # sequences
        assert cells is not None
        assert x[cells[:, 1], 0].sum() == pytest.approx(y[-1], abs=1e-5)


def test_what_has_no_ideal_has_none() -> None:
    for kind in ("parity", "characters"):
        one = trained({"data": {"kind": kind, "samples": 60}, "model": MODEL}, 0)
        picture = picture_of(one, "attention")
        assert set(picture.facts["on_ideal"].values()) == {None}
        assert mark(picture, Matrix, "1.1").outlined is None


def test_mass_is_a_mean_over_the_rows_that_have_an_ideal() -> None:
    a = np.array([[0.2, 0.8, 0.0], [0.1, 0.3, 0.6], [1.0, 0.0, 0.0]])
    cells = np.array([[0, 1], [1, 0], [1, 2]])
    assert mass(a, cells) == pytest.approx((0.8 + 0.7) / 2)
    assert mass(a, None) is None


@FORMS
def test_a_typed_sequence_is_what_stands_at_the_sides(form: str) -> None:
    one = trained({"data": REVERSE, "model": MODEL | {"form": form}})
    found = mark(picture_of(one, "attention", text="012 340"), Matrix, "2.1")
    assert "".join(found.row_labels[:6]) == "012340"
    assert found.column_labels == found.row_labels
    assert found.outlined is not None
    first = found.row_labels.index("→") if form == "decoder" else 0
    assert [0 + first, 5] in found.outlined.tolist()


@pytest.mark.parametrize("probe", ["attention", "head"])
@pytest.mark.parametrize(
    ("options", "path", "named"),
    [
        ({"text": "01x"}, "options.text", "0, 1, 2"),
        ({"text": "0123401"}, "options.text", "0, 1, 2"),
        ({"layer": 3}, "options.layer", "2"),
        ({"head": 3}, "options.head", "2"),
    ],
)
def test_what_cannot_be_looked_at_is_refused(
    probe: str, options: dict[str, Any], path: str, named: str
) -> None:
    if probe == "attention" and "head" in options:
        return
    with pytest.raises(OptionError) as caught:
        picture_of(trained(ENCODER), probe, **options)
    assert caught.value.path == path
    assert named in caught.value.hint


def test_one_head_step_by_step() -> None:
    one = trained(DECODER)
    picture = picture_of(one, "head", layer=2, head=2, example=3)
    q, k, scores, a = (
        np.asarray(mark(picture, Matrix, name).values, dtype=np.float64)
        for name in ("q", "k", "scores", "attention")
    )
    assert q.shape == k.shape == mark(picture, Matrix, "v").values.shape == (12, 8)
    seen_keys = np.tril(np.ones((12, 12), dtype=bool))
    np.testing.assert_allclose(scores[seen_keys], (q @ k.T / np.sqrt(8))[seen_keys], atol=1e-5)
    assert np.isnan(scores[~seen_keys]).all()
    weights = np.where(seen_keys, np.exp(np.nan_to_num(scores)), 0.0)
    np.testing.assert_allclose(a, weights / weights.sum(1, keepdims=True), atol=1e-5)
    assert picture.facts["d"] == 8
    assert picture.facts["entropy_by_query"][0] == 0.0
    alone = mark(picture_of(one, "attention", example=3), Matrix, "2.2")
    np.testing.assert_array_equal(alone.values, mark(picture, Matrix, "attention").values)


def test_entropies_are_bars_and_the_rows_are_means_over_sequences() -> None:
    one = trained(ENCODER)
    found = mark(picture_of(one, "entropy", sequences=4), Bars)
    assert found.labels == ("1.1", "1.2", "2.1", "2.2")
    each = [picture_of(one, "attention", example=i).facts["entropy"]["2.1"] for i in range(4)]
    assert found.values[2] == pytest.approx(np.mean(each), abs=1e-5)


@pytest.mark.parametrize(
    "data",
    [{"kind": "reverse"}, {"kind": "characters"}, {"kind": "sort", "length": 40},
     {"kind": "parity", "length": 100}],
    ids=str,
)  # fmt: skip
@pytest.mark.parametrize("probe", ["attention", "head", "entropy"])
def test_a_frame_stays_small_however_long_the_sequence(data: dict[str, Any], probe: str) -> None:
    model = {"kind": "transformer", "form": "decoder"}
    batch = {"batch_size": 1}  # of a length that the server would find slow to train on
    one = trained({"data": data | {"samples": 40}, "model": model, "training": batch}, 0)
    assert len(encode(picture_of(one, probe))) <= 32_000


def test_of_a_pair_no_more_is_typed_than_there_are_places_for() -> None:
    one = trained(DECODER)
    facts = picture_of(one, "tokens", text="012340").facts
    assert (facts["most"], facts["separator"], facts["most_whole"]) == (6, "→", 12)
    assert "→" in facts["symbols"]
    with pytest.raises(OptionError, match="7 symbols were typed; this run reads 1 to 6"):
        picture_of(one, "tokens", text="0123401")
    whole = picture_of(one, "tokens", text="012340→04321").facts
    assert whole["target"] == [None] * 6 + list("043210")
    with pytest.raises(OptionError, match="1 to 12"):
        picture_of(one, "tokens", text="012340→043210")


def test_operations_are_those_that_torch_counts() -> None:
    one = trained(DECODER)
    model = one.model
    assert isinstance(model, Transformer)
    for steps in (3, 12):
        found = layer_flops(model.spec, steps)
        h = torch.zeros(1, steps, 16)
        with FlopCounterMode(display=False) as counter, torch.no_grad():
            model.blocks[0].trace(h)
        assert sum(found.values()) == counter.get_total_flops()
        with FlopCounterMode(display=False) as counter, torch.no_grad():
            model.blocks[0].mlp(h)
        assert found["mlp"] == counter.get_total_flops()


def test_the_curves_of_cost_are_its_formula_and_cross_where_it_says() -> None:
    one = trained(ENCODER)
    picture = picture_of(one, "attention_cost", most=100)
    here, looking, projections, mlp = (m for m in picture.plots[0].marks if isinstance(m, Line))
    t = looking.x.astype(np.float64)
    assert t[[0, -1]].tolist() == [0, 100]
    np.testing.assert_allclose(looking.y, 4 * t**2 * 16 / 1e6, rtol=1e-6)
    np.testing.assert_allclose(projections.y, 8 * t * 16**2 / 1e6, rtol=1e-6)
    np.testing.assert_allclose(mlp.y, 4 * 4 * t * 16**2 / 1e6, rtol=1e-6)
    assert here.x.tolist() == [6, 6] == [picture.facts["places"]] * 2
    crossed = picture.facts["overtakes"]
    np.testing.assert_array_equal(looking.y > projections.y, t > crossed)
    assert picture.facts["flops"] == picture_of(one, "attention").facts["flops"]
    assert picture_of(one, "attention_cost").plots[0].x.high > crossed  # type: ignore[union-attr]  # it has an x


def test_of_a_long_sequence_every_head_of_a_layer_is_shown() -> None:
    data = {"kind": "parity", "length": 100, "samples": 40}
    one = trained({"data": data, "model": MODEL | {"heads": 4, "form": "decoder"}}, 0)
    last, first = picture_of(one, "attention"), picture_of(one, "attention", layer=1)
    assert [plot.id for plot in last.plots] == ["2.1", "2.2", "2.3", "2.4"]
    assert [plot.id for plot in first.plots] == ["1.1", "1.2", "1.3", "1.4"]
    assert last.facts["layers"] == 2
    assert not last.facts["room_for_all"]
    assert picture_of(one, "attention", text="0110", layer=1).facts["room_for_all"]
    whole = Context.of(one)
    x = whole.parts["test"][0][:1]
    a = one.model.trace(x).layers[0].attention[0, 2].detach().numpy()  # type: ignore[operator]  # a Transformer
    shown = mark(first, Matrix, "1.3")
    assert shown.values.shape == (54, 54) == (len(shown.row_labels), len(shown.column_labels))
    np.testing.assert_allclose(shown.values, a[-54:, -54:], atol=1e-6)


def test_the_cost_of_looking_grows_with_the_square_of_the_places() -> None:
    def cost(length: int) -> dict[str, int]:
        data = REVERSE | {"length": length}
        found: dict[str, int] = picture_of(
            trained({"data": data, "model": MODEL}, 0), "attention"
        ).facts["flops"]
        return found

    short, long = cost(5), cost(20)
    assert long["attention"] == 16 * short["attention"] == 16 * 4 * 25 * 16
    assert long["projections"] == 4 * short["projections"] == 4 * 2 * 4 * 5 * 16 * 16
    assert long["mlp"] == 4 * short["mlp"]
