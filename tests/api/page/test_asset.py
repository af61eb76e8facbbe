"""One file in several encodings: which is sent, when none is, and how it is described."""

from __future__ import annotations

import gzip
import json

import httpx2 as httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import Message

from livenet.api.page.asset import ASK_AGAIN, Asset, preferred

ASSET = Asset(b"plain", "text/plain", ASK_AGAIN, {"gzip": b"squeezed", "br": b"tiny"})


def client(asset: Asset) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(asset), base_url="http://x", headers={})


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate", "gzip"),
        ("br;q=0.5, gzip;q=0.8", "gzip"),
        ("GZIP ; Q=0.5", "gzip"),
        ("identity, gzip", "gzip"),
        ("*", "br"),
        ("*, br;q=0", "gzip"),
        ("br;q=0.3, *;q=0.9", "gzip"),
        ("gzip;q=0, br;q=0.0", ""),
        ("*;q=0", ""),
        ("identity, gzip;q=0.5", ""),
        ("identity;q=0.5, gzip", "gzip"),
        ("identity;q=0", ""),
        ("identity", ""),
        ("deflate", ""),
        ("gzip;q=nonsense", ""),
        (";;,=,", ""),
        ("", ""),
    ],
)
def test_preferred_encoding(accepted: str, encoding: str) -> None:
    assert preferred(accepted, {"br", "gzip"}) == encoding


def test_only_what_is_there_is_preferred() -> None:
    assert preferred("br, gzip", {"gzip"}) == "gzip"
    assert preferred("br, gzip", ()) == ""


@given(st.text())
def test_any_header_is_understood(accepted: str) -> None:
    assert preferred(accepted, {"br", "gzip"}) in ("", "br", "gzip")


async def test_sends_what_is_accepted_and_says_so() -> None:
    async with client(ASSET) as http:
        for accepted, body in (("br", b"tiny"), ("identity", b"plain")):
            request = http.build_request("GET", "/", headers={"accept-encoding": accepted})
            answer = await http.send(request, stream=True)
            sent = b"".join([part async for part in answer.aiter_raw()])
            assert sent == body
            assert answer.headers.get("content-encoding", "identity") == accepted
            assert answer.headers["content-length"] == str(len(body))
            assert answer.headers["vary"] == "accept-encoding"
            assert answer.headers["content-type"] == "text/plain"


async def test_head_is_get_without_the_body() -> None:
    """Seen from inside: a client drops such a body by itself."""
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.request"}

    for method in ("GET", "HEAD"):
        await ASSET({"type": "http", "method": method, "headers": []}, receive, send)
    got, body, head, nothing = sent
    assert head == got
    assert (body["body"], nothing["body"]) == (b"plain", b"")


@pytest.mark.parametrize("given", ["{}", '"other", {}', "*", "{strong}"])
async def test_unchanged_is_not_sent_again(given: str) -> None:
    named = given.format(ASSET.etag, strong=ASSET.etag.removeprefix("W/"))
    async with client(ASSET) as http:
        answer = await http.get("/", headers={"if-none-match": named})
    assert (answer.status_code, answer.content) == (304, b"")
    assert answer.headers["etag"] == ASSET.etag
    assert answer.headers["cache-control"] == ASK_AGAIN
    assert "content-type" not in answer.headers


@pytest.mark.parametrize("given", ['"other"', 'W/"other"', "", '""', "nonsense"])
async def test_changed_is_sent(given: str) -> None:
    async with client(ASSET) as http:
        headers = {"if-none-match": given, "accept-encoding": "identity"}
        assert (await http.get("/", headers=headers)).status_code == 200


def test_tags_differ_with_the_content() -> None:
    assert Asset(b"a", "x", ASK_AGAIN).etag != Asset(b"b", "x", ASK_AGAIN).etag


async def test_documents_are_compressed() -> None:
    document = {"name": "σ" * 1000}
    made = Asset.json(document)
    assert len(made.encoded["gzip"]) < len(made.plain) / 10
    assert json.loads(gzip.decompress(made.encoded["gzip"])) == document
    async with client(made) as http:
        assert (await http.get("/")).json() == document
