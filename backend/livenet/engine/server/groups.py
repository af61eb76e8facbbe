"""Groups of runs: made and deleted together, a few training at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from livenet.engine.base import Owner
from livenet.engine.server.admission import Admission, Waiting
from livenet.engine.server.budgets import Budgets
from livenet.engine.server.run_factory import created
from livenet.errors import UnknownGroup
from livenet.settings import Settings
from livenet.spec import RunSpec
from livenet.spec.grid import Variant, Variation, variants
from livenet.store import Run, Store, groups
from livenet.store.groups import Group, Member
from livenet.store.keyed import Keyed

MAX_NAME = 120  # characters


@dataclass(frozen=True)
class Groups:
    """The groups of an engine. Their runs are not opened when they are made: they wait in the
    queue, and are opened when they are about to train, or when somebody looks at them.

    ``check`` raises a LivenetError if the server cannot take a run of a spec.
    """

    settings: Settings
    store: Store
    admission: Admission
    budgets: Budgets
    check: Callable[[RunSpec], None]

    async def create(
        self,
        document: Mapping[str, Any],
        vary: Sequence[Variation],
        seeds: Sequence[int],
        *,
        name: str,
        owner: Owner,
        parallel: int | None = None,
        tags: Sequence[str] = (),
        keyed: Keyed | None = None,
    ) -> Group:
        """See livenet.engine.base.GroupEngine."""
        # In a thread: hundreds of specs take a second, in which others are served.
        found = await asyncio.to_thread(variants, document, vary, seeds, self.settings.limits)
        for one in found:
            self.check(one.spec)
        group = Group(
            name=name or _name(found[0], vary),
            owner=owner.id,
            spec=document,
            vary=[{"path": one.path, "values": list(one.values)} for one in vary],
            seeds=list(seeds),
            parallel=parallel or self.settings.worker_count,
            statuses={"queued": len(found)},
        )
        made = await asyncio.to_thread(
            lambda: [self._run(group, one, owner, tags) for one in found]
        )
        async with self.budgets.room(made):
            await self.store.create_group(group, made, [keyed.answer(group.id)] if keyed else ())
        self.admission.add_group(group.id, group.parallel)
        self.admission.add(Waiting(run.id, run.owner, run.privileged, group.id) for run in made)
        self.admission.fill()
        return group

    def _run(self, group: Group, one: Variant, owner: Owner, tags: Sequence[str]) -> Run:
        differs = ", ".join(
            f"{path.rpartition('.')[2]} {value}" for path, value in one.varied.items()
        )
        name = f"{group.name}: {differs}"
        run = created(
            one.spec, self.settings, name=name[:MAX_NAME], pace=None, owner=owner, tags=tags
        )
        run.group, run.varied = group.id, one.varied
        run.status = "queued"
        return run

    async def find(
        self, owner: str | None, limit: int, before: tuple[float, str] | None
    ) -> list[Group]:
        return await self.store.read(groups.list_groups, owner, limit, before)

    async def get(self, group: str) -> Group:
        found = await self.store.read(groups.load_group, group)
        if found is None:
            raise UnknownGroup(
                f"There is no group {group!r}", path="id", hint="GET /api/groups lists all groups."
            )
        return found

    async def members(self, group: str) -> list[Member]:
        await self.get(group)
        return await self.store.read(groups.members, group)

    async def forget(self, group: str) -> None:
        """Removes a group whose runs are deleted."""
        await self.store.read(groups.delete_group, group)
        self.admission.remove_group(group)


def _name(first: Variant, vary: Sequence[Variation]) -> str:
    fields = " and ".join(one.label for one in vary) or "seeds"
    return f"{first.spec.data.label}, {first.spec.model.summary}, by {fields}"
