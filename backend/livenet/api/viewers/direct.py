"""A way past the queues for what comes with every picture.

Three hundred viewers are sent nine thousand pictures a second, and acknowledge as many. Waking a
task for each costs as much as the sending, so the websocket offers this in its scope's extensions;
where it is not there, everything goes by way of ``receive`` and ``send`` as usual.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from starlette.types import Scope

EXTENSION = "livenet.direct"


class Direct(Protocol):
    hear: Callable[[str], bool] | None
    """Is given each text as it comes, and says whether that was all there is to do with it."""

    @property
    def ready(self) -> bool:
        """Whether the network takes more at once."""
        ...

    def say(self, data: str | bytes) -> None:
        """Sends a text or a frame, while it is ready."""
        ...


def direct_of(scope: Scope) -> Direct | None:
    """The way past, where the server has one."""
    found: Direct | None = scope.get("extensions", {}).get(EXTENSION)
    return found
