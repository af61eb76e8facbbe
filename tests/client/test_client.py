"""The Python client against a live server."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from math import inf
from pathlib import Path
from typing import Any

import httpx2 as httpx
import numpy as np
import pytest

from livenet.api.viewers.line import FAR
from livenet.client import Client, Run, Series
from livenet.client.address import Address
from livenet.client.http import Http
from livenet.errors import (
    BadRequest,
    CommandError,
    Diverged,
    Forbidden,
    LivenetError,
    OptionError,
    ProbeUnfit,
    SpecError,
    UnknownProbe,
    UnknownRun,
    UnknownStep,
    WrongState,
)
from livenet.wire import packed
from tests.server import Server, eventually
from tests.slow_line import slow_line_in_thread

QUICK: dict[str, Any] = {"model": {"hidden": [5]}, "training": {"steps": 60}}


@pytest.fixture(scope="module")
def client(server: Server) -> Iterator[Client]:
    with Client(server.url) as made:
        yield made


@pytest.fixture
def make(client: Client) -> Iterator[Callable[..., Run]]:
    made: list[Run] = []

    def run(spec: dict[str, Any] | None = None, **rest: Any) -> Run:
        made.append(client.run(spec, **{"start": False, **rest}))
        return made[-1]

    yield run
    ids = {line["id"] for line in client.runs()}
    for one in made:
        if one.id in ids:
            one.delete()


def walk(run: Run, steps: int) -> None:
    run.step(steps)
    eventually(lambda: run.refresh().status == "paused")


def test_server(client: Client) -> None:
    assert client.health()["status"] == "ok"
    assert {row["kind"] for row in client.catalogue()["probes"]} >= {"decision", "regions"}
    assert client.describe(QUICK)["parameters"] == 21
    assert client.describe()["spec"]["data"]["kind"] == "spiral"


def test_a_run_to_its_end(client: Client, make: Callable[..., Run]) -> None:
    run = make(QUICK, name="mine", start=True)
    assert run.name == "mine"
    assert run.wait(30) is run
    assert (run.status, run.at, run.error) == ("finished", 60, None)
    assert run.spec["model"]["hidden"] == [5]
    assert run.metrics["train_loss"] is not None
    assert run.id in repr(run)
    assert run.id in {line["id"] for line in client.runs()}
    again = client.find(run.id)
    assert again.document == run.document
    assert run.snapshots()[0] == 0


def test_series(make: Callable[..., Run]) -> None:
    run = make(QUICK, start=True).wait(30)
    series = run.series()
    assert series.columns[:3] == ("row", "step", "epoch")
    assert len(series) == len(series.rows) == 7
    assert series["step"].tolist() == [0, 10, 20, 30, 40, 50, 60]
    assert series["train_loss"].dtype == np.float64
    assert np.isnan(series["gradient_norm"][0])  # before the first step there is none
    assert series.array().shape == (7, len(series.columns))
    assert [row["row"] for row in series] == [1, 2, 3, 4, 5, 6, 7]
    assert next(iter(series))["gradient_norm"] is None
    part = run.series(after=5)
    assert part.rows == series.rows[5:]
    assert (series.cursor, run.series(after=series.cursor).rows) == (7, [])
    with pytest.raises(KeyError, match="train_loss"):
        series["loss"]


def test_part_of_a_series(make: Callable[..., Run]) -> None:
    run = make(QUICK, start=True).wait(30)
    whole = run.series()
    assert run.series(2, before=5).rows == whole.rows[2:4]
    losses = run.series(columns=["test_loss"])
    assert losses.columns == ("row", "step", "epoch", "test_loss")
    assert losses["test_loss"].tolist() == whole["test_loss"].tolist()
    thinned = run.series(columns=["train_loss"], every=7)
    assert 2 <= len(thinned) <= 4
    for extreme in (np.min, np.max):
        assert extreme(thinned["train_loss"]) == extreme(whole["train_loss"])
    with pytest.raises(BadRequest, match="train_los"):
        run.series(columns=["train_los"])


def test_rows_one_by_one(make: Callable[..., Run]) -> None:
    run = make(QUICK, start=True).wait(30)
    assert list(run.rows()) == list(run.series())
    part = list(run.rows(2, before=5, columns=["train_loss"]))
    assert part == list(run.series(2, before=5, columns=["train_loss"]))
    for row in run.rows():  # whoever stops early can go on with other calls
        assert row["step"] == 0
        break
    assert [row["row"] for row in run.rows(every=7, columns=[])] == [1, 7]
    with pytest.raises(BadRequest, match="train_los"):
        next(run.rows(columns=["train_los"]))
    run.delete()
    with pytest.raises(UnknownRun):
        next(run.rows())


def test_filters_with_several_values(
    client: Client, make: Callable[..., Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each is sent as a parameter of its own, on every page; a number limits the runs."""
    made = [make(QUICK, tags=["a", "b"][: number + 1]).id for number in range(3)]
    monkeypatch.setattr("livenet.client.client.PAGE", 1)

    def found(**filters: Any) -> list[str]:
        return sorted(one["id"] for one in client.runs(**filters))

    assert found(tag=["a", "b"]) == sorted(made[1:])
    assert found(id=made[:2], status=("paused", "failed")) == sorted(made[:2])
    assert found(id=iter(made)) == sorted(made)
    assert found(id=made, spec=["seed=0", "optimizer.lr>0"], pinned=False) == sorted(made)
    assert found(id=made, metric=["test_loss>=0", "test_loss<0"]) == []
    assert len(found(id=made, limit=2)) == 2
    assert len(found(id=made, limit=9)) == 3
    with pytest.raises(BadRequest, match=r"limit is .0."):
        found(limit=0)
    empty: list[dict[str, Any]] = [{"id": []}, {"owner": "me", "tag": ()}, {"name": ""}]
    for filters in empty:
        with pytest.raises(BadRequest, match="empty"):
            found(**filters)
        with pytest.raises(BadRequest, match="empty"):
            client.delete_runs(**filters)
    assert sorted(client.delete_runs(id=(one for one in made[:2]))) == sorted(made[:2])
    assert found(id=made) == made[2:]


