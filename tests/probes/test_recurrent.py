"""Probes of recurrent networks: states, gates, predictions, gradients by lag, continuations."""

from typing import Any

import numpy as np
import pytest
import torch

from livenet.errors import OptionError, ProbeUnfit
from livenet.models.rnn import Rnn
from livenet.pictures import Bars, Line, Matrix, Points
from livenet.probes.sequences.sequence import MAX_TYPED
from livenet.probes.table import PROBES
from livenet.spec import resolve
from livenet.training import Trainer
from livenet.wire.frame import encode
from tests.models.cells_by_hand import run, weights
from tests.probes.helpers import content, everything, mark, picture_of, trained

RECALL = {"kind": "delayed_recall", "delay": 6}
LOOKED = ("tokens", "states", "gates", "gradient_lag", "continuations")


def net(
    data: dict[str, Any] | None = None, cell: str = "lstm", hidden: int = 8, **model: Any
) -> Trainer:
    model = {"kind": "rnn", "cell": cell, "hidden": hidden, **model}
    return trained({"data": {"samples": 200, **(data or RECALL)}, "model": model})


def net_of(one: Trainer) -> Rnn:
    assert isinstance(one.model, Rnn)
    return one.model


def symbols_of(one: Trainer) -> tuple[str, ...]:
    return net_of(one).data.symbols_in


def tokens_of(one: Trainer, example: int) -> list[int]:
    return [int(k) for k in one.parts["test"][0][example]]


def steps_of(one: Trainer, cell: str, tokens: list[int]) -> Any:
    return run(cell, weights(dict(one.parameters()), 0), np.eye(6)[tokens])


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_states_are_those_of_the_equations(cell: str) -> None:
    one = net(cell=cell)
    picture = picture_of(one, "states", example=3)
    h = mark(picture, Matrix, "h").values  # (D, T)
    hand = np.stack([now["h"] for now in steps_of(one, cell, tokens_of(one, 3))], 1)
    np.testing.assert_allclose(h, hand, atol=1e-5)
    assert picture.facts["input"] == [symbols_of(one)[k] for k in tokens_of(one, 3)]


def test_predictions_are_softmax_of_theta_and_their_loss_is_what_training_has() -> None:
    one = net()
    picture = picture_of(one, "tokens", example=2)
    inputs, targets = (values[2:3] for values in one.parts["test"])
    theta = one.model(inputs).detach().double().numpy()[0]  # (T, K)
    shares = np.exp(theta) / np.exp(theta).sum(1, keepdims=True)
    shown = mark(picture, Matrix, "predictions")
    np.testing.assert_allclose(shown.values.T, shares, atol=1e-5)
    facts = picture.facts
    assert facts["predicted"] == ["ABCD"[k] for k in shares.argmax(1)]
    np.testing.assert_allclose(facts["probability"], shares.max(1), atol=1e-5)
    y = int(targets[0, -1])
    assert facts["target"] == [None] * 6 + ["ABCD"[y]]
    assert facts["loss"][:-1] == [None] * 6
    assert facts["loss"][-1] == pytest.approx(-np.log(shares[-1, y]), abs=1e-5)
    assert shown.outlined is not None
    assert shown.outlined.tolist() == [[y, 6]]
    assert mark(picture, Bars, "loss").values[-1] == pytest.approx(facts["loss"][-1])


def test_real_predictions_stand_beside_the_true_values() -> None:
    one = net({"kind": "waves", "length": 9})
    picture = picture_of(one, "tokens", example=1)
    lines = {m.label: m for m in picture.plots[0].marks if isinstance(m, Line)}
    inputs, targets = (values[1:2] for values in one.parts["test"])
    mu = one.model(inputs).detach()[0, :, 0]
    np.testing.assert_allclose(lines["μ"].y, mu.numpy(), atol=1e-6)
    np.testing.assert_array_equal(lines["y"].y, targets[0].numpy())
    np.testing.assert_array_equal(lines["x"].y, inputs[0, :, 0].numpy())
    loss = (mu - targets[0]).square() / 2 + 0.5 * np.log(2 * np.pi)
    np.testing.assert_allclose(picture.facts["loss"], loss.numpy(), atol=1e-5)


