"""The addresses printed at the start, for the class and for its lecturer."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import quote, urlsplit

from livenet.api.access.credentials import Credentials
from livenet.api.access.origins import allowed_origins, is_loopback_host, spellings
from livenet.settings import Settings


def addresses(host: str, port: int, settings: Settings) -> list[str]:
    """The server's addresses, the most useful first: those of settings, then its own."""
    if settings.origins:
        return [f"{_short(origin)}{settings.root_path}" for origin in settings.origins]
    if is_loopback_host(host):
        shown = f"[{host}]" if ":" in host else host
        return [f"http://{shown}:{port}"]
    found = [origin for origin in allowed_origins(host, port, settings) if _of_a_network(origin)]
    return [_short(origin) for origin in sorted(found, key=_rank)]


def announcement(
    host: str, port: int, settings: Settings, credentials: Credentials, *, to_a_person: bool
) -> list[str]:
    """The lines to print. A token chosen by the operator is printed only to a terminal, because
    other output may be stored."""
    known = addresses(host, port, settings) or [f"http://127.0.0.1:{port}"]
    lines = [f"Livenet is at {known[0]}  (Ctrl+C ends it)"]
    if len(known) > 1:
        lines.append(f"also at {', '.join(known[1:])}")
    if credentials.token:
        shown = quote(credentials.token, safe="") if to_a_person else "$LIVENET_TOKEN"
        lines.append(f"For the class:    {known[0]}/?token={shown}")
    if credentials.admin_token:
        ours = settings.admin_token is None
        token = quote(credentials.admin_token, safe="")
        shown = token if ours or to_a_person else "$LIVENET_ADMIN_TOKEN"
        lines.append(f"For the lecturer: {known[0]}/?token={shown}")
    return lines


def _short(origin: str) -> str:
    return min(spellings(origin.rstrip("/")), key=len)


def _of_a_network(origin: str) -> bool:
    """Whether other machines can use this address: a name, or a routable address."""
    name = urlsplit(origin).hostname or ""
    try:
        address = ip_address(name)
    except ValueError:
        return name != "localhost"
    return not (address.is_loopback or address.is_link_local)


def _rank(origin: str) -> tuple[int, str]:
    """Addresses before names, which some networks do not resolve; IPv4 before IPv6."""
    name = urlsplit(origin).hostname or ""
    try:
        return (ip_address(name).version, name)
    except ValueError:
        return (9, name)
