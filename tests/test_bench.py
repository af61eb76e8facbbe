"""The runner of measurements, with groups that measure nothing."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.bench import __main__ as bench
from tests.bench.result import Result, Results
from tests.bench.runner import Group, duration, row, run


def kept(path: Path) -> list[str]:
    return [one["name"] for one in json.loads(path.read_text())]


def test_each_value_is_shown_and_kept_before_the_next_is_measured(tmp_path: Path) -> None:
    said: list[str] = []
    path = tmp_path / "bench" / "bench.json"
    seen: list[tuple[int, list[str]]] = []

    def measure() -> Results:
        for name in ("first", "second", "third"):
            seen.append((len(said), kept(path)))
            yield Result(name, 1.0, None, "")

    run([("quick", Group(1, measure)), ("again", Group(1, measure))], path, said.append)
    # The group's line comes first, then one for each value.
    assert seen == [
        (1, []),
        (2, ["first"]),
        (3, ["first", "second"]),
        (5, ["first", "second", "third"]),
        (6, ["first", "second", "third", "first"]),
        (7, ["first", "second", "third", "first", "second"]),
    ]
    assert kept(path) == ["first", "second", "third"] * 2
    assert list(path.parent.iterdir()) == [path]


def test_help_prints_usage_and_measures_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as ended:
        bench.main(["--help"])
    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith("usage: python -m tests.bench")
    assert not list(tmp_path.iterdir())


def test_a_group_says_how_long_it_takes_before_it_begins(tmp_path: Path) -> None:
    said: list[str] = []

    def measure() -> Results:
        assert said == ["slow (takes about 9 min)"]
        yield from ()

    run([("slow", Group(540, measure))], tmp_path / "b.json", said.append)
    assert said


def test_what_a_stopped_group_has_measured_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "b.json"
    path.write_text("[]")
    ended = []

    def measure() -> Results:
        try:
            yield Result("first", 1.0, None, "")
            raise KeyboardInterrupt
        finally:
            ended.append(True)

    with pytest.raises(KeyboardInterrupt):
        run([("stopped", Group(1, measure))], path, lambda line: None)
    assert kept(path) == ["first"]
    assert ended


def test_a_group_ends_where_its_value_cannot_be_shown(tmp_path: Path) -> None:
    """As when the terminal is closed: the group's server must not outlive it."""
    ended = []

    def measure() -> Results:
        try:
            yield Result("first", 1.0, None, "")
        finally:
            ended.append(True)

    def say(line: str) -> None:
        if "first" in line:
            raise BrokenPipeError

    group = measure()  # held, so that no garbage collector ends it
    with pytest.raises(BrokenPipeError):
        run([("closed", Group(1, lambda: group))], tmp_path / "b.json", say)
    assert ended


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (Result("a", 2.0, 1.0, "s"), ["2 s", "≥ 1", "reached"]),
        (Result("a", 0.5, 1.0, "", gates=True), ["0.5", "≥ 1", "missed", "gates"]),
        (Result("a", 2.0, 1.0, "s", least=False), ["2 s", "≤ 1", "missed"]),
        (Result("a", 150_000, 1e5, "faces/s"), ["1.5e+05 faces/s", "≥ 1e+05", "reached"]),
        (Result("a", 2.0, None, "s"), ["2 s"]),
    ],
)
def test_row(one: Result, words: list[str]) -> None:
    assert [word.strip() for word in row(one).split("  ") if word.strip()] == ["a", *words]


def test_durations() -> None:
    assert [duration(s) for s in (5, 90, 150, 540)] == ["5 s", "90 s", "2 min", "9 min"]


@pytest.mark.parametrize(("value", "code"), [(0.5, 1), (1.5, 0)])
def test_only_what_gates_decides(
    value: float, code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    def measure() -> Results:
        yield Result("told", 0.0, 1.0, "")
        yield Result("gate", value, 1.0, "", gates=True)

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(bench, "GROUPS", {"one": Group(1, measure)})
    assert bench.main([]) == code
    assert "gate" in capsys.readouterr().out
    assert kept(tmp_path / "bench" / "bench.json") == ["told", "gate"]


def test_a_stopped_bench_says_where_its_values_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    def measure() -> Results:
        yield Result("told", 0.0, 1.0, "")
        raise KeyboardInterrupt

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(bench, "GROUPS", {"one": Group(1, measure)})
    assert bench.main(["one"]) == 130
    assert "bench/bench.json" in capsys.readouterr().out


def test_unknown_groups_are_named(capsys: Any) -> None:
    assert bench.main(["speed", "sped"]) == 2
    assert "sped;" in capsys.readouterr().out