@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_gates_are_those_of_the_equations_for_a_typed_sequence(cell: str) -> None:
    one = net(cell=cell)
    picture = picture_of(one, "gates", text="A B·?")
    hand = steps_of(one, cell, [0, 1, 4, 5])
    assert [plot.id for plot in picture.plots] == {
        "lstm": ["f", "i", "C̃", "C", "o", "h"],
        "gru": ["r", "z", "n", "h"],
    }[cell]
    for plot in picture.plots:
        wanted = np.stack([now[plot.id] for now in hand], 1)
        np.testing.assert_allclose(mark(picture, Matrix, plot.id).values, wanted, atol=1e-5)
    name = "f" if cell == "lstm" else "z"
    assert picture.facts[name] == pytest.approx(np.mean([now[name] for now in hand]), abs=1e-5)
    (alone,) = picture_of(one, "gates", text="AB·?", gate=name).plots
    assert alone.id == name


def test_a_plain_cell_has_no_gates_and_says_who_has() -> None:
    with pytest.raises(ProbeUnfit) as caught:
        picture_of(net(cell="rnn"), "gates")
    assert "LSTM or GRU" in caught.value.message
    assert "states" in caught.value.hint


@pytest.mark.parametrize("probe", ["tokens", "states", "gates"])
@pytest.mark.parametrize("text", ["AX", "", "   ", "A" * 201])
def test_what_cannot_be_read_is_refused_with_the_alphabet(probe: str, text: str) -> None:
    with pytest.raises(OptionError) as caught:
        picture_of(net(), probe, text=text)
    assert caught.value.path == "options.text"
    assert "A, B, C, D, ·, ?" in caught.value.hint


@pytest.mark.parametrize(
    ("probe", "options"),
    [("states", {"layer": 2}), ("gates", {"layer": 3}), ("gates", {"gate": "q"})],
)
def test_what_is_not_there_is_refused(probe: str, options: dict[str, Any]) -> None:
    with pytest.raises(OptionError, match="There is no"):
        picture_of(net(), probe, **options)


@pytest.mark.parametrize("probe", ["states", "gradient_lag"])
def test_every_layer_can_be_chosen(probe: str) -> None:
    one = net(depth=3)
    found = [picture_of(one, probe, layer=layer) for layer in (1, 2, 3)]
    assert [picture.facts["layer"] for picture in found] == [1, 2, 3]
    assert {picture.facts["layers"] for picture in found} == {3}
    assert len({content(picture) for picture in found}) == 3
    assert content(picture_of(one, probe)) == content(found[2])


def test_line_ends_and_tabs_are_seen() -> None:
    one = net({"kind": "characters", "text": "to be\nor\tnot " * 20})
    picture = picture_of(one, "tokens", text="to\tbe\n")
    assert mark(picture, Matrix, "predictions").column_labels == tuple("to⇥be↵")
    assert picture.facts["input"] == list("to\tbe\n")
    with pytest.raises(OptionError) as caught:
        picture_of(one, "tokens", text="x")
    assert "tab, line end, space, b" in caught.value.hint


def test_gates_say_their_ends_and_what_is_predicted() -> None:
    one = net()
    picture = picture_of(one, "gates", text="AB?", units=3)
    states = picture_of(one, "states", text="AB?").facts
    assert {name: picture.facts[name] for name in states if name != "layers"} == {
        name: value for name, value in states.items() if name != "layers"
    }
    for plot in picture.plots:
        shown = mark(picture, Matrix, plot.id)
        low = "0 to 1" if plot.id in "fio" else f"±{shown.peak:.3g}"
        assert plot.note == f"{low}, 3 of 8 units"


def test_the_summands_of_an_addition_are_marked() -> None:
    one = net({"kind": "addition", "length": 8})
    (plot,) = picture_of(one, "tokens", example=1).plots[:1]
    marked, asked = (m for m in plot.marks if isinstance(m, Points))
    x = one.parts["test"][0][1].numpy()
    np.testing.assert_array_equal(marked.x, np.flatnonzero(x[:, 1]) + 1)
    assert marked.y.sum() == pytest.approx(asked.y[0], abs=1e-5)


def test_a_typed_list_is_read_with_its_summands_and_its_sum() -> None:
    one = net({"kind": "addition"})
    facts = picture_of(one, "tokens", text="0.5, +0.25; -.5 +1e-1").facts
    assert facts["input"] == ["0.50", "+0.25", "-0.50", "+0.10"]
    assert facts["target"][:3] == [None] * 3
    assert facts["target"][3] == pytest.approx(0.35)
    read = torch.tensor([[[0.5, 0], [0.25, 1], [-0.5, 0], [0.1, 1]]])
    mu = one.model(read).detach()[0, :, 0]
    np.testing.assert_allclose(facts["predicted"], mu.numpy(), atol=1e-6)
    assert set(picture_of(one, "tokens", text="+1 2 3").facts["target"]) == {None}


