"""Identifies clients: a script by its bearer token, a browser by its cookie."""

from __future__ import annotations

import logging
import math
from time import monotonic
from urllib.parse import parse_qsl, quote, urlencode

from starlette.responses import Response

from livenet.api.access.credentials import Credentials, Role
from livenet.api.access.hosts import Hosts
from livenet.api.access.identity import Identity
from livenet.api.access.newcomers import Newcomers
from livenet.api.access.origins import DEFAULT_PORTS
from livenet.api.access.rates import Later, Rates
from livenet.api.access.request_head import Head
from livenet.errors import LivenetError, TooMany, Unauthorized

log = logging.getLogger("livenet.access")

COOKIE_SECONDS = 400 * 86_400  # the longest that browsers keep a cookie
LEAST_SECRET, MAX_SECRET = 16, 256
WRONG_PER_SECOND = 5.0
WRONG_BURST_SECONDS = 20.0
WARN_SECONDS = 60.0
HINT = "Open the link that you were given, or send the header Authorization: Bearer TOKEN."


class Authentication:
    """Identifies clients by their credentials. ``hosts``: the server's addresses;
    ``identities_per_hour``: as in livenet.settings."""

    def __init__(self, credentials: Credentials, hosts: Hosts, identities_per_hour: int) -> None:
        self._credentials = credentials
        self._hosts = hosts
        self._newcomers = Newcomers(identities_per_hour)
        self._wrong = Rates(WRONG_PER_SECOND, WRONG_BURST_SECONDS)
        self._warned = -math.inf

    def script(self, head: Head) -> Identity:
        """The identity in the header Authorization. Raises LivenetError or Later."""
        role = self._role(head.bearer or b"")
        secret = head.headers.get("livenet-identity", "")
        if secret and not LEAST_SECRET <= len(secret) <= MAX_SECRET:
            raise LivenetError(
                f"Livenet-Identity has {len(secret)} characters",
                path="livenet-identity",
                hint=f"It is a secret of your own, of {LEAST_SECRET} to {MAX_SECRET} characters.",
            )
        identity = self._credentials.script(role, secret)
        if not identity.administrator:
            self._newcomers.admit_once(identity.id, head.network)
        return identity

    def browser(self, head: Head) -> Identity:
        """The identity in a cookie. Raises Unauthorized."""
        identity = self._of_cookie(head)
        if identity is None:
            raise Unauthorized("This server requires a token", hint=HINT)
        return identity

    def cookie_for_token(self, head: Head) -> Response:
        """A cookie for the token in the address, and a redirect to the address without it.

        A valid cookie's identity is kept. Raises LivenetError or Later.
        """
        role = self._role(head.token or b"")
        before = self._of_cookie(head)
        if before is None and role is Role.MEMBER:
            self._newcomers.admit(head.network)
        value = self._credentials.cookie(role, before)
        return self._redirect(head, value, head.query)

    def cookie_for_member(self, head: Head) -> Response:
        """A cookie with the same identity and the role of a member, and a redirect to the address
        without the request for it. Raises Unauthorized."""
        before = Identity(self.browser(head).id)
        rest = [pair for pair in parse_qsl(head.query) if pair[0] != "role"]
        value = self._credentials.cookie(Role.MEMBER, before)
        return self._redirect(head, value, urlencode(rest))

    def _redirect(self, head: Head, value: str, query: str) -> Response:
        """Sets a cookie and redirects to the same path."""
        secure = "; Secure" if self._scheme(head) == "https" else ""
        # Relative, because a proxy may add a path prefix; and never to another server.
        name = head.path.rpartition("/")[2]
        path = "./" + quote(name, safe="-._~!$&'()*+,;=:@", errors="replace")
        headers = {
            "location": f"{path}?{query}" if query else path,
            # Without a Path the cookie is not sent to other servers behind the same proxy.
            "set-cookie": f"{self._cookie_name(head)}={value}; Max-Age={COOKIE_SECONDS}; "
            f"HttpOnly; SameSite=Lax{secure}",
            "cache-control": "no-store",
            "referrer-policy": "no-referrer",
        }
        return Response(status_code=303, headers=headers)

    def _role(self, token: bytes) -> Role:
        """The role of a token. Raises Unauthorized, or Later after many wrong tokens."""
        if role := self._credentials.role_of(token):
            return role
        if token and (wait := self._wrong.take()):
            self._warn()
            raise Later(
                TooMany("The token is wrong, and too many wrong ones were tried lately", hint=HINT),
                wait,
            )
        raise Unauthorized("The token is wrong, or has been changed", hint=HINT)

    def _warn(self) -> None:
        if monotonic() - self._warned > WARN_SECONDS:
            self._warned = monotonic()
            log.warning("many wrong tokens are being tried: someone may be guessing")

    def _of_cookie(self, head: Head) -> Identity | None:
        found = map(self._credentials.read, head.cookies(self._cookie_name(head)))
        return next((identity for identity in found if identity), None)

    def _cookie_name(self, head: Head) -> str:
        """The name contains the port that the browser opened: ports of a host share cookies."""
        after_name = head.host.rpartition("]")[2]  # an IPv6 address has colons of its own
        port = after_name.rpartition(":")[2] if ":" in after_name else None
        return f"livenet_{port or DEFAULT_PORTS[self._scheme(head)]}"

    def _scheme(self, head: Head) -> str:
        """The scheme of the browser, derived from the addresses: a proxy does not report it."""
        return min(self._hosts.schemes(head.host))  # http, if both are possible
