"""Pictures that end their workers: counted by run and picture, and not tried for ever."""

from __future__ import annotations

from collections import Counter

from livenet.errors import ProbeFailed

MOST = 3  # workers that one picture may end in a row


class Crashes:
    """How many workers have died in a row over each picture, whoever asked for it and however.

    ``picture`` is what names it: see livenet.engine.base.channel_of, without a step.
    """

    def __init__(self) -> None:
        self._deaths: Counter[tuple[str, str]] = Counter()

    def died(self, run: str, picture: str) -> None:
        """A worker has died while it made this picture."""
        self._deaths[run, picture] += 1

    def made(self, run: str, picture: str) -> None:
        """The picture was made: its count begins anew."""
        self._deaths.pop((run, picture), None)

    def check(self, run: str, picture: str) -> None:
        """Raises ProbeFailed for a picture that has ended so many workers."""
        if self._deaths.get((run, picture), 0) >= MOST:
            raise ProbeFailed(
                "This picture has ended its worker three times, and is not tried again",
                hint="Look at another, or take a smaller net or other options.",
            )

    def forget(self, run: str) -> None:
        for key in [key for key in self._deaths if key[0] == run]:
            del self._deaths[key]