@pytest.mark.parametrize("kind", ["addition", "waves"])
def test_numbers_of_full_length_and_precision_can_be_typed(kind: str) -> None:
    one = net({"kind": kind, "length": 200})
    word = "+-1.2345678901234567e-100" if kind == "addition" else "-1.2345678901234567e-100"
    for probe in ("tokens", "step_by_step"):
        facts = picture_of(one, probe, text=" ".join([word] * 200)).facts
        assert len(facts["input"]) == facts["most"] == 200
        assert facts["marked"] == (kind == "addition")


def test_a_sequence_of_the_data_can_be_typed_however_long_it_is() -> None:
    one = net({"kind": "delayed_recall", "delay": 200})
    read = "".join(symbols_of(one)[k] for k in tokens_of(one, 0))
    assert len(read) > MAX_TYPED
    facts = picture_of(one, "tokens", text=read).facts
    assert facts["most"] == len(facts["input"]) == len(read)
    with pytest.raises(OptionError, match=f"reads 1 to {len(read)}"):
        picture_of(one, "tokens", text=read + "?")


def test_a_typed_wave_is_scored_on_the_next_value() -> None:
    facts = picture_of(net({"kind": "waves"}), "tokens", text="0.5 +.25 −1").facts
    assert facts["input"] == ["0.50", "0.25", "-1.00"]
    assert facts["target"] == [0.25, -1.0, None]
    assert facts["loss"][2] is None


@pytest.mark.parametrize("kind", ["addition", "waves"])
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1 x", "'x', number 2 of what was typed, is not a number"),
        ("nan", "'nan', number 1"),
        ("1 inf", "'inf', number 2"),
        ("1_0", "'1_0', number 1"),
        ("1 --2", "'--2', number 2"),
        ("2e6", "2e6, number 1 of what was typed, is too large"),
        ("-1e999", "-1e999, number 1"),
        (" , ", "0 numbers were typed; this run reads 1 to 200"),
    ],
)
def test_what_is_no_list_of_numbers_is_refused(kind: str, text: str, said: str) -> None:
    with pytest.raises(OptionError) as caught:
        picture_of(net({"kind": kind}), "states", text=text)
    assert caught.value.path == "options.text"
    assert said in caught.value.message
    assert caught.value.hint.startswith("Give numbers")


def test_a_transformer_reads_as_many_numbers_as_it_has_places() -> None:
    model = {"kind": "transformer", "width": 8, "heads": 2, "depth": 1}
    one = trained({"data": {"kind": "waves", "length": 5, "samples": 60}, "model": model}, 1)
    assert len(picture_of(one, "tokens", text="1 2 3 4 5").facts["input"]) == 5
    with pytest.raises(OptionError, match="6 numbers were typed; this run reads 1 to 5"):
        picture_of(one, "tokens", text="1 2 3 4 5 6")


def test_a_typed_source_is_answered_by_the_model_itself() -> None:
    one = net({"kind": "reverse", "length": 3, "symbols": 4})
    facts = picture_of(one, "states", text="203").facts
    assert facts["input"][:4] == ["2", "0", "3", "→"]
    assert facts["input"][4:] == facts["predicted"][3:-1]
    assert facts["target"] == [None, None, None, "3", "0", "2"]


DECODER = {"kind": "transformer", "form": "decoder", "width": 8, "heads": 2, "depth": 1}


@pytest.mark.parametrize("model", [None, DECODER], ids=["rnn", "decoder"])
def test_the_own_answer_stands_beside_what_is_predicted_of_the_right_one(model: Any) -> None:
    """Each symbol is what the model predicts when it has read those before it."""
    data = {"kind": "reverse", "length": 4, "symbols": 4, "samples": 60}
    one = net(data) if model is None else trained({"data": data, "model": model}, 3)
    facts = picture_of(one, "tokens", example=1).facts
    assert facts["forced"] is True
    assert facts["greedy"][:4] == [None] * 4
    answer = facts["greedy"][4:]
    assert len(answer) == 4
    assert None not in answer
    assert answer[0] == facts["predicted"][4]
    read = "".join(facts["input"][:5])
    for place, symbol in enumerate(answer):
        typed = read + "".join(answer[:place])
        assert picture_of(one, "tokens", text=typed).facts["predicted"][-1] == symbol
    own = picture_of(one, "tokens", text=read[:4]).facts
    assert own["forced"] is False
    assert own["greedy"] == [None] * 4 + own["predicted"][4:]


