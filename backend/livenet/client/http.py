"""Calls to a server, and its errors as the exceptions that were raised there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any
from uuid import uuid4

import httpx2

from livenet.client.address import Address
from livenet.client.proxies import unreachable, unusable
from livenet.errors import BadRequest, LivenetError, Unauthorized, error_of

HTTP_TIMEOUT = 60.0  # seconds for an answer; a picture at an earlier step needs a replay
DROPPED = httpx2.RemoteProtocolError, httpx2.ReadError, httpx2.WriteError
"""A connection that ended before its answer: the server may have carried out the request."""


def refusal_of(document: Mapping[str, object]) -> LivenetError:
    """The exception of an answer; if a token is required, with a hint how to give it."""
    error = error_of(document)
    if isinstance(error, Unauthorized):
        hint = "Give it with Client(url, token=...), or as LIVENET_TOKEN in the environment."
        return Unauthorized(error.message, path=error.path, hint=hint)
    return error


class Http:
    """One server's HTTP side. Every method raises the LivenetError that the server answered.

    Raises LivenetError if a proxy of the environment cannot be used.
    """

    def __init__(self, address: Address, timeout: float = HTTP_TIMEOUT) -> None:
        self.address = address
        self.timeout = timeout
        try:
            self._client = httpx2.Client(
                base_url=address.url,
                headers=address.headers,
                timeout=timeout,
                trust_env=not address.on_this_machine,
                verify=address.tls or True,
            )
        except (ImportError, ValueError, httpx2.InvalidURL) as error:
            if address.on_this_machine:
                raise
            raise unusable(address, error) from error

    @property
    def url(self) -> str:
        return self.address.url

    def close(self) -> None:
        self._client.close()

    def get(self, path: str, **query: object) -> Any:
        """Gets a document. Query values that are None are left out, lists are repeated."""
        return self._ask("GET", path, query=query).json()

    def get_bytes(self, path: str, **query: object) -> bytes:
        """Gets a frame or a file."""
        accept = {"accept": "application/octet-stream"}
        return self._ask("GET", path, query=query, headers=accept).content

    def get_text(self, path: str, **query: object) -> str:
        return self._ask("GET", path, query=query).text

    def lines(self, path: str, **query: object) -> Iterator[str]:
        """Gets a text line by line, as it arrives. The call is made with the first line; while the
        iterator is open, so is its connection."""
        with (
            self._errors("GET", path),
            self._client.stream("GET", path, params=_given(query)) as answer,
        ):
            if not answer.is_success:
                answer.read()
                raise refusal_of(_error_document(answer))
            yield from answer.iter_lines()

    def post(self, path: str, body: object) -> Any:
        """Posts a document; returns the answer.

        If the connection is dropped, the document is posted once more. The server recognises it by
        its key, and carries it out once.
        """
        headers = {"idempotency-key": uuid4().hex}
        return self._ask("POST", path, body=body, headers=headers, again=True).json()

    def patch(self, path: str, body: object) -> Any:
        """Changes a document; returns the answer."""
        return self._ask("PATCH", path, body=body).json()

    def delete(self, path: str) -> None:
        self._ask("DELETE", path)

    def delete_all(self, path: str, **query: object) -> Any:
        """Deletes what matches a query; returns the answer."""
        return self._ask("DELETE", path, query=query).json()

    def _ask(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, object] | None = None,
        body: object = None,
        headers: Mapping[str, str] | None = None,
        again: bool = False,
    ) -> httpx2.Response:
        """The answer. ``again``: a second request is sent if the connection of the first ends."""
        try:
            with self._errors(method, path):
                ask = partial(
                    self._client.request,
                    method,
                    path,
                    params=_given(query or {}),
                    json=_plain(body),
                    headers=dict(headers or {}),
                )
                try:
                    answer = ask()
                except DROPPED:
                    if not again:
                        raise
                    answer = ask()
        except ValueError as error:  # NaN, or a value that is not JSON
            raise LivenetError(f"{body!r:.80} cannot be sent as JSON: {error}") from error
        if answer.is_success:
            return answer
        raise refusal_of(_error_document(answer))

    @contextmanager
    def _errors(self, method: str, path: str) -> Iterator[None]:
        """Raises the errors of a call as LivenetError or TimeoutError."""
        try:
            yield
        except httpx2.InvalidURL as error:
            raise LivenetError(f"{self.url!r} is not an address: {error}") from error
        except httpx2.TimeoutException as error:
            raise TimeoutError(f"{method} {path}: no answer in {self.timeout:g} s") from error
        except httpx2.TransportError as error:
            raise unreachable(self.address, self.url, error, "all") from error


def _given(query: Mapping[str, object]) -> dict[str, str | list[str]]:
    """The parameters of a query; a list is a parameter given several times.

    Raises BadRequest for an empty list: without it, a query would match more and not less.
    """
    return {name: _texts(name, value) for name, value in query.items() if value is not None}


def _texts(name: str, value: object) -> str | list[str]:
    if isinstance(value, str) or not isinstance(value, Iterable):
        return _text(value)
    texts = [_text(one) for one in value]
    if not texts:
        raise BadRequest(
            f"{name} is an empty list", path=name, hint=f"Give {name} a value, or leave it out."
        )
    return texts


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _plain(value: Any) -> Any:
    """A document without NumPy's numbers and arrays, which JSON does not have."""
    if isinstance(value, Mapping):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return value.tolist() if hasattr(value, "tolist") else value


def _error_document(answer: httpx2.Response) -> Mapping[str, object]:
    try:
        document: Mapping[str, object] = answer.json()["error"]
    except (ValueError, KeyError, TypeError):
        return {"message": f"{answer.url} answers {answer.status_code}, and is no Livenet server"}
    return document
