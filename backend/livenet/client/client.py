"""A server, as a script sees it."""

from __future__ import annotations

from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

from livenet.client.address import Address
from livenet.client.documents import Identity, RunSummary
from livenet.client.http import HTTP_TIMEOUT, Http
from livenet.client.run import Run


class Client:
    """A Livenet server, at ``url``: behind a path prefix, with that path.

    ``token`` lets one in where the server asks for one; the link that has it in it will do as
    ``url``, too. ``identity`` is a secret of one's own, of 16 or more characters: whoever gives it
    again, also in another script, commands the runs made with it; without one, all scripts that
    have the same token are one. Where they are not given they come from the environment,
    LIVENET_TOKEN and LIVENET_IDENTITY.

    ``timeout`` is how many seconds an answer may take; later, TimeoutError is raised. Every method
    raises the LivenetError that the server answers, and a LivenetError where there is no server.
    """

    def __init__(
        self,
        url: str = "http://127.0.0.1:8000",
        token: str | None = None,
        identity: str | None = None,
        *,
        timeout: float = HTTP_TIMEOUT,
    ) -> None:
        self._http = Http(Address.of(url, token, identity), timeout)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Client of {self._http.url}>"

    def close(self) -> None:
        """Gives back the connections; runs go on."""
        self._http.close()

    def run(
        self,
        spec: Mapping[str, object] | None = None,
        *,
        name: str = "",
        start: bool = True,
        pace: float | None = None,
    ) -> Run:
        """A new run of a spec; what it leaves out has a default.

        ``start=False`` leaves it paused at step 0; ``pace`` is its most steps a second. Raises
        SpecError where the spec cannot be, TooMany where the server is full.
        """
        body = {"spec": dict(spec or {}), "name": name, "start": start, "pace": pace}
        return Run(self._http, self._http.post("/api/runs", body))

    def find(self, id: str) -> Run:
        """A run that is there. Raises UnknownRun."""
        return Run(self._http, self._http.get(f"/api/runs/{id}"))

    def runs(self) -> list[RunSummary]:
        """All runs, in short; ``find`` gives one to hold."""
        found: list[RunSummary] = self._http.get("/api/runs")["runs"]
        return found

    def health(self) -> dict[str, Any]:
        """``status`` is "ok", or "starting" while the workers load."""
        found: dict[str, Any] = self._http.get("/api/health")
        return found

    def me(self) -> Identity:
        """Who the server takes one for: its ``id`` is the ``owner`` of one's runs."""
        found: Identity = self._http.get("/api/me")
        return found

    def catalogue(self) -> dict[str, Any]:
        """Everything that a spec may name, with schemas, defaults and formulas."""
        found: dict[str, Any] = self._http.get("/api/catalogue")
        return found

    def describe(self, spec: Mapping[str, object] | None = None) -> dict[str, Any]:
        """The spec with its defaults filled in, its layers and parameter counts.

        Raises SpecError as ``run`` would.
        """
        found: dict[str, Any] = self._http.post("/api/specs/describe", {"spec": dict(spec or {})})
        return found
