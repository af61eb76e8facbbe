"""Errors about a server without an answer that name the environment's proxy."""

from __future__ import annotations

from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from livenet.client.address import Address
from livenet.errors import LivenetError

VARIABLES = {"all": "ALL_PROXY", "http": "HTTP_PROXY", "https": "HTTPS_PROXY", "no": "NO_PROXY"}


def unreachable(address: Address, url: str, error: Exception, *names: str) -> LivenetError:
    """The error for no answer from the server or from the proxy on the way to it. ``names`` are the
    kinds of proxies used, beside the one of the address's own scheme."""
    if found := _proxy(address, (urlsplit(address.url).scheme, *names)):
        variable, proxy = found
        return LivenetError(
            f"No server answers at {url} by way of {proxy}, the proxy that {variable} names: "
            f"{error}",
            path=variable,
            hint=f"Leave the proxy out with NO_PROXY={_host(address)} in the environment, correct "
            f"{variable}, or start the server: livenet serve.",
        )
    return LivenetError(f"No server answers at {url}: {error}", hint="Start one: livenet serve.")


def unusable(address: Address, error: Exception) -> LivenetError:
    """The error for a proxy of the environment that cannot be used."""
    given = "; ".join(
        f"{VARIABLES[name]} is {_bare(value)}"
        for name, value in getproxies().items()
        if name in VARIABLES
    )
    return LivenetError(
        f"The proxies of the environment cannot be used ({given or 'none is set'}): {error}",
        path="proxy",
        hint="A proxy is http://host:port, or https://host:port. Correct them, or leave the proxy "
        f"out with NO_PROXY={_host(address)}.",
    )


def _host(address: Address) -> str:
    return urlsplit(address.url).hostname or ""


def _proxy(address: Address, names: tuple[str, ...]) -> tuple[str, str] | None:
    """The variable and the proxy that a request uses; None for a direct connection."""
    if address.on_this_machine or proxy_bypass(_host(address)):
        return None
    proxies = getproxies()
    for name in names:
        if name in proxies:
            return VARIABLES[name], _bare(proxies[name])
    return None


def _bare(proxy: str) -> str:
    """A proxy's address without the name and the password that it may contain."""
    scheme, mark, rest = proxy.rpartition("://")
    return f"{scheme}{mark}{rest.rpartition('@')[2]}"
