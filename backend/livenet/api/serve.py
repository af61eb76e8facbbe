"""Runs the server until it is told to stop."""

from __future__ import annotations

import logging
import socket
from ipaddress import ip_address

import uvicorn

from livenet.api.app import create_app
from livenet.api.gate import loopback_hosts
from livenet.errors import LivenetError
from livenet.settings import Settings


def serve(host: str, port: int, settings: Settings) -> None:
    """Serves on loopback. Raises LivenetError where host or port cannot be had."""
    if not _loopback(host):
        raise LivenetError(
            f"{host} is not loopback, and this version serves only its own machine",
            path="--host",
            hint="Use 127.0.0.1.",
        )
    listening = _bind(host, port)
    bound = listening.getsockname()[1]
    shown = f"[{host}]" if ":" in host else host
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    config = uvicorn.Config(
        create_app(settings, loopback_hosts(bound)),
        log_level="warning",
        lifespan="on",
        ws="websockets-sansio",
        ws_max_size=settings.max_message_bytes,
        ws_per_message_deflate=False,
        timeout_graceful_shutdown=2,
        server_header=False,
    )
    print(f"Livenet is at http://{shown}:{bound}  (Ctrl+C ends it)", flush=True)
    uvicorn.Server(config).run(sockets=[listening])


def _loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _bind(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((host, port))
        made.listen(1024)  # from now on nobody is turned away: who comes early waits
    except OSError as error:
        made.close()
        raise LivenetError(
            f"Port {port} of {host} cannot be had: {error.strerror}",
            path="--port",
            hint=f"Take another, such as --port {port + 1 if port else 8000}.",
        ) from error
    return made
