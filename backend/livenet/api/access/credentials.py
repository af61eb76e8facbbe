"""Tokens and cookies, and the identities that they give.

There are two tokens, one for a class and one for its lecturer. A cookie is ``id.role.signature``.
The server stores none, so a cookie is valid as long as the key that signed it. That key is derived
from a secret and from both tokens: changing a token invalidates all cookies.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from tempfile import mkstemp

from livenet.api.access.identity import Identity
from livenet.api.access.origins import is_loopback
from livenet.errors import LivenetError
from livenet.settings import Settings

SECRET_FILE = "secret"
SECRET_BYTES = 32
_TOKEN = re.compile(r"[!-~]+")
_ID = re.compile(r"[0-9a-f]{16}")


class Role(StrEnum):
    """The role that a token gives its bearer."""

    MEMBER = "member"
    ADMINISTRATOR = "administrator"


class Credentials:
    """The tokens in force, and the key that signs cookies."""

    def __init__(self, token: str | None, admin_token: str | None, secret: bytes) -> None:
        self.token = token
        if token and not admin_token:
            admin_token = _text(_keyed(secret, "administrator", token))
        self.admin_token = admin_token
        self._key = _keyed(secret, "cookies", f"{token or ''} {admin_token or ''}")

    @classmethod
    def of(cls, settings: Settings) -> Credentials:
        """The credentials that the settings define.

        If only the class has a token, one for the lecturer is made. With a data folder, identities
        and that token persist when the server restarts; identities also persist if the operator set
        the lecturer's token. Raises LivenetError for an invalid token.
        """
        token, admin = (
            None if given is None else _sound(name, given.get_secret_value())
            for name, given in (("token", settings.token), ("admin_token", settings.admin_token))
        )
        if token and token == admin:
            raise LivenetError(
                "LIVENET_TOKEN and LIVENET_ADMIN_TOKEN are the same: all would be administrators",
                path="admin_token",
                hint="Leave LIVENET_ADMIN_TOKEN out: one is made, and printed at the start.",
            )
        if not token and not admin:
            return cls(None, None, b"")
        if settings.data is not None:
            return cls(token, admin, _kept_secret(settings.data))
        if admin:
            return cls(token, admin, _slow(f"{token or ''} {admin}"))
        return cls(token, admin, secrets.token_bytes(SECRET_BYTES))

    def __repr__(self) -> str:
        return f"<Credentials, {'in' if self.required else 'not in'} force>"

    @property
    def required(self) -> bool:
        """Whether clients need a token or a cookie."""
        return self.admin_token is not None

    def check_exposure(self, origins: Iterable[str]) -> None:
        """Raises LivenetError if other machines reach the server and no token is required."""
        reached = sorted(origin for origin in origins if not is_loopback(origin))
        if reached and not self.required:
            raise LivenetError(
                f"{reached[0]} can be reached from other machines, and no token is set",
                path="token",
                hint="Set LIVENET_TOKEN to a secret of 16 or more characters, for example to "
                f"{secrets.token_urlsafe(16)}, and give it to the people who may use the server.",
            )

    def role_of(self, token: bytes) -> Role | None:
        """The role that a token gives its bearer; None for an unknown token."""
        # Both are always compared, so that the time reveals nothing.
        member = self.token is not None and _same(token, self.token)
        administrator = self.admin_token is not None and _same(token, self.admin_token)
        if administrator:
            return Role.ADMINISTRATOR
        return Role.MEMBER if member else None

    def script(self, role: Role, secret: str) -> Identity:
        """A script's identity, by its secret; scripts without one share an identity per token."""
        found = (
            _keyed(self._key, "script", secret) if secret else _keyed(self._key, "scripts", role)
        )
        return Identity(found.hex()[:16], administrator=role is Role.ADMINISTRATOR)

    def cookie(self, role: Role, before: Identity | None = None) -> str:
        """A cookie for the bearer of a token: a new identity, or the one from ``before``."""
        id = before.id if before else secrets.token_hex(8)
        if before and before.administrator:
            role = Role.ADMINISTRATOR
        return f"{id}.{role}.{self._signature(id, role)}"

    def read(self, cookie: str) -> Identity | None:
        """The identity in a cookie; None if its signature is invalid."""
        id, role, signature = (*cookie.split(".", 2), "", "")[:3]
        if not _ID.fullmatch(id) or role not in tuple(Role):
            return None
        if not _same(signature.encode(), self._signature(id, role)):
            return None
        return Identity(id, administrator=role == Role.ADMINISTRATOR)

    def _signature(self, id: str, role: str) -> str:
        return _text(_keyed(self._key, "cookie", f"{id}.{role}"))


def _keyed(key: bytes, use: str, text: str) -> bytes:
    """A keyed hash of a text, different for each use."""
    return hmac.digest(key, f"{use}\0{text}".encode(), "sha256")


def _same(given: bytes, ours: str) -> bool:
    return hmac.compare_digest(given, ours.encode())


def _text(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


def _sound(name: str, token: str) -> str:
    if not _TOKEN.fullmatch(token):
        raise LivenetError(
            f"LIVENET_{name.upper()} has characters that a header cannot carry",
            path=name,
            hint="Take letters, digits and signs, no spaces: `openssl rand -hex 16` makes one.",
        )
    return token


def _slow(tokens: str) -> bytes:
    """A secret from the tokens alone. Slow, because a cookie lets its owner try out tokens."""
    return hashlib.scrypt(tokens.encode(), salt=b"livenet cookies", n=2**14, r=8, p=1)


def _kept_secret(folder: Path) -> bytes:
    """The secret in the data folder, readable by its owner only; made if missing."""
    path = folder / SECRET_FILE
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if path.exists() and len(found := path.read_bytes()) == SECRET_BYTES:
            path.chmod(0o600)
            return found
        made = secrets.token_bytes(SECRET_BYTES)
        handle, beside = mkstemp(dir=folder)  # readable by its owner only
        with os.fdopen(handle, "wb") as file:
            file.write(made)
        Path(beside).replace(path)
    except OSError as error:
        raise LivenetError(
            f"The data folder {folder} cannot keep the server's secret: {error.strerror}",
            path="--data",
            hint="Name a folder that you own, on a disk with space.",
        ) from error
    return made
