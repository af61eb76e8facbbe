"""The addresses of this server: whole origins, compared literally, without patterns."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterable
from ipaddress import IPv6Address, ip_address
from urllib.parse import urlsplit

import psutil

from livenet.errors import LivenetError
from livenet.settings import Settings

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
DEFAULT_PORTS = {"http": 80, "https": 443}
_NAME = re.compile(r"[a-z0-9._-]+|\[[0-9a-f:.]+\]")


def allowed_origins(host: str, port: int, settings: Settings) -> frozenset[str]:
    """Each ``scheme://host:port`` of a server that listens on ``host``, and the settings' origins.

    Raises LivenetError if one of ``settings.origins`` is not an origin.
    """
    bound = {f"http://{name}:{port}" for name in _names(host)}
    return frozenset(bound | {with_port("origins", origin) for origin in settings.origins})


def is_loopback(origin: str) -> bool:
    """Whether an origin is reachable from this machine only."""
    return is_loopback_host(urlsplit(origin).hostname or "")


def is_loopback_host(host: str) -> bool:
    """Whether a host, an address or a name, is reachable from this machine only."""
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def spellings(origin: str) -> frozenset[str]:
    """The forms of an origin: browsers leave out the default port of its scheme."""
    scheme, _, netloc = origin.partition("://")
    ending = f":{DEFAULT_PORTS[scheme]}"
    return frozenset({origin, origin.removesuffix(ending)} if netloc.endswith(ending) else {origin})


def netlocs(origins: Iterable[str]) -> dict[str, frozenset[str]]:
    """The Host headers of the origins, each with its possible schemes."""
    found: dict[str, frozenset[str]] = {}
    for origin in origins:
        for spelling in spellings(origin):
            scheme, _, netloc = spelling.partition("://")
            found[netloc] = found.get(netloc, frozenset()) | {scheme}
    return found


def with_port(setting: str, origin: str) -> str:
    """An origin with its port. Raises LivenetError if the setting's value is not an origin."""
    try:
        parts = urlsplit(origin.lower())
        scheme, port = parts.scheme, parts.port
        name = parts.netloc.rpartition(":")[0] if port is not None else parts.netloc
        valid = scheme in DEFAULT_PORTS and _NAME.fullmatch(name) and parts.path in ("", "/")
    except ValueError:
        valid, name, scheme, port = None, "", "", None
    if not valid or "?" in origin or "#" in origin:
        raise LivenetError(
            f"LIVENET_{setting.upper()} has {origin!r}, which is not an address of a server",
            path=setting,
            hint="Write scheme, host and, unless it is 80 or 443, port: https://net.example. "
            "Patterns are not supported: write each address out.",
        )
    return f"{scheme}://{name}:{DEFAULT_PORTS[scheme] if port is None else port}"


def _names(host: str) -> frozenset[str]:
    """The names under which a server that listens on ``host`` is reached."""
    if is_loopback_host(host):
        return frozenset({*LOOPBACK, _bracketed(host)})
    if host in ("0.0.0.0", "::", ""):
        return frozenset({*LOOPBACK, *_own_names(), *_own_addresses()})
    return frozenset({_bracketed(host)})


def _own_names() -> list[str]:
    """The names of this machine; a bare name is also reachable as ``.local`` in its network."""
    name = socket.gethostname().lower()
    found = [name] if "." in name else [name, f"{name}.local"]
    return [one for one in found if _NAME.fullmatch(one)]


def _own_addresses() -> list[str]:
    families = (socket.AF_INET, socket.AF_INET6)
    return [
        _bracketed(address.address)
        for addresses in psutil.net_if_addrs().values()
        for address in addresses
        if address.family in families and "%" not in address.address  # browsers support no zones
    ]


def _bracketed(host: str) -> str:
    """A host as written in an address: IPv6 in brackets, in its shortest form."""
    try:
        address = ip_address(host.strip("[]"))
    except ValueError:
        return host.lower()
    return f"[{address}]" if isinstance(address, IPv6Address) else str(address)
