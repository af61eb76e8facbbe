"""The socket that the server listens on, or an error that explains why there is none."""

from __future__ import annotations

import errno
import socket

from livenet.errors import LivenetError

BACKLOG = 1024
PRIVILEGED = 1024
TRIED = 100  # ports after one that is in use


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens there. Raises LivenetError."""
    family, address = _resolve(host, port)
    made = _socket(family, host)
    try:
        made.bind(address)
        made.listen(BACKLOG)  # from now on early connections wait and are not refused
    except OSError as error:
        made.close()
        raise _refusal(error, host, port, family) from error
    return made


def _resolve(host: str, port: int) -> tuple[socket.AddressFamily, tuple[str, int]]:
    try:
        found = socket.getaddrinfo(
            host.strip("[]"), port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
    except (OSError, UnicodeError) as error:
        raise LivenetError(
            f"There is no host {host!r}",
            path="--host",
            hint="Take 127.0.0.1 for this machine alone, or 0.0.0.0 for all of its addresses.",
        ) from error
    # IPv4 first: a browser that opens "localhost" tries both.
    family, _, _, _, address = min(found, key=lambda one: one[0] != socket.AF_INET)
    return family, (str(address[0]), port)


def _socket(family: socket.AddressFamily, host: str) -> socket.socket:
    made = socket.socket(family, socket.SOCK_STREAM)
    # On Windows the usual option would allow two servers on the same port.
    option = getattr(socket, "SO_EXCLUSIVEADDRUSE", socket.SO_REUSEADDR)
    made.setsockopt(socket.SOL_SOCKET, option, 1)
    if family == socket.AF_INET6:
        # "All addresses" includes those of IPv4.
        made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, host.strip("[]") != "::")
    return made


def _refusal(error: OSError, host: str, port: int, family: socket.AddressFamily) -> LivenetError:
    if error.errno == errno.EADDRINUSE:
        free = _next_free(host, port, family)
        take = f"--port {free}, the next free one" if free else "--port 0, which takes a free one"
        return LivenetError(
            f"Port {port} of {host} is in use, perhaps by another Livenet",
            path="--port",
            hint=f"Take {take}.",
        )
    if error.errno == errno.EACCES and port < PRIVILEGED:
        return LivenetError(
            f"Port {port} of {host} needs rights that this account does not have",
            path="--port",
            hint=f"Take one from {PRIVILEGED} on, such as --port 8000, and put a proxy before it.",
        )
    if error.errno == errno.EADDRNOTAVAIL:
        return LivenetError(
            f"{host} is not an address of this machine",
            path="--host",
            hint="Take 127.0.0.1 for this machine alone, or 0.0.0.0 for all of its addresses.",
        )
    return LivenetError(
        f"Port {port} of {host} cannot be had: {error.strerror}",
        path="--port",
        hint="Take another with --port; --port 0 takes a free one.",
    )


def _next_free(host: str, port: int, family: socket.AddressFamily) -> int | None:
    for candidate in range(port + 1, min(port + 1 + TRIED, 65536)):
        with _socket(family, host) as tried:
            try:
                tried.bind(_resolve(host, candidate)[1])
            except OSError:
                continue
            return candidate
    return None
