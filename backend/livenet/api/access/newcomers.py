"""Limits how many identities one network makes: each may have runs, streams and requests."""

from __future__ import annotations

from collections import OrderedDict

from livenet.api.access.rates import Later, Rates
from livenet.errors import TooMany

HOUR = 3600.0
KNOWN = 10_000  # identities of scripts that are remembered


class Newcomers:
    """Admits new identities, an hour's number at once: a class arrives together.

    The identity of a script is known again without a cookie, by its secret; the last ones are
    remembered.
    """

    def __init__(self, per_hour: int) -> None:
        self._rates = Rates(per_hour / HOUR, burst_seconds=HOUR)
        self._known: OrderedDict[str, None] = OrderedDict()

    def admit(self, network: str) -> None:
        """Counts a new identity. Raises Later if the network has made too many."""
        if wait := self._rates.take(network):
            error = TooMany(
                "Too many new identities were made from your network within the last hour",
                hint="Keep the cookie of your browser, or the Livenet-Identity of your script.",
            )
            raise Later(error, wait)

    def admit_once(self, identity: str, network: str) -> None:
        """Counts an identity unless it is remembered. Raises Later as ``admit`` does."""
        if identity not in self._known:
            self.admit(network)
        self._known[identity] = None
        self._known.move_to_end(identity)
        if len(self._known) > KNOWN:
            self._known.popitem(last=False)
