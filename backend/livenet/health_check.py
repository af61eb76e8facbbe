"""Requests the health of a running server, for the command line and for containers."""

from __future__ import annotations

import json
import os
from http.client import HTTPConnection, HTTPException

from livenet.errors import LivenetError

SECONDS = 5.0


def health(host: str, port: int) -> str:
    """The server's health as JSON. Raises LivenetError if it is not healthy, or not running."""
    token = os.environ.get("LIVENET_TOKEN") or os.environ.get("LIVENET_ADMIN_TOKEN")
    headers = {"authorization": f"Bearer {token}"} if token else {}
    connection = HTTPConnection(host, port, timeout=SECONDS)
    try:
        connection.request("GET", "/api/health", headers=headers)
        answer = connection.getresponse()
        said = answer.read().decode()
    except (OSError, HTTPException) as error:
        raise LivenetError(
            f"No server answers on port {port} of {host}: {error}",
            hint="`livenet serve` starts one.",
        ) from error
    finally:
        connection.close()
    if answer.status != 200:
        raise LivenetError(
            f"The server on port {port} of {host} returned {answer.status}: {_status(said)}",
            hint="Its log has the details."
            if answer.status >= 500
            else "Set LIVENET_TOKEN to the token it was started with.",
        )
    return said


def _status(said: str) -> str:
    """The status, or the error's message."""
    try:
        document = json.loads(said)
        return str(document.get("status") or document["error"]["message"])
    except (ValueError, LookupError, TypeError, AttributeError):
        return f"{said:.100}"
