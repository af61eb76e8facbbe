"""Pictures that crash their workers: counted by run and picture, and refused after a few."""

from __future__ import annotations

from collections import Counter

from livenet.errors import ProbeFailed

MAX_CRASHES = 3  # crashes in a row that one picture may cause


class Crashes:
    """Counts the crashes in a row of each picture, over all clients and ways to request it.

    ``picture`` is its name: see livenet.engine.base.channel_of, without a step.
    """

    def __init__(self) -> None:
        self._deaths: Counter[tuple[str, str]] = Counter()

    def died(self, run: str, picture: str) -> None:
        """Counts a worker that died while it made this picture."""
        self._deaths[run, picture] += 1

    def made(self, run: str, picture: str) -> None:
        """Resets the count of a picture that was made."""
        self._deaths.pop((run, picture), None)

    def check(self, run: str, picture: str) -> None:
        """Raises ProbeFailed for a picture that has crashed ``MAX_CRASHES`` workers in a row."""
        if self._deaths.get((run, picture), 0) >= MAX_CRASHES:
            raise ProbeFailed(
                "This picture has crashed its worker three times, and is not tried again",
                hint="Choose another picture, other options or a smaller net.",
            )

    def remove_run(self, run: str) -> None:
        for key in [key for key in self._deaths if key[0] == run]:
            del self._deaths[key]
