"""Sequence sets: each task by its own rule, symbol by symbol; parts that share nothing."""

import json
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from livenet.data import Dataset, load
from livenet.errors import SpecError
from livenet.settings import Settings
from livenet.spec import changed, resolve
from livenet.spec.data import KINDS, Sequences
from livenet.spec.data.characters import MAX_TEXT
from livenet.spec.data.grammar import MAX_SYMBOLS
from livenet.spec.text import UNKNOWN

SEQUENCES = [kind for kind in KINDS if issubclass(kind, Sequences)]
ALL = pytest.mark.parametrize("kind", SEQUENCES, ids=lambda kind: kind.__name__)


def made(kind: str, **fields: Any) -> tuple[Sequences, Dataset]:
    data = resolve({"data": {"kind": kind, **fields}}).data
    assert isinstance(data, Sequences)
    return data, load(data)


def named(kind: type[Sequences]) -> str:
    return str(kind.model_fields["kind"].default)


def rows(found: Dataset) -> list[tuple[list[Any], list[Any]]]:
    x = np.concatenate([found.train_x, found.test_x]).tolist()
    return list(zip(x, np.concatenate([found.train_y, found.test_y]).tolist(), strict=True))


@ALL
@pytest.mark.parametrize("samples", [20, 333])
@pytest.mark.parametrize("fraction", [0.0, 0.1, 0.9])
def test_shapes_types_and_parts(kind: type[Sequences], samples: int, fraction: float) -> None:
    s, found = made(named(kind), samples=samples, test_fraction=fraction)
    tested = min(round(samples * fraction), samples - 1)
    real = s.target == "real"
    shape = (s.steps, s.channels) if real else (s.steps,)
    assert found.train_x.shape == (samples - tested, *shape)
    assert found.test_x.shape == (tested, *shape)
    assert found.train_y.shape == (samples - tested, s.steps)
    assert found.test_y.shape == (tested, s.steps)
    for x, y in ((found.train_x, found.train_y), (found.test_x, found.test_y)):
        assert x.dtype == y.dtype == (np.float32 if real else np.int64)


@ALL
def test_symbols_are_in_the_vocabulary_and_something_is_scored(kind: type[Sequences]) -> None:
    s, found = made(named(kind), samples=500)
    for x, y in ((found.train_x, found.train_y), (found.test_x, found.test_y)):
        if s.target == "real":
            assert np.isfinite(x).all()
            assert (~np.isnan(y)).any(axis=1).all()
            continue
        assert x.min() >= 0
        assert x.max() < len(s.symbols_in)
        assert y.min() >= -1
        assert y.max() < s.classes
        assert (y != -1).any(axis=1).all()


@ALL
def test_a_seed_gives_the_same_and_another_gives_others(kind: type[Sequences]) -> None:
    def arrays(seed: int) -> list[NDArray[Any]]:
        found = made(named(kind), samples=100, seed=seed)[1]
        return [found.train_x, found.train_y, found.test_x, found.test_y]

    for one, same in zip(arrays(3), arrays(3), strict=True):
        np.testing.assert_array_equal(one, same)
    assert not np.array_equal(arrays(3)[0], arrays(4)[0])


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("parity", {"length": 4}),
        ("parity", {"length": 12}),
        ("copy", {"length": 2, "symbols": 3}),
        ("sort", {"length": 3, "symbols": 2}),
        ("delayed_recall", {"delay": 3, "symbols": 2}),
        ("associative_recall", {"count": 2, "symbols": 2}),
    ],
)
def test_the_parts_of_a_small_space_share_no_sequence(kind: str, fields: dict[str, int]) -> None:
    _, found = made(kind, samples=4000, **fields)
    train, test = set(map(tuple, found.train_x.tolist())), set(map(tuple, found.test_x.tolist()))
    assert len(found.test_x) == 400
    assert test
    assert not train & test


def test_recall_without_distractors_has_every_symbol_in_both_parts() -> None:
    _, found = made("delayed_recall", distractors=False)
    for y in (found.train_y, found.test_y):
        assert set(y[:, -1].tolist()) == {0, 1, 2, 3}


@pytest.mark.parametrize("distractors", [True, False])
def test_delayed_recall_asks_for_the_first_symbol(distractors: bool) -> None:
    s, found = made("delayed_recall", delay=7, distractors=distractors)
    for x, y in rows(found):
        assert len(x) == 8
        assert s.symbols_in[x[-1]] == "?"
        middle = {s.symbols_in[symbol] for symbol in x[1:-1]}
        assert middle <= (set("ABCD") if distractors else {"·"})
        assert y == [-1] * 7 + [x[0]]


def test_parity_counts_ones() -> None:
    for x, y in rows(made("parity")[1]):
        ones = 0
        for bit, odd in zip(x, y, strict=True):
            ones += bit
            assert odd == (ones % 2 == 1)


def test_addition_adds_one_marked_number_of_each_half() -> None:
    for x, y in rows(made("addition", length=11, samples=300)[1]):
        marked = [t for t, (_, mark) in enumerate(x) if mark == 1.0]
        assert [t for t, (_, mark) in enumerate(x) if mark not in (0.0, 1.0)] == []
        assert len(marked) == 2
        assert marked[0] < 5 <= marked[1]
        assert all(0 <= number < 1 for number, _ in x)
        assert np.isnan(y[:-1]).all()
        assert y[-1] == pytest.approx(x[marked[0]][0] + x[marked[1]][0], abs=1e-6)


