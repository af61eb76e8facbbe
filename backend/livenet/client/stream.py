"""Live frames of one probe, over a websocket of their own."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from time import monotonic
from typing import Any, cast

from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidProxy, InvalidStatus
from websockets.http11 import Response
from websockets.sync.client import ClientConnection, connect

from livenet.client.address import Address
from livenet.client.documents import ENDED, Frame, RunState
from livenet.client.http import refusal_of
from livenet.client.proxies import unreachable, unusable
from livenet.errors import Forbidden, LivenetError, UnknownRun, error_of
from livenet.wire.frame import decode
from livenet.wire.packed import Unpacker

DELETED = 4404  # the server's close code for a deleted run
ID = "stream"


def frames(
    address: Address,
    path: str,
    probe: str,
    options: Mapping[str, Any],
    *,
    fps: float,
    step: int | None,
    timeout: float,
) -> Iterator[Frame]:
    """Yields frames as they arrive, each acknowledged when the next is requested.

    A slow consumer skips to the latest frame. Ends after the frame of the step at which the run
    ended or diverged, or, with ``step``, after the one of that step. Raises TimeoutError if no
    frame has arrived for ``timeout`` seconds, UnknownRun if the run is deleted, the run's own error
    if it fails, and the errors that the server answers.
    """
    subscribe = {
        "kind": "subscribe",
        "id": ID,
        "probe": probe,
        "options": dict(options),
        "fps": fps,
        "step": step,
        "packed": True,
    }
    with _connected(address, path, timeout) as socket:
        try:
            socket.send(json.dumps(subscribe))
            yield from _frames(socket, once=step is not None, timeout=timeout)
        except ConnectionClosed as error:
            if error.rcvd is not None and error.rcvd.code == DELETED:
                raise UnknownRun("The run was deleted", path="id") from error
            raise LivenetError("The server closed the stream", hint="Open it again.") from error


def _connected(address: Address, path: str, timeout: float) -> ClientConnection:
    """A connection. Raises the error that the server answers, or LivenetError without an answer."""
    url = address.socket(path)
    try:
        return connect(
            url,
            ssl=address.tls,
            proxy=None if address.on_this_machine else True,
            additional_headers=address.headers,
            compression=None,
            open_timeout=timeout,
            close_timeout=2,
            max_size=None,
            legacy=True,  # returns a connection, not an iterator of connections
        )
    except InvalidStatus as error:
        raise refusal_of(_error_document(url, error.response)) from error
    except TimeoutError:
        raise
    except (ImportError, ValueError, InvalidProxy) as error:
        raise unusable(address, error) from error
    except (OSError, InvalidHandshake) as error:
        raise unreachable(address, url, error) from error


def _error_document(url: str, answer: Response) -> Mapping[str, object]:
    try:
        document: Mapping[str, object] = json.loads(answer.body or b"")["error"]
    except (ValueError, KeyError, TypeError):
        code = Forbidden.code if answer.status_code == 403 else ""
        return {"code": code, "message": f"{url} answers {answer.status_code}"}
    return document


def _frames(socket: ClientConnection, *, once: bool, timeout: float) -> Iterator[Frame]:
    ended_at: int | None = None
    shown = -1
    unpacker = Unpacker()
    deadline = monotonic() + timeout
    while ended_at is None or shown < ended_at:
        try:
            received = socket.recv(timeout=max(0.0, deadline - monotonic()))
        except TimeoutError as error:
            raise TimeoutError(f"No frame has come for {timeout:g} s") from error
        if isinstance(received, bytes):
            seqs: dict[str, int] = {}
            if (data := unpacker(received)) is not None:
                frame = cast("Frame", decode(data))
                shown = frame["step"]
                yield frame
                if once:
                    return
                seqs = {ID: frame["seq"]}
                deadline = monotonic() + timeout
            acknowledgement = {"kind": "ack", "seqs": seqs, "received": unpacker.received}
            socket.send(json.dumps(acknowledgement))
            continue
        message = json.loads(received)
        match message["kind"]:
            case "error":
                raise error_of(message["error"])
            case "run" | "change":
                ended_at = _last_step(message["run"])
            case _:
                pass


def _last_step(run: RunState) -> int | None:
    """The step of the last picture, None while unknown. Raises the error of a failed run."""
    if run["status"] == "failed" and run["error"] is not None:
        raise error_of(run["error"])
    diverged = run["status"] == "paused" and run["error"] is not None
    return run["step"] if diverged or run["status"] in ENDED else None