@pytest.mark.parametrize("data", [RECALL, {"kind": "parity", "length": 7}])
def test_no_answer_is_told_of_where_nothing_is_completed(data: dict[str, Any]) -> None:
    assert "greedy" not in picture_of(net(data), "tokens").facts


def test_a_recurrent_net_may_be_asked_for_more_than_it_was_trained_on() -> None:
    one = net({"kind": "reverse", "length": 3, "symbols": 4})
    facts = picture_of(one, "states", text="01230").facts
    assert facts["most"] == 100
    assert len(facts["input"]) == 10
    assert facts["target"][5:] == ["0", "3", "2", "1", "0"]


@pytest.mark.parametrize("data", [RECALL, {"kind": "parity", "length": 7}])
@pytest.mark.parametrize("layer", [1, 2])
def test_gradients_by_lag_agree_with_finite_differences(data: dict[str, Any], layer: int) -> None:
    """∂L/∂h_t is found by moving what the state gets from outside: the input of the next step."""
    one = net(data, cell="rnn", depth=2)
    picture = picture_of(one, "gradient_lag", sequences=1, layer=layer)
    (found,) = (m for m in picture.plots[0].marks if isinstance(m, Line) and m.label[:4] == "this")
    inputs, targets = (values[:1] for values in one.parts["test"])
    p = {name: value.detach().double() for name, value in one.parameters().items()}
    read = net_of(one).read(inputs)[0].double()

    def loss(at: int, moved: torch.Tensor) -> float:
        """The loss at the end, with the layer's state at one time step moved."""
        x = read
        for number in (1, 2):
            start, h, states = f"layers.{number - 1}.", torch.zeros(8).double(), []
            for t, now in enumerate(x):
                z = p[start + "input.weight"] @ now + p[start + "state.weight"] @ h
                h = (z + p[start + "bias"]).tanh()
                if number == layer and t == at:
                    h = h + moved
                states.append(h)
            x = torch.stack(states)
        theta = p["output.weight"] @ x[-1] + p["output.bias"]
        return float(-theta.log_softmax(0)[targets[0, -1]])

    step = 1e-5
    for t in range(7):
        moves = step * torch.eye(8).double()
        slope = [(loss(t, e) - loss(t, -e)) / (2 * step) for e in moves]
        assert found.y[6 - t] == pytest.approx(np.linalg.norm(slope), rel=1e-3)


def test_gradients_by_lag_beside_untrained_nets_and_over_lag_0() -> None:
    one = net(cell="lstm")
    lines = [m for m in picture_of(one, "gradient_lag").plots[0].marks if isinstance(m, Line)]
    beside = ["untrained RNN", "untrained LSTM, bias 1", "untrained LSTM, bias 4"]
    assert [line.label for line in lines] == [*beside, "this net, now"]
    picture = picture_of(one, "gradient_lag", relative=True)
    over = [m for m in picture.plots[0].marks if isinstance(m, Line)]
    assert [line.y[0] for line in over] == [1.0] * 4
    rnn, forgets, keeps = (line.y[-1] for line in over[:3])
    assert rnn < forgets < keeps
    assert list(picture.facts["untrained"].items()) == list(
        zip(beside, (rnn, forgets, keeps), strict=True)
    )


@pytest.mark.parametrize(
    ("label", "cell", "forget_bias"),
    [
        ("untrained RNN", "rnn", 2.0),
        ("untrained LSTM, bias 1", "lstm", 1.0),
        ("untrained LSTM, bias 4", "lstm", 4.0),
    ],
)
def test_an_untrained_net_of_the_same_cell_is_the_run_at_step_0(
    label: str, cell: str, forget_bias: float
) -> None:
    model = {"kind": "rnn", "hidden": 8, "cell": cell, "forget_bias": forget_bias}
    one = Trainer(resolve({"data": RECALL, "model": model}))
    lines = {
        m.label: m for m in picture_of(one, "gradient_lag").plots[0].marks if isinstance(m, Line)
    }
    np.testing.assert_allclose(lines[label].y, lines["this net, now"].y, rtol=1e-5)


def test_the_next_symbol_has_the_probabilities_of_softmax_over_temperature() -> None:
    one = net({"kind": "characters"})
    for temperature in (0.5, 2.0):
        picture = picture_of(one, "continuations", prompt="the c", temperature=temperature)
        symbols = symbols_of(one)
        theta = one.model(torch.tensor([[symbols.index(k) for k in "the c"]]))[0, -1]
        shares = (theta.detach().double() / temperature).softmax(0).numpy()
        shown = mark(picture, Bars, "next")
        np.testing.assert_allclose(shown.values, np.sort(shares)[::-1][:10], rtol=1e-5)
        assert picture.facts["prompt"] == "the c"


