"""What a stranger may put into the head of a request: it is read, and never gets them in."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.types import Message, Receive, Scope, Send

from livenet.api.access.credentials import Credentials
from livenet.api.access.middleware import AccessMiddleware
from livenet.api.access.request_head import ONCE, Head
from livenet.api.access.responses import CLOSE_CODES
from livenet.settings import Settings

TOKEN, ADMIN = "a-token-for-the-class", "the-token-of-the-lecturer"
SETTINGS = Settings.model_validate({"token": TOKEN, "admin_token": ADMIN})
CREDENTIALS = Credentials.of(SETTINGS)
ORIGIN, HOST = "http://localhost:81", "localhost:81"
Pairs = list[tuple[bytes, bytes]]


def scope_of(headers: Pairs, **rest: Any) -> dict[str, Any]:
    """A request, or a handshake where ``type`` says so."""
    return {
        "type": "http",
        "method": "GET",
        "scheme": "http",
        "path": "/api/me",
        "query_string": b"",
        "headers": headers,
        "extensions": {},
        **rest,
    }


def knock(scope: dict[str, Any]) -> tuple[bool, list[Message]]:
    """Whether one is let in, and what the gate says."""
    let_in = []
    said: list[Message] = []

    async def inside(scope: Scope, receive: Receive, send: Send) -> None:
        let_in.append(scope)

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        said.append(message)

    gate = AccessMiddleware(
        inside,
        origins={ORIGIN},
        credentials=CREDENTIALS,
        settings=SETTINGS,
        policies={"/": "default-src 'self'"},
    )
    asyncio.run(gate(scope, receive, send))
    return bool(let_in), said


def test_the_right_words_open_the_gate() -> None:
    """Else the garbage below would prove nothing."""
    headers = [(b"host", HOST.encode()), (b"authorization", b"Bearer " + TOKEN.encode())]
    assert knock(scope_of(headers))[0]
    assert knock(scope_of(headers, type="websocket"))[0]
    assert not knock(scope_of(headers[:1]))[0]


NAMES = st.sampled_from([name.encode() for name in (*ONCE, "cookie", "accept", "upgrade")])
PARTS = st.sampled_from([
    b"Bearer ", b"bearer", b"Basic ", b"localhost", b":81", HOST.encode(), ORIGIN.encode(), b"null",
    b"livenet_81=", b"0123456789abcdef.member.", b".administrator.", b"text/html", b";", b",", b" ",
    b"same-origin", b"none", b"0", b"99999999999999999999", b"\xff", b"\x00", b"\xc3\xbc", b"[::1]",
    b"http://", b"@", b"%",
])  # fmt: skip
VALUES = st.one_of(st.binary(max_size=30), st.lists(PARTS, max_size=6).map(b"".join))
# With the right Host and Origin in front, some of it gets as far as the credentials.
OWN = st.sampled_from([[], [(b"host", HOST.encode())],
                       [(b"host", HOST.encode()), (b"origin", ORIGIN.encode())]])  # fmt: skip
HEADERS = st.builds(
    lambda own, rest: own + rest, OWN, st.lists(st.tuples(NAMES, VALUES), max_size=6)
)
QUERIES = st.one_of(
    st.binary(max_size=40),
    st.lists(
        st.sampled_from([b"token", b"=", b"&", b"%", b"%00", b"%ff", b"+", b"x", b";", b"%C3"]),
        max_size=12,
    ).map(b"".join),
)


@settings(max_examples=400)
@given(
    headers=HEADERS,
    query=QUERIES,
    path=st.one_of(st.sampled_from(["/", "/api/me", "//", "/api", ""]), st.text(max_size=20)),
    method=st.sampled_from(["GET", "HEAD", "POST", "DELETE", "OPTIONS", "TRACE", "get", ""]),
    kind=st.sampled_from(["http", "websocket"]),
    extended=st.booleans(),
)
def test_no_garbage_opens_it(
    headers: Pairs, query: bytes, path: str, method: str, kind: str, extended: bool
) -> None:
    """Refused, in words, whatever it is; and no exception."""
    scope = scope_of(headers, query_string=query, path=path, method=method, type=kind)
    scope["extensions"] = {"websocket.http.response": {}} if extended else {}
    let_in, said = knock(scope)
    assert not let_in
    if kind == "websocket" and not extended:
        (closed,) = said
        assert closed["code"] in (*CLOSE_CODES.values(), 4400)
        return
    start, body = said
    assert start["status"] in (400, 401, 403, 413)
    assert all(b"\n" not in value and b"\r" not in value for _, value in start["headers"])
    assert b"error" in body["body"] or b"<!doctype html>" in body["body"]


@given(
    QUERIES, st.sampled_from([b"token=secret", b"token=secret&token=secret", b"a=b&token=secret"])
)
def test_no_log_can_have_the_token(query: bytes, given_: bytes) -> None:
    scope = scope_of([], query_string=query + b"&" + given_)
    head = Head.of(scope)
    assert head.token is not None
    assert b"secret" not in scope["query_string"]
    assert "secret" not in head.query
    scope["query_string"] = before = query.replace(b"token", b"")
    assert Head.of(scope).token is None
    assert scope["query_string"] == before


@pytest.mark.parametrize(
    ("query", "token", "rest"),
    [
        (b"", None, b""),
        (b"a=b", None, b"a=b"),
        (b"token=x", b"x", b""),
        (b"token=x%20y+z&a=%C3%BC", b"x y z", b"a=%C3%BC"),
        (b"a=1&token=x&a=2&b=", b"x", b"a=1&a=2&b="),
        (b"token=x&token=x", b"", b""),
        (b"token=", b"", b""),
        (b"token", b"", b""),
        (b"tokens=x", None, b"tokens=x"),
        (b"TOKEN=x", None, b"TOKEN=x"),
        (b"options={%22token%22:1}", None, b"options={%22token%22:1}"),
    ],
)
def test_the_token_of_an_address(query: bytes, token: bytes | None, rest: bytes) -> None:
    scope = scope_of([], query_string=query)
    assert Head.of(scope).token == token
    assert scope["query_string"] == rest


def test_cookies() -> None:
    head = Head.of(scope_of([(b"cookie", b"a=1; ab=2;a=3"), (b"cookie", b"a=4; b=a=5")]))
    assert head.cookies("a") == ["1", "3", "4"]
    assert head.repeated is None
    many = Head.of(scope_of([(b"cookie", b";".join([b"a=1"] * 1000))]))
    assert len(many.cookies("a")) < 10


def test_bearer() -> None:
    for given_, token in (
        (b"Bearer x", b"x"),
        (b"bearer   x ", b"x"),
        (b"Bearer", b""),
        (b"Basic x", b""),
        (b"x", b""),
        (b"Bearer\tx", b""),
    ):
        assert Head.of(scope_of([(b"authorization", given_)])).bearer == token
    assert Head.of(scope_of([])).bearer is None
