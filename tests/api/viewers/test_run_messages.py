"""Texts that all viewers of a run share."""

from __future__ import annotations

import json

from livenet.api.viewers.run_messages import FRESH_SECONDS, ROWS_A_MESSAGE, RunMessages, TextCache
from livenet.spec import resolve
from livenet.store import Run, SnapshotStore
from livenet.wire.journal import Entry
from livenet.wire.outbound import Progress


def a_run(rows: int = 0, id: str = "run") -> Run:
    run = Run(id=id, name="", spec=resolve({}), snapshots=SnapshotStore(1000))
    grow(run, rows)
    return run


def grow(run: Run, rows: int) -> None:
    for _ in range(rows):
        run.series.append(len(run.series), 0.0, {"train_loss": 0.1 * len(run.series)})


def test_rows_are_those_that_were_published() -> None:
    run = a_run(3)
    words = RunMessages(run)
    grow(run, 2)
    assert words.rows == 3
    text, end = words.series(1)
    assert end == 3
    expected = {"kind": "series", "columns": run.series.columns, "rows": run.series.rows(1, 2)}
    assert json.loads(text) == expected
    words.publish()
    text, end = words.series(3)
    assert [row[0] for row in json.loads(text)["rows"]] == [4, 5]


def test_viewers_at_one_place_share_a_text() -> None:
    words = RunMessages(a_run(5))
    first, _ = words.series(2)
    assert words.series(2)[0] is first
    assert words.series(1)[0] is not first
    grow(words.run, 1)
    words.publish()
    assert json.loads(words.series(2)[0])["rows"][-1][0] == 6


def test_chunks_end_at_the_same_places_for_all() -> None:
    """Whoever comes later shares them, and a column that has come since is not missed."""
    kept = TextCache()
    run = a_run(2 * ROWS_A_MESSAGE + 10)
    words = RunMessages(run, kept)
    assert words.series(7)[1] == ROWS_A_MESSAGE
    whole, end = words.series(ROWS_A_MESSAGE)
    assert end == 2 * ROWS_A_MESSAGE
    later = RunMessages(run, kept)
    assert later.series(ROWS_A_MESSAGE)[0] is whole
    assert RunMessages(a_run(9000, id="other"), kept).series(ROWS_A_MESSAGE)[0] is not whole
    run.series.append(len(run.series), 0.0, {"test_loss": 1.0})
    assert "test_loss" in json.loads(later.series(ROWS_A_MESSAGE)[0])["columns"]


def test_kept_texts_are_bounded() -> None:
    """Those that were used last stay."""
    kept = TextCache(most_bytes=100)
    for number in range(4):
        kept.put("run", (number, number + 1, 3), "x" * 30)
        kept.get("run", (0, 1, 3))
    assert kept.size == 90
    assert kept.get("run", (0, 1, 3))
    assert not kept.get("run", (1, 2, 3))
    kept.put("run", (9, 10, 3), "x" * 1000)
    assert kept.size == 0


def test_document_is_made_once_a_moment_and_progress_once_a_telling() -> None:
    now = 5.0
    run = a_run()
    words = RunMessages(run, clock=lambda: now)
    first, progress = words.document(), words.progress()
    assert json.loads(first[0])["run"] == run.document()
    assert json.loads(first[0])["incarnation"] == run.lifetime != a_run().lifetime
    run.status, run.step = "running", 7
    assert words.document()[0] is first[0]
    assert words.progress() is progress
    now += 1.01 * FRESH_SECONDS
    assert json.loads(words.document()[0])["run"]["step"] == 7
    run.step, run.metrics = 8, {"train_loss": 0.5, "gradient_norm": float("inf")}
    words.publish()
    assert json.loads(words.document()[0])["run"]["step"] == 8
    said = json.loads(words.progress())
    assert (said["step"], said["metrics"]) == (8, {"train_loss": 0.5, "gradient_norm": None})
    assert Progress.model_validate(said).model_dump() == said  # all of its fields, and no others


def a_set(step: int, value: int) -> Entry:
    return Entry(step, {"kind": "set", "changes": {"training.steps": value}})


def test_a_change_has_the_new_entries_alone_and_is_made_once() -> None:
    run = a_run()
    run.record(a_set(0, 50))
    words = RunMessages(run)
    _, version = words.document()
    run.record(a_set(1, 60))
    words.publish()
    text, newer = words.change(version) or ("", 0)
    said = json.loads(text)
    assert said["journal"] == {"start": 1, "entries": [a_set(1, 60).document()]}
    assert said["spec_in_force"]["training"]["steps"] == 60
    assert "data" not in said["spec_in_force"]  # it may be a text of 50,000 characters
    assert newer == run.journal.version == said["run"]["journal_version"]
    assert (words.change(version) or ("", 0))[0] is text
    whole = json.loads((words.change(0) or ("", 0))[0])
    assert whole["journal"]["entries"] == [entry.document() for entry in run.journal]
    assert json.loads((words.change(newer) or ("", 0))[0])["journal"] == {"start": 2, "entries": []}


def test_a_change_that_is_not_saved_is_not_made() -> None:
    saving = False
    run = a_run()
    words = RunMessages(run, saving=lambda: saving)
    text = words.change(0)
    run.record(a_set(0, 50))
    saving = True
    assert words.change(0) == text  # what was published before
    words.publish()
    assert words.change(0) is None
    saving = False
    assert words.change(0) != text
