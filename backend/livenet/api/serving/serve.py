"""Runs the server until a signal stops it."""

from __future__ import annotations

import logging
import os
import shlex
import sys
from contextlib import ExitStack

import uvicorn

from livenet import logs
from livenet.api.access.credentials import Credentials
from livenet.api.access.origins import allowed_origins, is_loopback
from livenet.api.app import create_app
from livenet.api.drain import Drain
from livenet.api.serving.addresses import announcement
from livenet.api.serving.listening import BACKLOG, listen
from livenet.api.serving.protocols import bounded
from livenet.api.serving.resources import take_folder, within_handles
from livenet.api.serving.server import Server, end_children
from livenet.api.serving.token import new_token
from livenet.api.serving.websocket import BoundedSocket
from livenet.engine.device import check_device
from livenet.errors import LivenetError, did_you_mean
from livenet.settings import Limits, Settings
from livenet.store.database import open_database

log = logging.getLogger("livenet")

PING = 20.0  # seconds between two pings of a viewer, and until its pong is due
KEEP_ALIVE = 15  # seconds that a connection may be idle between two requests


def serve(host: str, port: int, settings: Settings) -> None:
    """Serves until a signal ends it. Raises LivenetError, with a hint, if it cannot."""
    logs.configure()
    _warn_of_unknown_variables()
    require_token(host, port, settings)
    settings, connections, warning = within_handles(settings)
    if warning:
        log.warning(warning)
    check_device(settings.device)
    with ExitStack() as resources:
        if settings.data:
            resources.enter_context(take_folder(settings.data))
            open_database(settings.data).dispose()  # a damaged one is told before anything starts
        credentials = Credentials.of(settings)
        for token in (credentials.token, credentials.admin_token):
            logs.redaction.hide(token or "")
        sock = resources.enter_context(listen(host, port))
        bound = int(sock.getsockname()[1])
        drain = Drain()
        origins = allowed_origins(host, bound, settings)
        config = uvicorn.Config(
            create_app(settings, origins, credentials=credentials, drain=drain),
            http=bounded(connections),
            ws=BoundedSocket,
            ws_max_size=settings.max_message_bytes,
            ws_ping_interval=PING,
            ws_ping_timeout=PING,
            ws_per_message_deflate=False,
            timeout_keep_alive=KEEP_ALIVE,
            backlog=BACKLOG,
            lifespan="on",
            log_config=None,
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=False,  # the client's address as a proxy reports it is not used
        )
        server = Server(config, drain)
        resources.enter_context(server.capture_signals())  # before the address is printed
        to_a_person = sys.stdout.isatty()
        lines = announcement(host, bound, settings, credentials, to_a_person=to_a_person)
        print("\n".join(lines), flush=True)
        log.info("serving on %s port %d with %d workers", host, bound, settings.worker_count)
        try:
            server.run(sockets=[sock])
        finally:
            end_children()
        sys.exit(server.code)


def require_token(host: str, port: int, settings: Settings) -> None:
    """Raises LivenetError if other machines reach the server and no token is required."""
    if settings.token or settings.admin_token:
        return
    if all(is_loopback(origin) for origin in allowed_origins(host, port, settings)):
        return
    command = ["livenet", "serve", "--host", host, "--port", str(port)]
    if settings.data:
        command += ["--data", str(settings.data)]
    raise LivenetError(
        f"Other machines reach {host}, and anyone could use the server: there is no token",
        path="--host",
        hint="Use 127.0.0.1 to serve this machine alone, or start it with a token:\n"
        f"LIVENET_TOKEN={new_token()} {shlex.join(command)}",
    )


def _warn_of_unknown_variables() -> None:
    """Logs their names: a limit with a misspelt name has no effect.

    They are no error, because some are not set by a person: Kubernetes sets LIVENET_PORT and the
    like for a service of that name.
    """
    fields = {*Settings.model_fields, *Limits.model_fields} - {"limits"}
    known = {f"LIVENET_{name.upper()}" for name in fields} | {"LIVENET_LOG", "LIVENET_IDENTITY"}
    for name in sorted(os.environ):
        if name.startswith("LIVENET_") and name not in known:
            log.warning("%s is not a setting. %s", name, did_you_mean(name, known))
