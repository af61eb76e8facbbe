"""Sending and receiving without ASGI's queues, for pictures and their acknowledgements.

Three hundred viewers are sent nine thousand pictures a second, and acknowledge as many. Waking a
task for each costs as much as the sending, so the websocket offers this in its scope's extensions.
Without the extension, everything passes through ``receive`` and ``send`` as usual.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from starlette.types import Scope

EXTENSION = "livenet.direct"


class Direct(Protocol):
    on_text: Callable[[str], bool] | None
    """Receives each text as it arrives, and returns whether it has handled it."""
    round_trip: float
    """The shortest time of a ping and its pong, in seconds; 0 while too few are measured."""

    def measure(self) -> None:
        """Sends a few pings, so that there is a round trip soon."""
        ...

    @property
    def ready(self) -> bool:
        """Whether the network accepts more at once."""
        ...

    def send_now(self, data: str | bytes) -> None:
        """Sends a text or a frame; only while it is ready."""
        ...


def direct_of(scope: Scope) -> Direct | None:
    """The extension, if the server has it."""
    found: Direct | None = scope.get("extensions", {}).get(EXTENSION)
    return found