def test_rows_are_not_all_held(monkeypatch: pytest.MonkeyPatch) -> None:
    """A row is given before the rest of the text has arrived."""
    asked = 0

    def text() -> Iterator[bytes]:
        nonlocal asked
        for row in range(1000):
            asked += 1
            yield b'{"row": %d}\n' % row

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=text())

    made = Http(Address("http://127.0.0.1:8000"))
    made._client = httpx.Client(base_url=made.url, transport=httpx.MockTransport(answer))
    lines = made.lines("/rows")
    assert asked == 0
    assert next(lines) == '{"row": 0}'
    assert asked < 10
    assert len(list(lines)) == 999


def test_empty_series() -> None:
    series = Series(["row", "step"], [])
    assert (len(series), series.cursor, series.array().shape) == (0, 0, (0, 2))


def test_commands(make: Callable[..., Run]) -> None:
    run = make()
    walk(run, 4)
    assert run.at == 4
    run.step(epochs=1)
    eventually(lambda: run.refresh().status == "paused")
    assert run.epoch == 1.0
    assert run.set({"optimizer.lr": 0.1}) == 25
    assert run.spec["optimizer"]["lr"] == 0.1
    assert run.document["spec"]["optimizer"]["lr"] == 0.01
    assert run.edit(("layers.0.weight", (1, 0), 0.5), ("layers.0.bias", [2], -1)) == 25
    weights = run.weights()
    assert (weights["layers.0.weight"][1, 0], weights["layers.0.bias"][2]) == (0.5, -1)
    run.pace(50)
    assert run.document["pace"] == 50
    run.pace(None)
    run.resume()
    seen = [str(run.status)]
    run.pause()
    seen.append(run.status)
    run.stop()
    assert [*seen, run.status] == ["running", "paused", "stopped"]


def test_fork(make: Callable[..., Run]) -> None:
    run = make()
    walk(run, 20)
    child = run.fork(step=12, changes={"optimizer.lr": 0.3}, name="hot", start=False)
    assert child.document["parent"] == {"id": run.id, "step": 12}
    assert (child.at, child.name, child.spec["optimizer"]["lr"]) == (12, "hot", 0.3)
    same = run.weights(step=12)
    assert all(np.array_equal(same[name], array) for name, array in child.weights().items())
    child.delete()
    with pytest.raises(UnknownRun):
        child.refresh()


def test_pictures(make: Callable[..., Run]) -> None:
    run = make({"model": {"activation": "relu"}})
    walk(run, 8)
    found = run.probe("regions", step=5, point=[0.5, -1.0], polygons=False)
    assert found["step"] == 5
    assert found["facts"]["activation_regions"] > 1
    frame = run.frame("decision", resolution=16)
    values = frame["plots"][0]["marks"][0]["values"]
    assert isinstance(values, np.ndarray)
    assert (frame["step"], values.shape) == (8, (16, 16))
    assert run.frame("weights", step=0)["step"] == 0


