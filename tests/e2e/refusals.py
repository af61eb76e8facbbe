"""Pictures that a browser asks for and that fail, as if they had ended their worker."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page

MESSAGE = "This picture has ended its worker three times"
ERROR = {
    "code": "probe_failed",
    "message": MESSAGE,
    "path": "",
    "hint": "Take another, or other options.",
}


def refuse_pictures(page: Page, which: Callable[[dict[str, Any]], bool]) -> list[dict[str, Any]]:
    """Refuses the subscriptions that ``which`` accepts; to be called before the page is opened.
    Returns those that were refused."""
    refused: list[dict[str, Any]] = []

    def between(socket: Any) -> None:
        server = socket.connect_to_server()

        def heard(text: str) -> None:
            message = json.loads(text)
            if message["kind"] != "subscribe" or not which(message):
                server.send(text)
                return
            refused.append(message)
            told = {"kind": "error", "error": ERROR, "id": message["id"], "command": None}
            socket.send(json.dumps(told))

        socket.on_message(heard)

    page.route_web_socket(re.compile("/stream$"), between)
    return refused
