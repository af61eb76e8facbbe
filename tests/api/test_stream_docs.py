"""docs/stream.md against the messages: every kind, every field, every example."""

from __future__ import annotations

import json
import re
from typing import Any, get_args

from pydantic import TypeAdapter

from livenet.api.serving import websocket
from livenet.api.serving.serve import PING
from livenet.api.viewers.line import FAR
from livenet.api.viewers.probe_requests import MAX_REQUESTS
from livenet.api.viewers.run_messages import ROWS_A_MESSAGE
from livenet.api.viewers.stream import (
    BURST_SECONDS,
    MAX_SUBSCRIPTIONS,
    MESSAGES_PER_SECOND,
    NO_SUCH_RUN,
)
from livenet.settings import Settings
from livenet.wire.messages import INBOUND, Edit, Inbound, Message
from livenet.wire.outbound import Outbound
from livenet.wire.packed import (
    ALONE,
    DICTIONARY_SIZE,
    DIFFERENCES,
    FIRST,
    HEADER,
    LAST,
    PACKED,
    PART_SIZE,
)
from tests.api.examples import DOCS

PAGE = (DOCS / "stream.md").read_text(encoding="utf-8")
IN, OUT = PAGE.split("## From the server")
OUTBOUND: TypeAdapter[Any] = TypeAdapter(Outbound)


def members(union: Any) -> list[type[Message]]:
    found: list[type[Message]] = []
    for part in get_args(union):
        found += [part] if isinstance(part, type) else members(part)
    return found


def kind_of(message: type[Message]) -> str:
    (kind,) = get_args(message.model_fields["kind"].annotation)
    return str(kind)


def examples(page: str) -> list[dict[str, Any]]:
    blocks = re.findall(r"```json\n(.*?)```", page, re.DOTALL)
    return [json.loads(block) for block in blocks]


def test_every_kind_has_an_example_that_is_one() -> None:
    for page, union, adapter in ((IN, Inbound, INBOUND), (OUT, Outbound, OUTBOUND)):
        shown = examples(page)
        assert {example["kind"] for example in shown} == {kind_of(one) for one in members(union)}
        for example in shown:
            adapter.validate_python(example)


def test_every_field_stands_there() -> None:
    for page, union in ((IN, Inbound), (OUT, Outbound)):
        for message in members(union):
            kind = kind_of(message)
            shown = next(example for example in examples(page) if example["kind"] == kind)
            assert set(shown) == set(message.model_fields), kind
    assert all(f"`{name}`" in IN for name in Edit.model_fields)


def test_every_kind_has_a_heading() -> None:
    for page, union in ((IN, Inbound), (OUT, Outbound)):
        headings = ", ".join(re.findall(r"^### (.*)$", page, re.MULTILINE)).split(", ")
        assert sorted(headings) == sorted(kind_of(one) for one in members(union))


def test_numbers_are_the_codes_own() -> None:
    assert f"at most {MAX_SUBSCRIPTIONS}" in PAGE
    assert f"at most {ROWS_A_MESSAGE} rows" in PAGE
    assert f"{Settings().max_message_bytes // 1024} KiB" in PAGE
    assert f"More than {MESSAGES_PER_SECOND:g} messages a second" in PAGE
    assert f"after the first {MESSAGES_PER_SECOND * BURST_SECONDS:g}" in PAGE
    assert f"At most {MAX_REQUESTS} probe requests for earlier steps" in PAGE
    assert f"a ping every {PING:g} seconds" in PAGE
    assert f"no pong within another {PING:g}" in PAGE
    assert f"for {websocket.STALLED:g} seconds" in PAGE
    assert f"more than {websocket.MAX_FRAGMENTS} fragments" in PAGE
    assert f"round trip takes more than {1000 * FAR:g} ms" in PAGE
    assert f"A part has at most {PART_SIZE} bytes of data" in PAGE
    assert f"the last {DICTIONARY_SIZE} bytes of that" in PAGE
    assert f"the form: {ALONE} alone, {HEADER} header, {DIFFERENCES} differences" in PAGE
    assert f"is a sum: {PACKED}, and {FIRST} if it begins" in PAGE
    assert f"and {LAST} if it ends one" in PAGE


def test_every_closing_code_is_explained() -> None:
    """Those of our own, and those of the protocol that a viewer may meet."""
    ours = {websocket.TOO_SLOW, websocket.MISBEHAVED, websocket.NOT_TEXT, websocket.RESTARTS}
    table = "".join(re.findall(r"^\| [0-9, ]+ \|", PAGE, re.MULTILINE))
    told = {int(code) for code in re.findall(r"\d{4}", table)}
    assert told == ours | {NO_SUCH_RUN, websocket.NO_PONG, websocket.NOT_A_FRAME, 1009}
