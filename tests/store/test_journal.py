"""The journal in memory: what takes the place of what, its size, and its versions."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livenet.spec import resolve
from livenet.store import Journal, Run, SnapshotStore
from livenet.wire.journal import Entry


def a_set(step: int = 0, **changes: Any) -> Entry:
    named = {name.replace("__", "."): value for name, value in changes.items()}
    return Entry(step, {"kind": "set", "changes": named})


EDIT = Entry(0, {"kind": "edit", "edits": [{"parameter": "b", "index": [0], "value": 1.0}]})


def recorded(*entries: Entry) -> list[Entry]:
    run = Run("run", "", resolve({}), SnapshotStore(1000))
    for entry in entries:
        run.record(entry)
    return list(run.journal)


def test_a_slider_that_is_dragged_at_one_step_makes_one_entry() -> None:
    dragged = [a_set(3, optimizer__lr=0.01 * number) for number in range(1, 100)]
    first, later = a_set(2, optimizer__lr=0.5), a_set(4, optimizer__lr=0.5)
    assert recorded(first, *dragged, later) == [first, dragged[-1], later]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (a_set(1, optimizer__lr=0.1), a_set(2, optimizer__lr=0.2)),
        (a_set(optimizer__lr=0.1), a_set(optimizer__eps=0.2)),
        (a_set(optimizer__lr=0.1), a_set(optimizer__lr=0.2, optimizer__eps=0.2)),
        (a_set(optimizer__lr=0.1, optimizer__eps=0.2), a_set(optimizer__lr=0.2)),
        (a_set(optimizer__schedule__kind="step"), a_set(optimizer__schedule__kind="cosine")),
        (a_set(training__batch_size=5), a_set(training__batch_size=6)),
        (a_set(training__steps=50), a_set(training__steps=60)),
        (a_set(training__series_every=5), a_set(training__series_every=6)),
        (a_set(optimizer__bias_correction=True), a_set(optimizer__bias_correction=False)),
        (EDIT, EDIT),
        (a_set(optimizer__lr=0.1), EDIT),
        (EDIT, a_set(optimizer__lr=0.1)),
    ],
)
def test_others_are_entries_of_their_own(first: Entry, second: Entry) -> None:
    assert recorded(first, second) == [first, second]


def test_only_the_last_entry_is_replaced() -> None:
    """What lies between could depend on the first."""
    entries = [a_set(optimizer__lr=0.1), EDIT, a_set(optimizer__lr=0.2)]
    assert recorded(*entries) == entries


def test_the_spec_in_force_is_that_of_the_journal_whoever_gave_it() -> None:
    run = Run("run", "", resolve({}), SnapshotStore(1000))
    for value in (0.5, 0.25):  # the journal has one entry after each
        run.record(a_set(optimizer__lr=value))
        assert run.in_force.optimizer.lr == value
    run.journal = Journal([a_set(optimizer__lr=0.75)])
    assert run.in_force.optimizer.lr == 0.75


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 2), st.integers(1, 10**9))))
def test_versions_are_a_cursor(script: list[tuple[bool, int, int]]) -> None:
    """Whoever has a version and takes what is newer than it has the journal as it is."""
    journal, step = Journal(), 0
    seen: list[tuple[int, list[Entry]]] = [(0, [])]
    for replaces, steps, value in script:
        if replaces and len(journal):
            journal.replace_last(a_set(step, training__steps=value))
        else:
            step += steps
            journal.add(a_set(step, training__steps=value))
        for version, known in seen:
            start = journal.newer_than(version)
            assert known[:start] + list(journal[start:]) == list(journal)
        assert journal.version == seen[-1][0] + 1
        seen.append((journal.version, list(journal)))
        assert journal.size == sum(len(json.dumps(entry.command)) for entry in journal)
        for at in range(step + 1):
            until = [entry for entry in journal if entry.step <= at]
            assert list(journal.until(at)) == until
    assert Journal(journal) == journal
    assert Journal(journal).version == len(journal)


def test_a_version_at_a_step_changes_with_the_entries_up_to_there_alone() -> None:
    journal = Journal([a_set(2, training__steps=5)])
    assert [journal.version_at(step) for step in (1, 2, 3)] == [0, 1, 1]
    journal.replace_last(a_set(2, training__steps=6))
    assert [journal.version_at(step) for step in (1, 2, 3)] == [0, 2, 2]
    journal.add(a_set(9, training__steps=7))
    assert [journal.version_at(step) for step in (1, 2, 8, 9)] == [0, 2, 2, 3]
