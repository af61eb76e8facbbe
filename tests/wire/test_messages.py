"""The messages: what is let in, and what goes out."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from livenet.wire.messages import COMMAND, INBOUND, Message
from livenet.wire.outbound import Applied, Outbound, Progress, Refused

OUTBOUND: TypeAdapter[Any] = TypeAdapter(Outbound)
EDIT = {"parameter": "layers.0.weight", "index": [1, 0], "value": 0.5}

GOOD: list[dict[str, Any]] = [
    {"kind": "subscribe", "id": "a", "probe": "decision"},
    {"kind": "subscribe", "id": "a", "probe": "b", "options": {"x": [1]}, "fps": 60, "step": 0},
    {"kind": "unsubscribe", "id": "a"},
    {"kind": "series"},
    {"kind": "series", "after": 10**12},
    {"kind": "ack", "seqs": {}},
    {"kind": "ack", "seqs": {"a": 1, "b": 0}},
    {"kind": "pause"},
    {"kind": "resume"},
    {"kind": "stop"},
    {"kind": "step"},
    {"kind": "step", "steps": 1, "epochs": None},
    {"kind": "step", "epochs": 1},
    {"kind": "set", "changes": {"optimizer.lr": 0.1}},
    {"kind": "edit", "edits": [EDIT]},
    {"kind": "pace"},
    {"kind": "pace", "steps_per_second": 0.5},
]
BAD: list[dict[str, Any]] = [
    {},
    {"kind": "subscribe"},
    {"kind": "subscribe", "id": "", "probe": "decision"},
    {"kind": "subscribe", "id": "x" * 65, "probe": "decision"},
    {"kind": "subscribe", "id": "a", "probe": "decision", "fps": 0},
    {"kind": "subscribe", "id": "a", "probe": "decision", "fps": 61},
    {"kind": "subscribe", "id": "a", "probe": "decision", "step": -1},
    {"kind": "subscribe", "id": "a", "probe": "decision", "options": []},
    {"kind": "subscribe", "id": "a", "probe": "decision", "more": 1},
    {"kind": "series", "after": -1},
    {"kind": "ack", "seqs": {str(number): number for number in range(65)}},
    {"kind": "step", "steps": 0},
    {"kind": "step", "steps": 10**10},
    {"kind": "set", "changes": {}},
    {"kind": "set", "changes": {str(number): 1 for number in range(65)}},
    {"kind": "edit", "edits": []},
    {"kind": "edit", "edits": [EDIT] * 1001},
    {"kind": "edit", "edits": [EDIT | {"value": float("nan")}]},
    {"kind": "edit", "edits": [EDIT | {"value": float("inf")}]},
    {"kind": "edit", "edits": [EDIT | {"index": [0] * 5}]},
    {"kind": "pace", "steps_per_second": 0},
    {"kind": "pace", "steps_per_second": 1e-310},
    {"kind": "pace", "steps_per_second": 0.00099},
    {"kind": "subscribe", "id": "a", "probe": "decision", "fps": 1e-310},
    {"kind": "pace", "steps_per_second": float("inf")},
]


@pytest.mark.parametrize("document", GOOD, ids=json.dumps)
def test_good(document: dict[str, Any]) -> None:
    """And as it came in, it goes out: commands are echoed, and written into journals."""
    message = INBOUND.validate_python(document)
    again = json.loads(message.model_dump_json())
    assert document.items() <= again.items()
    assert INBOUND.validate_python(again) == message
    assert hash(message.kind)


@pytest.mark.parametrize("document", BAD, ids=lambda one: json.dumps(one)[:60])
def test_bad(document: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        INBOUND.validate_python(document)


def numbers(document: Any) -> Iterator[Callable[[Any], None]]:
    """What puts another value in the place of each number in a document."""
    inner = document.items() if isinstance(document, dict) else enumerate(document)
    for key, value in list(inner):
        if isinstance(value, dict | list) and key != "options":
            yield from numbers(value)
        elif type(value) in (int, float):
            yield partial(document.__setitem__, key)


@pytest.mark.parametrize("document", GOOD, ids=json.dumps)
@pytest.mark.parametrize("other", [True, "1"])
def test_what_is_no_number_is_not_taken_for_one(document: dict[str, Any], other: Any) -> None:
    count = len(list(numbers(deepcopy(document))))
    for place in range(count):
        changed = deepcopy(document)
        if document["kind"] == "set":  # whose values are the spec's to check
            continue
        list(numbers(changed))[place](other)
        with pytest.raises(ValidationError):
            INBOUND.validate_python(changed)


def test_commands_are_messages_too() -> None:
    for document in GOOD:
        if document["kind"] in ("subscribe", "unsubscribe", "series", "ack"):
            with pytest.raises(ValidationError):
                COMMAND.validate_python(document)
        else:
            assert COMMAND.validate_python(document) == INBOUND.validate_python(document)


def test_messages_do_not_change() -> None:
    message = INBOUND.validate_python({"kind": "step", "steps": 1})
    with pytest.raises(ValidationError):
        message.steps = 2


def test_outbound_kinds_differ() -> None:
    for document in (
        Progress(status="paused", step=1, epoch=0.5, steps_per_second=None, metrics={"a": None}),
        Refused(error={"code": "x", "message": "m", "path": "", "hint": ""}, id="a"),
        Applied(command={"kind": "pause"}, step=3),
    ):
        again: Message = OUTBOUND.validate_json(document.model_dump_json())
        assert again == document


@given(st.dictionaries(st.text(max_size=5), st.integers() | st.text() | st.none()))
def test_nonsense_is_refused_and_nothing_else(document: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        INBOUND.validate_python(document)