def test_at_temperature_0_every_text_is_the_likeliest_symbol_each_time() -> None:
    one = net({"kind": "characters"})
    facts = picture_of(one, "continuations", prompt="a b", temperature=0, length=12, count=2).facts
    symbols = symbols_of(one)
    read = [symbols.index(k) for k in "a b"]
    for _ in range(12):
        read.append(int(one.model(torch.tensor([read]))[0, -1].argmax()))
    assert facts["texts"] == ["".join(symbols[k] for k in read[3:])] * 2


def test_draws_follow_the_probabilities_and_the_seed() -> None:
    one = net({"kind": "characters"})
    first: list[str] = []
    for seed in range(150):
        facts = picture_of(one, "continuations", prompt="the", length=1, count=8, seed=seed).facts
        first += facts["texts"]
    picture = picture_of(one, "continuations", prompt="the", length=1, count=8, seed=149)
    assert picture.facts["texts"] == first[-8:]
    shown = mark(picture, Bars, "next")
    for name, share in zip(shown.labels, shown.values, strict=True):
        symbol = " " if name == "␣" else name
        error = 5 * float(np.sqrt(share * (1 - share) / len(first)))
        assert first.count(symbol) / len(first) == pytest.approx(float(share), abs=error)


def test_a_wave_is_forecast_from_its_own_predictions() -> None:
    one = net({"kind": "waves", "length": 10}, cell="gru")
    picture = picture_of(one, "continuations", example=1)
    lines = {m.label: m for m in picture.plots[0].marks if isinstance(m, Line)}
    x = one.parts["test"][0][1, :5]
    found = []
    for _ in range(6):
        found.append(one.model(x.unsqueeze(0))[0, -1, 0].detach())
        x = torch.cat([x, found[-1].view(1, 1)])
    np.testing.assert_allclose(lines["forecast"].y, torch.stack(found).numpy(), atol=1e-5)
    true = lines["true"].y
    assert true[0] == float(one.parts["test"][0][1, 0, 0])
    np.testing.assert_array_equal(true[1:], one.parts["test"][1][1].numpy())


@pytest.mark.parametrize("model", [None, DECODER], ids=["rnn", "decoder"])
def test_a_source_is_answered_by_the_model_itself(model: Any) -> None:
    """At temperature 0 the answer is the greedy one, for a test sequence and a typed source."""
    data = {"kind": "reverse", "length": 4, "symbols": 4, "samples": 60}
    one = net(data) if model is None else trained({"data": data, "model": model}, 3)
    known = picture_of(one, "tokens", example=1).facts
    asked = {"example": 1, "temperature": 0, "count": 2}
    facts = picture_of(one, "continuations", **asked).facts
    source = "".join(known["input"][:4])
    assert facts["prompt"] == source + "→"
    assert facts["texts"] == ["".join(known["greedy"][4:])] * 2
    assert facts["right"] == source[::-1] == "".join(known["target"][4:])
    assert facts["most"] == known["most"] == (4 if model else MAX_TYPED // 2)
    assert picture_of(one, "continuations", prompt=source, **asked).facts == facts
    begun = picture_of(
        one, "continuations", prompt=f"{source}→{facts['texts'][0][:1]}", **asked
    ).facts
    assert begun["texts"] == [facts["texts"][0][1:]] * 2
    assert begun["right"] == source[::-1][1:]


@pytest.mark.parametrize("prompt", ["12→12", "12→→", "1→2→"])
def test_a_source_that_leaves_nothing_to_answer_is_refused(prompt: str) -> None:
    one = net({"kind": "copy", "length": 4, "symbols": 4, "samples": 60})
    with pytest.raises(OptionError, match="no symbol to answer") as caught:
        picture_of(one, "continuations", prompt=prompt)
    assert caught.value.path == "options.prompt"


def test_only_models_that_read_what_they_predict_go_on() -> None:
    with pytest.raises(ProbeUnfit, match="characters"):
        picture_of(net(), "continuations")


@pytest.mark.parametrize("data", [{"kind": "characters"}, {"kind": "delayed_recall", "delay": 200}])
def test_looking_changes_nothing_repeats_itself_and_travels_light(data: dict[str, Any]) -> None:
    one = net(data, hidden=32)
    before = everything(one)
    for probe in LOOKED:
        if not PROBES[probe].suits(one.spec):
            continue
        picture = picture_of(one, probe)
        assert content(picture) == content(picture_of(one, probe))
        assert len(encode(picture)) < 32_000
    assert everything(one) == before
