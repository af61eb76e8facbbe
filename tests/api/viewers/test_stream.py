"""The websocket from end to end, against a live server."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import Any

import httpx2 as httpx
import numpy as np

from livenet.api.viewers.run_messages import ROWS_A_MESSAGE
from livenet.api.viewers.stream import MAX_SUBSCRIPTIONS
from livenet.api.viewers.viewer import EARLY
from tests.api.socket import Socket, viewer
from tests.server import MakeRun, Server, eventually

SLOW: dict[str, Any] = {"training": {"series_every": 1}}


def subscribe(socket: Socket, name: str = "output", probe: str = "decision", **rest: Any) -> None:
    socket.send(kind="subscribe", id=name, probe=probe, **rest)


def at_rest(message: dict[str, Any], step: int) -> bool:
    run = message.get("run", {})
    return (run.get("status"), run.get("step")) == ("paused", step)


def test_first_of_all_the_run(http: httpx.Client, server: Server, make_run: MakeRun) -> None:
    run = make_run()
    told = []
    for _ in range(2):
        with viewer(server, run) as socket:
            told.append(socket.receive())
    first, again = told
    assert again == first  # of one incarnation, as long as the server lives
    assert first.pop("incarnation")
    assert first == {"kind": "run", "run": http.get(f"/api/runs/{run}").json()}


def test_pictures(http: httpx.Client, server: Server, make_run: MakeRun) -> None:
    """One at once; another for each change; the same as a probe call gives."""
    run = make_run()
    with viewer(server, run) as socket:
        subscribe(socket, options={"resolution": 8})
        channel = socket.until_kind("subscribed", id="output")["channel"]
        frame = socket.until_frame(0)
        assert frame["channel"] == channel
        socket.send(kind="ack", seqs={"output": frame["seq"]})
        socket.send(kind="step", steps=3)
        frame = socket.until_frame(3)
        query = {"options": '{"resolution": 8}'}
        asked = http.get(f"/api/runs/{run}/probes/decision", params=query).json()
        assert asked["step"] == 3
        mark, same = frame["plots"][0]["marks"][0], asked["plots"][0]["marks"][0]
        assert np.array_equal(mark["values"], np.array(same["values"], dtype=np.float16))
        socket.send(kind="unsubscribe", id="output")
        socket.send(kind="step", steps=1)
        socket.until_status("paused")
        socket.alive()
        assert [one["step"] for one in socket.frames if one["step"] > 3] == []


def test_step_of_the_past(server: Server, make_run: MakeRun) -> None:
    """Once, while the present goes on under another name."""
    run = make_run()
    with viewer(server, run) as socket:
        socket.send(kind="step", steps=30)
        socket.until(lambda one: at_rest(one, 30))
        subscribe(socket, "past", "weights", step=11)
        subscribe(socket, "present", "weights")
        channels = {
            socket.until_kind("subscribed", id=name)["channel"] for name in ("past", "present")
        }
        socket.until(lambda _: {frame["step"] for frame in socket.frames} == {11, 30})
        assert {frame["channel"] for frame in socket.frames} == channels
        subscribe(socket, "future", "weights", step=31)
        refused = socket.until_kind("error", id="future")
        assert refused["error"]["code"] == "unknown_step"


def test_at_most_two_unacknowledged(server: Server, make_run: MakeRun) -> None:
    run = make_run()
    with viewer(server, run) as socket:
        subscribe(socket, options={"resolution": 8}, fps=60)
        socket.until_frame(0)
        socket.send(kind="step", steps=1)
        socket.until_frame(1)
        for step in range(2, 8):
            socket.send(kind="step", steps=1)
            socket.until(lambda one, at=step: at_rest(one, at))  # type: ignore[misc]  # bound at once
        socket.alive()
        assert len(socket.frames) == 2
        socket.send(kind="ack", seqs={"output": socket.frames[-1]["seq"]})
        assert socket.until_frame()["step"] == 7  # the newest, not the next


def test_each_has_the_rate_that_it_asked_for(server: Server, make_run: MakeRun) -> None:
    """Although another, who watches the same, asks for more."""
    run = make_run(start=True)
    with viewer(server, run) as slow, viewer(server, run) as quick:
        subscribe(slow, options={"resolution": 8}, fps=2)
        slow.until_frame()
        start = time.monotonic()
        subscribe(quick, options={"resolution": 8}, fps=60)
        slow.send(kind="ack", seqs={"output": slow.frames[-1]["seq"]})
        while len(slow.frames) < 4:
            for socket, known in ((slow, len(slow.frames)), (quick, len(quick.frames))):
                with suppress(TimeoutError):
                    socket.receive(0.001)
                if len(socket.frames) > known:
                    socket.send(kind="ack", seqs={"output": socket.frames[-1]["seq"]})
        assert time.monotonic() - start >= 3 * 0.5 - 2 * EARLY
        assert len(quick.frames) > 2 * len(slow.frames)


def test_slow_rate_at_rest(server: Server, make_run: MakeRun) -> None:
    """What changed before the next picture was due is shown when it is, though nothing moves."""
    with viewer(server, make_run()) as socket:
        subscribe(socket, options={"resolution": 8}, fps=1)
        frame = socket.until_frame(0)
        socket.send(kind="ack", seqs={"output": frame["seq"]})
        socket.send(kind="step", steps=1)
        socket.until_frame(1)


def test_long_past_comes_whole(server: Server, make_run: MakeRun) -> None:
    rows = 3 * ROWS_A_MESSAGE + 1
    run = make_run({"training": {"series_every": 1}})
    with viewer(server, run) as socket:
        socket.send(kind="step", steps=rows - 1)
        socket.until(lambda one: at_rest(one, rows - 1))
    with viewer(server, run) as socket:
        socket.send(kind="series", after=0)
        socket.until(lambda _: len(socket.rows()) >= rows)
        assert [row[0] for row in socket.rows()] == list(range(1, rows + 1))


def test_last_rows_come_before_the_status_finished(
    http: httpx.Client, server: Server, make_run: MakeRun
) -> None:
    """No message that says so precedes a row, and the run's ``rows`` is the number of the last."""
    run = make_run({"training": {"series_every": 1, "steps": 500}})
    with viewer(server, run) as socket:
        socket.send(kind="series", after=0)
        socket.until_kind("series")
        http.post(f"/api/runs/{run}/commands", json={"kind": "resume"})
        told = socket.until(lambda one: one.get("run", one).get("status") == "finished")
        assert told["kind"] == "change"
        assert [row[0] for row in socket.rows()] == list(range(1, 502))
        assert told["run"]["rows"] == 501