def test_waves_are_two_sines_and_the_target_is_the_next_value() -> None:
    _, found = made("waves", samples=50, noise=0.0)
    np.testing.assert_array_equal(found.train_y[:, :-1], found.train_x[:, 1:, 0])
    t = np.arange(40.0)
    waves = [f(2 * np.pi * t / p) for p in (16.0, 7.0) for f in (np.sin, np.cos)]
    basis = np.stack(waves, 1)  # (T, 4)
    weights, *_ = np.linalg.lstsq(basis, found.train_x[:, :, 0].T.astype(float), rcond=None)
    np.testing.assert_allclose(basis @ weights, found.train_x[:, :, 0].T, atol=1e-5)
    amplitudes = np.hypot(weights[::2], weights[1::2])  # (2, N)
    np.testing.assert_allclose(
        amplitudes, np.array([[0.7], [0.5]]) * np.ones_like(amplitudes), atol=1e-4
    )


def test_noise_on_waves_has_its_standard_deviation() -> None:
    clean = made("waves", samples=2000, noise=0.0)[1].train_x
    noisy = made("waves", samples=2000, noise=0.1)[1].train_x
    assert (noisy - clean).std() == pytest.approx(0.1, rel=0.02)


def test_characters_are_windows_of_the_text_and_the_parts_of_different_ends() -> None:
    text = "".join(chr(ord("a") + (7 * i * i + i) % 26) for i in range(300))
    s, found = made("characters", text=text, length=5, samples=200, test_fraction=0.2)
    cut = 240
    for x, y, part in (
        (found.train_x, found.train_y, text[:cut]),
        (found.test_x, found.test_y, text[cut:]),
    ):
        for window, following in zip(x.tolist(), y.tolist(), strict=True):
            written = "".join(s.symbols_in[k] for k in (*window, following[-1]))
            assert written in part
            assert following[:-1] == window[1:]


def test_a_text_of_any_script_is_learnt_and_its_rare_characters_are_one_symbol() -> None:
    text = "".join(chr(0x4E00 + k % 600) for k in range(1200)) + "\u4e00" * 50
    s, found = made("characters", text=text, length=5, samples=100)
    assert len(s.symbols_in) == MAX_SYMBOLS
    assert "\u4e00" in s.symbols_in
    assert {UNKNOWN} < set(s.symbols_in)
    assert found.train_x.max() < MAX_SYMBOLS
    assert (found.train_x == s.symbols_in.index(UNKNOWN)).mean() > 0.5


@pytest.mark.parametrize(
    ("pasted", "learnt"),
    [
        ("{}\r\n\r\n{}\r{}", "{}\n\n{}\n{}"),
        ("{}e\u0301 A\u030a", "{}\xe9 \xc5"),
        ("{}e" + "\u0301" * 500, "{}e" + "\u0301" * 500),  # in no language
    ],
)
def test_a_pasted_text_is_written_one_way(pasted: str, learnt: str) -> None:
    pasted, learnt = (text.replace("{}", "some words ") * 20 for text in (pasted, learnt))
    document = {"data": {"kind": "characters", "text": "\ufeff" + pasted}}
    found = resolve(document).document()["data"]["text"]
    assert found == learnt


def test_the_text_of_a_run_that_there_is_stays_as_it_is() -> None:
    """Its snapshots have as many symbols as it had."""
    text = "so it goes\r\n" * 20
    s = resolve({"data": {"kind": "characters", "text": text}}, limits=None)
    assert s.document()["data"]["text"] == text
    assert changed(s, {"optimizer.lr": 0.1}).document()["data"]["text"] == text


@pytest.mark.parametrize("symbol", ["\u0416", "\U0001f99c", "\u4e00"])
def test_a_request_has_room_for_the_longest_text(symbol: str) -> None:
    """However it is escaped: JSON writes 12 bytes for a character beyond U+FFFF."""
    document: dict[str, Any] = {"spec": {"data": {"kind": "characters", "text": symbol * MAX_TEXT}}}
    assert len(json.dumps(document)) < Settings().max_request_bytes
    assert resolve(document["spec"]).data.samples
    document["spec"]["data"]["text"] += symbol
    with pytest.raises(SpecError, match="50,001 characters"):
        resolve(document["spec"])


def test_a_text_that_is_too_short_is_refused_with_a_way_out() -> None:
    with pytest.raises(SpecError) as caught:
        resolve({"data": {"kind": "characters", "text": "too short", "length": 32}})
    assert caught.value.path == "data.text"
    assert "66" in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize(
    ("kind", "rule"), [("copy", list), ("reverse", lambda x: x[::-1]), ("sort", sorted)]
)
def test_pairs_follow_their_rule(kind: str, rule: Any) -> None:
    for x, y in rows(made(kind, samples=200)[1]):
        assert y == rule(x)


def test_associative_recall_asks_for_the_value_of_a_key() -> None:
    s, found = made("associative_recall", count=4, samples=500)
    asked = set()
    for x, y in rows(found):
        written = [s.symbols_in[k] for k in x]
        keys, values = written[0:-1:2], written[1:-1:2]
        assert len(set(keys)) == 4
        place = keys.index(written[-1])
        asked.add(place)
        assert y == [-1] * 8 + [int(values[place])]
    assert asked == {0, 1, 2, 3}
