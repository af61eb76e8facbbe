"""What a test knows of a run from the answers that it got, and what has to come out of that."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from livenet.engine.base import Engine
from livenet.errors import WrongState
from livenet.store import Run
from livenet.wire.frame import decode
from livenet.wire.messages import COMMAND
from tests.engine.driving import at_rest, curves, replayed, same, send_command, soon, weights
from tests.engine.viewer import Viewer
from tests.folding import after

# What two runs of one story may differ in: whose they are, and how they were watched.
PASSING = frozenset(
    {"id", "name", "owner", "status", "parent", "error", "pace", "steps_per_second"}
    | {"created_at", "ended_at", "seconds", "journal_version"}
)  # fmt: skip
PICTURES: dict[str, tuple[str, dict[str, Any]]] = {
    "mlp": ("decision", {"resolution": 8}),
    "cnn": ("filters", {}),
    "rnn": ("states", {}),
    "vae": ("latents", {"images": 20}),
}


class Story:
    """A run's journal as it was answered, what was seen of its past, and its viewer."""

    def __init__(self, run: Run, entries: list[dict[str, Any]]) -> None:
        self.run = run.id
        self.probe = PICTURES[run.spec.model.kind]
        self.entries = entries
        self.viewer = Viewer(run.id)
        self.answers: dict[str, tuple[dict[str, Any], int]] = {}
        self._seen: dict[tuple[str, int], Any] = {}

    def answered(self, step: int, command: dict[str, Any]) -> None:
        """A command was carried out at a step; those that change numbers are in the journal."""
        if command["kind"] in ("set", "edit"):
            made = COMMAND.validate_python(command).model_dump(mode="json")
            self.entries = after(self.entries, {"step": step, "command": made})

    def check(self, found: Run) -> None:
        """Fails where the run says something else than was answered or seen."""
        self.viewer.refresh()
        assert self.viewer.faults == []
        assert found.status != "failed", found.error
        assert [entry.document() for entry in found.journal] == self.entries

    async def check_step(self, engine: Engine, form: str, step: int) -> None:
        """Requests an earlier step, which must be what it was when it was last requested."""
        past = step < engine.run(self.run).step  # at the present step, a command may yet come
        if form == "weights":
            found: Any = await weights(engine, self.run, step)
        else:
            frame = decode(await soon(engine.request_probe(self.run, "frame", *self.probe, step)))
            found = {name: frame[name] for name in ("step", "plots", "facts")}
        if past:
            assert same(self._seen.setdefault((form, step), found), found), (form, step)

    async def rest(self, engine: Engine) -> Run:
        """The run, paused where it was going."""
        if engine.run(self.run).status == "running":
            with suppress(WrongState):  # it has come to rest by itself
                await send_command(engine, self.run, kind="pause")
        return await at_rest(engine, self.run)

    async def compare(self, engine: Engine) -> None:
        """Fails where the run, at rest, differs from a replay of its spec and journal."""
        found = engine.run(self.run)
        again = engine.run(await replayed(engine, found))
        try:
            assert lasting(found) == lasting(again)
            assert curves(found) == curves(again)
            assert self.viewer.changed_rows() == []
            assert len(self.viewer.rows) == len(found.series)
            steps = {0, 1, found.step // 2, found.step, *(one["step"] for one in self.entries)}
            for step in sorted(steps):
                if step <= found.step:
                    one = await weights(engine, found.id, step)
                    assert one == await weights(engine, again.id, step), step
            assert await weights(engine, found.id) == await weights(engine, again.id)
        finally:
            await engine.delete(again.id)


def lasting(run: Run) -> dict[str, Any]:
    """Of a run's document, what spec and journal alone decide."""
    return {name: value for name, value in run.document().items() if name not in PASSING}