def test_refused_subscription_takes_no_place(server: Server, make_run: MakeRun) -> None:
    run = make_run()
    with viewer(server, run) as socket:
        for number in range(MAX_SUBSCRIPTIONS + 8):
            subscribe(socket, f"{number}", "regions")  # the run's tanh does not fit
            refused = socket.until_kind("error", id=f"{number}")
            assert refused["error"]["code"] == "probe_unfit"


def test_looks_at_the_past_that_are_no_longer_wanted(server: Server, make_run: MakeRun) -> None:
    """Dragging along the timeline under one name: the last is what comes."""
    run = make_run()
    with viewer(server, run) as socket:
        socket.send(kind="step", steps=60)
        socket.until(lambda one: at_rest(one, 60))
        for step in range(40, -1, -1):
            subscribe(socket, "past", "weights", step=step)
        socket.until_frame(0)
        socket.alive()
        assert len(socket.frames) < 41


def test_series_over_a_reconnect(http: httpx.Client, server: Server, make_run: MakeRun) -> None:
    """From the cursor on: no row is lost, none comes twice."""
    run = make_run(SLOW)
    rows: list[list[Any]] = []
    http.post(f"/api/runs/{run}/commands", json={"kind": "resume"})
    for _ in range(4):
        with viewer(server, run) as socket:
            socket.send(kind="series", after=len(rows))
            socket.until(lambda _, socket=socket: len(socket.rows()) >= 40)  # type: ignore[misc]  # bound at once
            rows += socket.rows()
    http.post(f"/api/runs/{run}/commands", json={"kind": "pause"})
    whole = http.get(f"/api/runs/{run}/series").json()
    with viewer(server, run) as socket:
        socket.send(kind="series", after=len(rows))
        if len(whole["rows"]) > len(rows):
            socket.until(lambda _: len(rows) + len(socket.rows()) >= len(whole["rows"]))
        socket.alive()
        rows += socket.rows()
        columns = [text["columns"] for text in socket.texts if text["kind"] == "series"]
    assert [row[0] for row in rows] == list(range(1, len(whole["rows"]) + 1))
    assert rows == whole["rows"]
    assert all(one == whole["columns"] for one in columns)


