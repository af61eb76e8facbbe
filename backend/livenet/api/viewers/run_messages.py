"""The messages about a run that are equal for all its viewers, each encoded once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from time import monotonic

from pydantic_core import to_json

from livenet.store import Run
from livenet.wire.outbound import RunChange, RunNow, Snapshots

ROWS_A_MESSAGE = 2000
KEPT_BYTES = 16 * 2**20
FRESH_SECONDS = 0.05

Chunk = tuple[int, int, int]  # the row before the chunk, its last row, the number of columns


class TextCache:
    """A cache of the texts of whole chunks of rows: the viewers of a class open a run together.

    The most recently used texts are kept, up to a total number of bytes.
    """

    def __init__(self, most_bytes: int = KEPT_BYTES) -> None:
        self._most = most_bytes
        self._size = 0
        self._texts: OrderedDict[tuple[str, Chunk], str] = OrderedDict()

    @property
    def size(self) -> int:
        return self._size

    def get(self, run: str, chunk: Chunk) -> str | None:
        text = self._texts.get((run, chunk))
        if text is not None:
            self._texts.move_to_end((run, chunk))
        return text

    def put(self, run: str, chunk: Chunk, text: str) -> None:
        self._texts[run, chunk] = text
        self._size += len(text)
        while self._size > self._most:
            _, dropped = self._texts.popitem(last=False)
            self._size -= len(dropped)


class RunMessages:
    """The messages about a run. ``rows`` is the number of rows that viewers may have.

    While ``saving`` is true the run has changes that viewers must not see yet: they get the last
    messages.
    """

    def __init__(
        self,
        run: Run,
        cache: TextCache | None = None,
        clock: Callable[[], float] = monotonic,
        saving: Callable[[], bool] = lambda: False,
        unsaved: Callable[[], str | None] = lambda: None,
    ) -> None:
        self.run = run
        self._saving = saving
        self._unsaved = unsaved
        self.rows = len(run.series)
        self._cache = cache or TextCache()
        self._clock = clock
        self._document: tuple[float, str, int] | None = None
        self._change: tuple[int, str, int] | None = None
        self._progress: str | None = None
        self._snapshots: tuple[int, str] | None = None
        self._tail: tuple[Chunk, str] | None = None

    def publish(self) -> None:
        """The run has advanced: viewers may now receive its progress and its new rows."""
        self._document = self._change = None
        self._progress = self._progress_now()
        self.rows = len(self.run.series)

    def document(self) -> tuple[str, int]:
        """The whole run, at most ``FRESH_SECONDS`` old, and the version of its journal."""
        now = self._clock()
        old = self._document is None or now - self._document[0] > FRESH_SECONDS
        if self._document is None or (old and not self._saving()):
            message = RunNow(incarnation=self.run.lifetime, run=self.run.document())
            self._document = now, message.model_dump_json(), self.run.journal.version
        return self._document[1:]

    def change(self, version: int) -> tuple[str, int] | None:
        """What of the run changes, with the entries of its journal that are newer than a version,
        and the version of its journal by then; None if it must not be seen yet.

        Viewers that have the same version share the text.
        """
        if self._change is None or self._change[0] != version:
            if self._saving():
                return None
            journal = self.run.journal
            start = journal.newer_than(version)
            message = RunChange(
                run=self.run.state(),
                spec_in_force=self.run.live_spec(),
                journal={
                    "start": start,
                    "entries": [entry.document() for entry in journal[start:]],
                },
            )
            self._change = version, message.model_dump_json(), journal.version
        return self._change[1:]

    def progress(self) -> str:
        """The run's state and step when it was last published."""
        if self._progress is None:
            self._progress = self._progress_now()
        return self._progress

    def _progress_now(self) -> str:
        run = self.run
        # Without the pydantic model: see ``series``.
        progress = {
            "kind": "progress",
            "status": run.status,
            "step": run.step,
            "epoch": run.epoch,
            "steps_per_second": run.steps_per_second,
            "metrics": run.metrics,
            "unsaved": self._unsaved(),
        }
        return to_json(progress, inf_nan_mode="null").decode()

    def snapshots(self) -> str:
        """The steps with a snapshot."""
        version = self.run.snapshots.version
        if self._snapshots is None or self._snapshots[0] != version:
            steps = Snapshots(steps=self.run.snapshots.steps)
            self._snapshots = version, steps.model_dump_json()
        return self._snapshots[1]

    def series(self, after: int) -> tuple[str, int]:
        """The next rows after a number, and the number of the last of them.

        Chunks end at multiples of ``ROWS_A_MESSAGE``, so that viewers at different positions share
        them.
        """
        full = (after // ROWS_A_MESSAGE + 1) * ROWS_A_MESSAGE
        end = min(self.rows, full)
        columns = self.run.series.columns
        chunk = (after, end, len(columns))
        if self._tail and self._tail[0] == chunk:
            return self._tail[1], end
        text = self._cache.get(self.run.id, chunk)
        if text is None:
            rows = self.run.series.rows(after, end - after)
            # Without the pydantic model: its validation of the numbers would double the cost.
            text = to_json({"kind": "series", "columns": columns, "rows": rows}).decode()
            if end == full and after % ROWS_A_MESSAGE == 0:
                self._cache.put(self.run.id, chunk, text)
            else:
                self._tail = chunk, text
        return text, end
