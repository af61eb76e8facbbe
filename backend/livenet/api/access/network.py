"""The network that a client's requests come from."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network

from starlette.requests import HTTPConnection

HOME_BITS = 64  # a household or a machine has so many bits of an IPv6 address, or more, to itself


def network_of(connection: HTTPConnection) -> str:
    """The address of the client; of an IPv6 address the part that its user cannot choose.

    Empty if there is none, as for a socket in the file system.
    """
    return network(connection.client.host if connection.client else "")


def network(host: str) -> str:
    """As ``network_of``, of a host's address."""
    try:
        address = ip_address(host)
    except ValueError:
        return ""
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ip_network((int(address), HOME_BITS), strict=False))