def test_stream(make: Callable[..., Run]) -> None:
    """Up to the frame of the last step, in order, none twice."""
    run = make({"training": {"steps": 500}}, start=True, pace=1000)
    steps = [frame["step"] for frame in run.stream("decision", fps=30, resolution=8)]
    assert steps == sorted(set(steps))
    assert steps[-1] == 500
    # Of an ended run, the last is there at once.
    assert [frame["step"] for frame in run.stream("decision", resolution=8)] == [500]


def test_stream_from_elsewhere(
    make: Callable[..., Run], server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Packed frames are the same frames, up to the last."""
    unpacked: list[bytes] = []
    plain = packed.unpack

    def unpack(data: bytes, reference: bytes | None = None) -> bytes:
        unpacked.append(data)
        return plain(data, reference)

    monkeypatch.setattr(packed, "unpack", unpack)
    run = make({"training": {"steps": 800}}, start=True, pace=120)
    port = int(server.host.rpartition(":")[2])
    with (
        slow_line_in_thread(port, inf, 2 * FAR) as farther,
        Client(f"http://127.0.0.1:{farther}") as away,
    ):
        frames = list(away.find(run.id).stream("neurons", fps=30))
    assert unpacked, "the round trip was known before the run's end"
    steps = [frame["step"] for frame in frames]
    assert steps == sorted(set(steps))
    assert steps[-1] == 800
    (tiles,) = run.frame("neurons")["plots"][0]["marks"]
    (received,) = frames[-1]["plots"][0]["marks"]
    assert (received["values"] == tiles["values"]).all()


def test_stream_of_a_step(make: Callable[..., Run]) -> None:
    run = make()
    walk(run, 9)
    (frame,) = run.stream("network", step=4)
    assert frame["step"] == 4
    assert frame["plots"]


def test_stream_that_is_left(make: Callable[..., Run]) -> None:
    run = make(start=True, pace=200)
    for count, frame in enumerate(run.stream("decision", fps=30, resolution=8)):
        assert frame["seq"] > 0
        if count == 3:
            break
    assert run.refresh().status == "running"


def test_stream_to_where_it_diverged(make: Callable[..., Run]) -> None:
    run = make({"data": {"kind": "sine"}, "optimizer": {"kind": "sgd", "lr": 10}})
    frames = run.stream("decision", resolution=8)
    assert next(frames)["step"] == 0
    run.resume()
    last = list(frames)[-1]["step"]
    assert run.refresh().at == last
    assert run.error is not None


def test_stream_of_a_run_that_rests(make: Callable[..., Run]) -> None:
    run = make()
    frames = run.stream("decision", resolution=8, timeout=0.3)
    assert next(frames)["step"] == 0
    with pytest.raises(TimeoutError, match=r"0\.3"):
        next(frames)


def test_stream_refused(make: Callable[..., Run], client: Client) -> None:
    run = make()
    for probe, options, error in (
        ("decisions", {}, UnknownProbe),
        ("decision", {"resolution": 1}, OptionError),
        ("regions", {}, ProbeUnfit),
        ("decision", {"step": 5}, UnknownStep),
    ):
        with pytest.raises(error):
            list(run.stream(probe, **options))
    frames = run.stream("decision", resolution=8)
    next(frames)
    client.find(run.id).delete()
    with pytest.raises(UnknownRun):
        list(frames)
    with pytest.raises(UnknownRun):
        list(run.stream("decision"))


def test_errors_are_those_of_the_server(make: Callable[..., Run], client: Client) -> None:
    with pytest.raises(SpecError) as refused:
        client.run({"optimizer": {"lr": -1}})
    assert refused.value.path == "optimizer.lr"
    assert "-1" in refused.value.message
    assert refused.value.hint
    with pytest.raises(SpecError):
        client.describe({"modle": {}})
    with pytest.raises(UnknownRun):
        client.find("nothing")
    run = make()
    with pytest.raises(WrongState, match="running"):
        run.pause()
    with pytest.raises(CommandError):
        run.set({"model.hidden": [3]})
    with pytest.raises(CommandError):
        run.edit(("layers.9.weight", (0, 0), 1.0))
    with pytest.raises(UnknownStep):
        run.weights(step=1)
    with pytest.raises(OptionError):
        run.probe("decision", colour="red")
    with pytest.raises(LivenetError, match="JSON"):
        run.set({"optimizer.lr": float("nan")})


def test_wait(make: Callable[..., Run]) -> None:
    """Never for ever: it ends in time, or where the run went wrong."""
    run = make()
    with pytest.raises(TimeoutError, match="paused"):
        run.wait(0.2)
    wild = make({"data": {"kind": "sine"}, "optimizer": {"kind": "sgd", "lr": 10}}, start=True)
    with pytest.raises(Diverged) as diverged:
        wild.wait(30)
    assert "learning rate" in diverged.value.message + diverged.value.hint


def test_no_server(unused: str) -> None:
    for call in (Client(unused).health, Client(unused).runs):
        with pytest.raises(LivenetError, match="No server answers") as refused:
            call()
        assert "livenet serve" in refused.value.hint


@pytest.fixture
def unused(server: Server) -> str:
    """An address where nobody listens: port 1 needs rights that a server has not."""
    return "http://127.0.0.1:1"


def test_another_server(monkeypatch: pytest.MonkeyPatch) -> None:
    def answer(*_: object, **__: object) -> httpx.Response:
        request = httpx.Request("GET", "http://127.0.0.1/")
        return httpx.Response(418, text="<html>", request=request)

    monkeypatch.setattr(httpx.Client, "request", answer)
    with Client() as client, pytest.raises(LivenetError, match="no Livenet server"):
        client.health()


def test_foreign_host(server: Server) -> None:
    """By another name of this machine, the server does not answer."""
    with Client(server.url.replace("127.0.0.1", "127.0.0.2")) as client:
        with pytest.raises(LivenetError) as refused:
            client.health()
        assert isinstance(refused.value, Forbidden) or "No server" in refused.value.message


def test_no_torch() -> None:
    """A notebook need not load it twice."""
    code = (
        "import sys, livenet.client\n"
        "heavy = {'torch', 'fastapi', 'starlette', 'uvicorn', 'scipy'} & set(sys.modules)\n"
        "sys.exit(', '.join(heavy) or None)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_the_example_in_the_readme_runs(server: Server, client: Client) -> None:
    readme = Path(__file__).parents[2] / "README.md"
    (example,) = re.findall(r"```python\n(.*?)```", readme.read_text(encoding="utf-8"), re.DOTALL)
    assert "http://127.0.0.1:8000" in example
    names: dict[str, Any] = {}
    exec(example.replace("http://127.0.0.1:8000", server.url), names)  # noqa: S102  # our own page
    assert names["run"].status == "finished"
    assert names["weights"]["layers.0.weight"].shape == (12, 2)
    client.find(names["run"].id).delete()
    names["client"].close()


def test_the_example_of_series_in_the_documentation_runs(
    server: Server, client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    page = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
    (example,) = (
        block for block in re.findall(r"```python\n(.*?)```", page, re.DOTALL) if "rows(" in block
    )
    names: dict[str, Any] = {}
    exec(example.replace("http://127.0.0.1:8000", server.url), names)  # noqa: S102  # our own page
    said = capsys.readouterr().out
    assert re.match(r"\d+ rows for drawing; the highest loss is \d", said)
    assert re.search(r"loss below 0.5 is \d+$", said.strip())
    client.find(names["run"].id).delete()
    names["client"].close()


def test_a_pinned_run_does_not_expire(make: Callable[..., Run]) -> None:
    run = make(QUICK)
    assert run.retention()["expires_at"] is not None
    run.pin()
    assert run.document["pinned"] is True
    assert run.retention()["expires_at"] is None
    run.pin(False)
    assert run.retention()["pinned"] is False


def test_retention_by_id_does_not_use_the_run(server: Server, make: Callable[..., Run]) -> None:
    run, asked = make(QUICK), list[str]()
    with Client(server.url) as client:
        http = client._http._client
        http.event_hooks = {"request": [lambda request: asked.append(request.url.path)]}
        found = client.retention(run.id)
        assert asked == [f"/api/runs/{run.id}/retention"]
        assert found.keys() == run.retention().keys()
        with pytest.raises(UnknownRun):
            client.retention("nope")


def test_an_id_is_no_path(client: Client) -> None:
    """``..`` would lead to another call, whose answer has an id, too."""
    with pytest.raises(LivenetError, match=r"Not Found|no run"):
        client.find("../me")
