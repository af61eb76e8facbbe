"""From a text to a message."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livenet.api.viewers.client_messages import MAX_DEEP, acknowledged, document
from livenet.errors import CommandError
from livenet.wire.messages import MAX_ACKNOWLEDGED, Ack, Pause, Subscribe
from livenet.wire.parsing import parse_message

Values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=4,
)


@given(
    st.dictionaries(st.text(max_size=5), st.integers(), max_size=MAX_ACKNOWLEDGED),
    st.fixed_dictionaries({}, optional={"received": st.none() | st.integers(0, 2**60)}),
)
def test_acknowledgements_are_read_as_the_model_reads_them(
    seqs: dict[str, int], more: dict[str, int | None]
) -> None:
    text = json.dumps({"kind": "ack", "seqs": seqs} | more)
    found = acknowledged(text)
    assert found is not None
    assert found._asdict() | {"kind": "ack"} == parse_message(document(text)).model_dump()


@given(
    st.dictionaries(
        st.sampled_from(["kind", "seqs", "received", "x"]),
        Values | st.just("ack") | st.just({"a": 1}),
    )
)
def test_by_hand_no_more_is_let_in_than_by_the_model(body: dict[str, Any]) -> None:
    text = json.dumps(body)
    if found := acknowledged(text):
        assert parse_message(document(text)) == Ack(kind="ack", **found._asdict())


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        '"ack"',
        '["ack"]',
        '{"kind": "ack"}',
        '{"kind": "ack", "seqs": []}',
        '{"kind": "ack", "seqs": {"a": "1"}}',
        '{"kind": "ack", "seqs": {"a": true}}',
        '{"kind": "ack", "seqs": {"a": 1.5}}',
        '{"kind": "ack", "seqs": {"a": 1}, "x": 0}',
        '{"kind": "ack", "seqs": {"a": 1}, "received": -1}',
        '{"kind": "ack", "seqs": {"a": 1}, "received": true}',
        '{"kind": "ack", "seqs": {"a": 1}, "received": 1.5}',
        '{"kind": "ack", "received": 1}',
        '{"kind": "ack", "seqs": {"a": ' + "9" * 5000 + "}}",
        '{"kind": "ack", "seqs": ' + "[" * 50_000,
        json.dumps({"kind": "ack", "seqs": {str(n): n for n in range(MAX_ACKNOWLEDGED + 1)}}),
        '{"kind": "pause"}',
    ],
)
def test_no_acknowledgement(text: str | None) -> None:
    assert acknowledged(text) is None


def test_messages() -> None:
    assert parse_message(document('{"kind": "pause"}')) == Pause(kind="pause")
    found = parse_message(document('{"kind": "subscribe", "id": "a", "probe": "decision"}'))
    assert found == Subscribe.model_validate({"kind": "subscribe", "id": "a", "probe": "decision"})


@pytest.mark.parametrize(
    ("text", "path", "words"),
    [
        (None, "", "are text"),
        ("{", "", "not JSON"),
        ('"\\ud800"', "", "half a surrogate pair"),
        ("[" * (MAX_DEEP + 1) + "]" * (MAX_DEEP + 1), "", "deeper than"),
        ("[" * 50_000, "", "nested too deep"),
        ("5", "kind", "no message None"),
        ('{"kind": "subscrib"}', "kind", "no message 'subscrib'"),
        ('{"kind": ["pause"]}', "kind", "no message"),
        ('{"kind": "series", "after": -1}', "after", "after is -1"),
        ('{"kind": "step", "steps": 0}', "steps", "steps is 0"),
        ('{"kind": "subscribe", "id": "a", "probe": "x", "fps": 1e999}', "fps", "fps is Infinity"),
    ],
)
def test_refusals_say_what_is_wrong_and_where(text: str | None, path: str, words: str) -> None:
    with pytest.raises(CommandError) as refused:
        parse_message(document(text))
    assert refused.value.path == path
    assert words in refused.value.message