def test_commands(server: Server, make_run: MakeRun) -> None:
    """Each is answered, to whoever gave it; all hear of what it changed."""
    run = make_run()
    with viewer(server, run) as socket, viewer(server, run) as other:
        changes = {"optimizer.lr": 0.5}
        socket.send(kind="set", changes=changes)
        applied = socket.until_kind("applied")
        assert applied["command"] == {"kind": "set", "changes": changes}
        assert applied["step"] == 0
        heard = other.until_kind("change")
        assert heard["journal"] == {
            "start": 0,
            "entries": [{"step": 0, "command": applied["command"]}],
        }
        assert heard["spec_in_force"]["optimizer"]["lr"] == 0.5
        socket.send(kind="resume")
        other.until_status("running")
        progress = other.until_kind("progress")
        assert progress["status"] == "running"
        assert set(progress["metrics"]) >= {"train_loss", "test_loss"}
        socket.send(kind="pause")
        assert socket.until_kind("applied", command={"kind": "pause"})["step"] > 0
        other.until_status("paused")
        socket.send(kind="stop")
        other.until_status("stopped")
        assert not [text for text in other.texts if text["kind"] == "applied"]


def test_refusals(server: Server, make_run: MakeRun) -> None:
    run = make_run()
    with viewer(server, run) as socket:
        socket.send(kind="pause")
        refused = socket.until_kind("error")
        assert (refused["error"]["code"], refused["command"]) == ("wrong_state", {"kind": "pause"})
        for name, probe, options, code in (
            ("a", "decisions", {}, "unknown_probe"),
            ("b", "decision", {"resolution": 1}, "bad_option"),
            ("c", "regions", {}, "probe_unfit"),  # tanh
        ):
            subscribe(socket, name, probe, options=options)
            refused = socket.until_kind("error", id=name)
            assert refused["error"]["code"] == code
            assert refused["error"]["hint"]
        socket.send(kind="set", changes={"model.hidden": [3]})
        refused = socket.until_kind("error")
        assert refused["error"]["path"] == "model.hidden"
        for number in range(MAX_SUBSCRIPTIONS + 1):
            subscribe(socket, f"many {number}", "weights", options={"layer": 1})
        refused = socket.until_kind("error")
        assert refused["error"]["code"] == "too_many"
        assert refused["id"] == f"many {MAX_SUBSCRIPTIONS}"
        socket.alive()


def test_no_such_run(server: Server) -> None:
    with viewer(server, "nothing") as socket:
        assert socket.receive()["error"]["code"] == "unknown_run"
        assert socket.until_closed() == 4404


def test_deleted(http: httpx.Client, server: Server, make_run: MakeRun) -> None:
    run = make_run()
    with viewer(server, run) as socket:
        socket.receive()
        http.delete(f"/api/runs/{run}")
        assert socket.until_closed() == 4404


def test_stalled_viewer_slows_nobody(http: httpx.Client, server: Server, make_run: MakeRun) -> None:
    """One reads nothing of what it asked for; the other's pictures and the run go on."""
    run = make_run({"training": {"series_every": 1}})
    with viewer(server, run) as stalled, viewer(server, run) as quick:
        for name in ("a", "b", "c", "d"):
            subscribe(stalled, name, "decision", options={"resolution": 200}, fps=60)
        stalled.send(kind="series", after=0)
        subscribe(quick, options={"resolution": 8}, fps=60)
        quick.send(kind="resume")
        for _ in range(40):
            frame = quick.until_frame()
            quick.send(kind="ack", seqs={"output": frame["seq"]})
        steps = [frame["step"] for frame in quick.frames]
        assert steps == sorted(set(steps))
        before = http.get(f"/api/runs/{run}").json()["step"]
        eventually(lambda: http.get(f"/api/runs/{run}").json()["step"] > before + 100)
        quick.send(kind="pause")
        quick.until_kind("applied", command={"kind": "pause"})
        # Once it reads again, it is told where the run is, and gets every row.
        last = http.get(f"/api/runs/{run}").json()["rows"]
        stalled.until(lambda _: len(stalled.rows()) >= last)
        assert [row[0] for row in stalled.rows()] == list(range(1, last + 1))
        stalled.alive()
        assert len(stalled.frames) <= 8  # two of each
