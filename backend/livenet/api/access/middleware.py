"""Access control: one ASGI layer in front of HTTP and websockets alike, deny by default.

Host and Origin are compared with the server's own addresses: the first stops DNS rebinding, the
second requests from other sites, except those that the operator lists (cross_origin). Then the
client must have an identity, by a token or by a cookie that was issued for a token. On a server for
this machine alone, all clients are one user.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import ExitStack

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from livenet.api.access.authentication import Authentication
from livenet.api.access.connections import Connections
from livenet.api.access.credentials import Credentials
from livenet.api.access.cross_origin import CrossOrigin
from livenet.api.access.hosts import Hosts
from livenet.api.access.identity import LOCAL, SCOPE_KEY, Identity
from livenet.api.access.origins import with_port
from livenet.api.access.rates import Later, Rates
from livenet.api.access.request_head import Head
from livenet.api.access.responses import answer_with, guarded, refusal
from livenet.errors import Forbidden, LivenetError, TooMany, Unauthorized
from livenet.settings import Settings


class AccessMiddleware:
    """Admits clients with an identity, and sets the security headers of every answer.

    ``origins`` are the server's own, each with its port. The identity is put into the scope.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        origins: Iterable[str],
        credentials: Credentials,
        settings: Settings,
        policies: Mapping[str, str],
    ) -> None:
        self.app = app
        self.credentials = credentials
        most = settings.max_sockets, settings.max_sockets_a_person
        self.sockets = Connections(*most)
        self.waiting = Connections(
            *most, "requests in progress"
        )  # requests may wait for the end of a run
        self._requests = Rates(settings.requests_per_second)
        self._hosts = Hosts(origins)
        self._cross_origin = CrossOrigin(settings.cors_origins)
        self._authentication = Authentication(
            credentials, self._hosts, settings.identities_per_hour
        )
        self._most_bytes = settings.max_request_bytes
        self._policies = policies
        self._framed_by = [with_port("framed_by", origin) for origin in settings.framed_by]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        head = Head.of(scope)
        secure = self._hosts.schemes(head.host) == frozenset({"https"})
        send = guarded(send, head, self._policies, self._framed_by, secure=secure)
        send = self._cross_origin.shared(send, head, sent=self._is_shared(head))
        with ExitStack() as held:
            try:
                answer = self._authenticate(head, scope)
                if answer is None and head.method == "WS":
                    held.enter_context(self.sockets.opened(scope[SCOPE_KEY]))
                elif answer is None and head.is_api:
                    held.enter_context(self.waiting.opened(scope[SCOPE_KEY]))
            except Later as later:
                answer = refusal(head, later.error, retry=later.seconds)
            except LivenetError as error:
                answer = refusal(head, error)
            if answer is None:
                await self.app(scope, receive, send)
            else:
                await answer_with(answer, scope, receive, send)

    def _authenticate(self, head: Head, scope: Scope) -> Response | None:
        """Puts the identity into the scope, or returns the answer: one that sets a cookie, or one
        to a preflight request.

        Raises LivenetError or Later for a client that is refused.
        """
        head.check_once()
        self._check_address(head)
        head.check_length(self._most_bytes)
        shared = self._is_shared(head)
        if shared and (answer := self._cross_origin.preflight(head)):
            return answer
        if not self.credentials.required:
            identity = LOCAL
        elif head.bearer is not None:
            identity = self._authentication.script(head)
        elif shared:
            raise Unauthorized(
                "A page of another site is known by its token only, not by a cookie",
                hint="Send the header Authorization: Bearer TOKEN.",
            )
        elif head.token is not None and head.method == "GET" and not head.is_api:
            return self._authentication.cookie_for_token(head)
        elif head.gives_up_role and head.method == "GET" and not head.is_api:
            return self._authentication.cookie_for_member(head)
        else:
            identity = self._authentication.browser(head)
        if head.bearer is None:
            self._check_page(head)
        if head.is_api:
            self._check_rate(identity)
        scope[SCOPE_KEY] = identity
        return None

    def _is_shared(self, head: Head) -> bool:
        """Whether a page of another site that the operator has listed sent a request."""
        return self._cross_origin.sent(head) and not self._is_own(head)

    def _is_own(self, head: Head) -> bool:
        """Whether a page of this server sent a request, as far as Origin shows."""
        return head.origin is not None and self._hosts.accepts_origin(head.origin, head.host)

    def _check_address(self, head: Head) -> None:
        """Raises Forbidden for a Host that is not the server's, or an Origin that is neither the
        server's nor a listed one."""
        if not self._hosts.accepts_host(head.host):
            raise Forbidden(
                f"The Host {head.host!r:.100} is not an address of this server",
                hint="Open the address that the server printed when it started. Its operator can "
                "allow another one with LIVENET_ORIGINS.",
            )
        if head.origin is not None and not self._is_own(head) and not self._is_shared(head):
            raise Forbidden(
                f"Requests from {head.origin!r:.100} are refused",
                hint="Only this server's own page and scripts may call it. Its operator can let "
                "other pages call the API with LIVENET_CORS_ORIGINS.",
            )

    def _check_page(self, head: Head) -> None:
        """Raises Forbidden if a page of another site may be using the browser of a user.

        Browsers add the cookie to every request of any page. They name the page in Origin (already
        compared) for requests that change something, else in Sec-Fetch-Site.
        """
        if head.origin is not None:
            return
        if self.credentials.required and not head.is_safe:
            raise Forbidden(
                "A cookie is accepted only with the Origin header of this server's page",
                hint="Scripts send the header Authorization: Bearer TOKEN instead.",
            )
        if head.from_elsewhere and (head.is_api or not head.is_safe):
            raise Forbidden(
                "Requests from another site are refused",
                hint="Type the address, or call it from this server's own page.",
            )

    def _check_rate(self, identity: Identity) -> None:
        """Raises Later for a client with too many requests."""
        if identity.administrator:
            return
        if wait := self._requests.take(identity.id):
            error = TooMany(
                f"You send more than {self._requests.per_second:g} requests a second",
                hint="Wait for the time in Retry-After. A stream reports changes without polling.",
            )
            raise Later(error, wait)
