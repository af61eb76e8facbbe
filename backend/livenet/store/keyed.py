"""Requests with an Idempotency-Key that have made a run: sent again, they return the same run."""

from __future__ import annotations

from dataclasses import dataclass
from time import time
from typing import Any

from sqlalchemy import Engine, delete, select

from livenet.store.tables import answers

DAY = 86_400.0  # seconds that an answer is kept


@dataclass(frozen=True)
class Keyed:
    """A request: who has sent it with which key, and a digest of what it asks for."""

    identity: str
    key: str
    digest: str

    def answer(self, run: str) -> dict[str, Any]:
        """The row that says which run it has made."""
        return {
            "scope": self.identity,
            "key": self.key,
            "request": self.digest,
            "answer": run,
            "at": time(),
        }


@dataclass(frozen=True)
class Creation:
    """A request that has made a run."""

    digest: str
    run: str


def recalled(database: Engine, identity: str, key: str) -> Creation | None:
    """What a request with this key has made within the last day."""
    asked = select(answers.c.request, answers.c.answer).where(
        answers.c.scope == identity, answers.c.key == key, answers.c.at > time() - DAY
    )
    with database.connect() as connection:
        found = connection.execute(asked).first()
    return Creation(found[0], found[1]) if found else None


def forget_old(database: Engine) -> None:
    """Deletes the answers of more than a day ago."""
    with database.begin() as connection:
        connection.execute(delete(answers).where(answers.c.at <= time() - DAY))
