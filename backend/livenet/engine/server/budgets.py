"""The budgets of the store: how many runs, and how many bytes, it keeps of a person and in all.

A run that is made over a budget displaces unused ones: those that do not train, are not pinned and
are on no page. A person displaces their own, the longest unused first. A full server displaces
those of the owner who has the most, so that nobody loses runs to others who have more.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from heapq import heapify, heappop, heapreplace, nsmallest
from time import time
from typing import Literal, Protocol

from sqlalchemy import Engine as Database

from livenet.errors import TooMany
from livenet.settings import Settings
from livenet.spec.cost import snapshot_bytes
from livenet.store import Run, Store
from livenet.store.budgets import Amount, Share, Unused, amounts, shares, unused
from livenet.store.ledger import stored_bytes

AT_ONCE = 100  # runs that are deleted in one transaction, at most
SPARE = 20  # an privileged run may take a full server over its budgets, by one in so many
Reason = Literal["expired", "person", "server"]
Limit = Literal["runs", "bytes"]


class BudgetedEngine(Protocol):
    """The part of an engine that budgets use."""

    settings: Settings

    def runs(self) -> Iterable[Run]: ...

    def idle_seconds(self, run: Run) -> float: ...

    def is_unused(self, run: Run) -> bool: ...

    async def delete_unused(self, runs: Sequence[str], reason: Reason) -> None: ...


class Budgets:
    """Deletes unused runs where a budget is exceeded."""

    def __init__(self, engine: BudgetedEngine, store: Store) -> None:
        settings = engine.settings
        self.person = Amount(settings.max_runs_a_person, settings.store_bytes_a_person)
        self.server = Amount(settings.max_runs, settings.store_bytes)
        spare = Amount(max(1, self.server.runs // SPARE), self.server.bytes // SPARE)
        self.most = self.server + spare
        """What even privileged runs do not exceed."""
        self._engine = engine
        self._store = store
        self._lock = asyncio.Lock()

    @asynccontextmanager
    async def room(self, made: Sequence[Run], source: str | None = None) -> AsyncIterator[None]:
        """Makes room for new runs of one owner, which have to be recorded in the store within the
        context: the next ones are made after it. ``source`` is a run that stays, such as the one
        that is forked.

        Raises TooMany, with nothing deleted, if what may be deleted does not suffice.
        """
        async with self._lock:
            first = made[0]
            size = await asyncio.to_thread(lambda: sum(map(_bytes, made)))
            new = Amount(len(made), size)
            if is_limited(first.owner, privileged=first.privileged):
                while chosen := await self._of_person(first.owner, new, source):
                    await self._delete(chosen, "person")
            # A server that is over already gets no larger: ``keep_within`` deletes the rest.
            _, whole = await self._amounts(first.owner)
            budget = self.server.most(whole)
            while chosen := await self._of_server(first, new, budget, source):
                await self._delete(chosen, "server")
            yield

    async def keep_within(self) -> bool:
        """Deletes unused runs over a budget. Returns whether there were any: more may be over."""
        async with self._lock:
            used, opened = self._open_runs()
            found = await self._shares()
            for owner, share in found.items():
                excess = share.limited - self.person
                if is_limited(owner) and excess.positive:
                    mine = await self._unused_of(owner, used, opened, share.limited.runs)
                    if chosen := oldest(mine, excess)[:AT_ONCE]:
                        await self._delete(chosen, "person")
                        return True
            whole = sum((share.all for share in found.values()), Amount())
            if not (excess := whole - self.server).positive:
                return False
            chosen = await self._store.read(_fairest_of, found, excess, used, opened)
            if chosen:
                await self._delete(chosen, "server")
            return bool(chosen)

    async def _of_person(self, owner: str, new: Amount, source: str | None) -> list[Unused]:
        """The runs that a new one of a person displaces. Raises TooMany."""
        own, _ = await self._amounts(owner)
        excess = own + new - self.person
        if not excess.positive:
            return []
        used, opened = self._open_runs(source)
        chosen = oldest(await self._unused_of(owner, used, opened, own.runs), excess)
        if (left := excess - _total(chosen)).positive:
            full = _too_many_of_person if left.runs > 0 else _too_large_for_person
            raise full(own, new, self.person)
        return chosen

    async def _of_server(
        self, made: Run, new: Amount, budget: Amount, source: str | None
    ) -> list[Unused]:
        """The runs that a new one displaces on a full server. Raises TooMany."""
        _, whole = await self._amounts(made.owner)
        excess = whole + new - budget
        if not excess.positive:
            return []
        used, opened = self._open_runs(source)
        found = await self._shares()
        found[made.owner] = _with(found.get(made.owner, Share()), new, privileged=made.privileged)
        chosen = await self._store.read(_fairest_of, found, excess, used, opened)
        fits = not (excess - _total(chosen)).positive
        allowed = made.privileged and not (whole + new - self.most).positive
        if not (fits or allowed):
            raise _server_is_full(whole, self.server)
        return chosen

    async def _amounts(self, owner: str) -> tuple[Amount, Amount]:
        """What counts for a person, and what all have, with runs that are not written yet."""
        new = self._store.new_runs()
        own, whole = await self._store.read(amounts, owner, [run.id for run, _ in new])
        for run, size in new:
            whole += Amount(1, size)
            if run.owner == owner and not run.privileged:
                own += Amount(1, size)
        return own, whole

    async def _shares(self) -> dict[str, Share]:
        """What is stored of each owner, with runs that are not written yet."""
        new = self._store.new_runs()
        found = await self._store.read(shares, [run.id for run, _ in new])
        for run, size in new:
            before = found.get(run.owner, Share())
            found[run.owner] = _with(before, Amount(1, size), privileged=run.privileged)
        return found

    async def _unused_of(
        self, owner: str, used: Collection[str], opened: Sequence[Unused], most: int
    ) -> list[Unused]:
        """The unused runs that count for a person."""
        closed = await self._store.read(unused, [owner], used, most, True)
        return closed[owner] + [one for one in opened if one.owner == owner and not one.privileged]

    def _open_runs(self, source: str | None = None) -> tuple[set[str], list[Unused]]:
        """The ids of open runs, of which the database may have an earlier state, and those of them
        that are unused."""
        used: set[str] = {source} if source else set()
        opened = []
        new = {run.id for run, _ in self._store.new_runs()}
        for run in self._engine.runs():
            used.add(run.id)
            if run.id not in new and run.id != source and self._engine.is_unused(run):
                at = time() - self._engine.idle_seconds(run)
                size = self._store.bytes_of(run.id)
                opened.append(Unused(at, run.id, size, run.owner, run.privileged))
        return used, opened

    async def _delete(self, chosen: Sequence[Unused], reason: Reason) -> None:
        await self._engine.delete_unused([one.id for one in chosen], reason)


def _bytes(made: Run) -> int:
    """The bytes of a new run; of one without snapshots, with the first that it will have."""
    first = 0 if made.snapshots.steps else snapshot_bytes(made.spec)
    return stored_bytes(made) + first


def is_limited(owner: str, *, privileged: bool = False) -> bool:
    """Whether a run counts towards the limits of a person; "" is no person."""
    return bool(owner) and not privileged


def oldest(found: Iterable[Unused], excess: Amount) -> list[Unused]:
    """The longest unused runs, as many as cover an excess; all of them, if they do not."""
    chosen = []
    for one in sorted(found):
        if not excess.positive:
            break
        chosen.append(one)
        excess -= one.amount
    return chosen


def fairest(
    found: Mapping[str, Share],
    excess: Amount,
    unused_of: Callable[[Sequence[str]], Mapping[str, Iterable[Unused]]],
    most: int,
) -> list[Unused]:
    """The runs to delete of all, as many as cover an excess, at most so many.

    Each is the longest unused one of the owner who has the most at that point, of those with an
    unused run: the most runs while there are too many of them, then the most bytes. Among equals
    it is the longest unused run.
    """
    chosen: list[Unused] = []
    queues: dict[str, deque[Unused]] = {}
    left = {owner: share.all for owner, share in found.items()}
    since = {owner: share.oldest for owner, share in found.items() if share.oldest is not None}
    for limit in ("runs", "bytes"):
        heap = [(-_of(left[owner], limit), at, owner) for owner, at in since.items()]
        heapify(heap)
        while heap and _of(excess, limit) > 0 and len(chosen) < most:
            _, at, owner = heap[0]
            if owner not in queues:
                next_ones = nsmallest(max(1, min(most, excess.runs)), heap)
                asked = [one for *_, one in next_ones if one not in queues]
                queues |= {one: deque(sorted(runs)) for one, runs in unused_of(asked).items()}
            queue = queues[owner]
            if queue and queue[0].used_at == at:  # else its time was a bound
                one = queue.popleft()
                chosen.append(one)
                excess -= one.amount
                left[owner] -= one.amount
            if queue:
                since[owner] = queue[0].used_at
                heapreplace(heap, (-_of(left[owner], limit), since[owner], owner))
            else:
                del since[owner]
                heappop(heap)
    return chosen


def _fairest_of(
    database: Database,
    found: Mapping[str, Share],
    excess: Amount,
    used: Collection[str],
    opened: Sequence[Unused],
) -> list[Unused]:
    """``fairest``, of the runs of a database and of the open ones."""

    def unused_of(owners: Sequence[str]) -> dict[str, list[Unused]]:
        runs = unused(database, owners, used, AT_ONCE)
        for one in opened:
            if one.owner in runs:
                runs[one.owner].append(one)
        return runs

    return fairest(found, excess, unused_of, AT_ONCE)


def _of(amount: Amount, limit: Limit) -> int:
    return amount.runs if limit == "runs" else amount.bytes


def _with(share: Share, more: Amount, *, privileged: bool) -> Share:
    limited = share.limited if privileged else share.limited + more
    return Share(share.all + more, limited, share.oldest)


def _total(chosen: Iterable[Unused]) -> Amount:
    return sum((one.amount for one in chosen), Amount())


def _too_many_of_person(own: Amount, new: Amount, budget: Amount) -> TooMany:
    more = f" {new.runs} more are too many" if new.runs > 1 else " No other makes room"
    return TooMany(
        f"You have {own.runs} runs, and a person may have {budget.runs}.{more}: "
        "those that train, are pinned, or are open on a page make no room",
        hint="Delete, stop or unpin some of them.",
    )


def _too_large_for_person(own: Amount, new: Amount, budget: Amount) -> TooMany:
    return TooMany(
        f"Your runs take {_mb(own.bytes)} and this one {_mb(new.bytes)}, and those of a person may "
        f"take {_mb(budget.bytes)}. Too few others make room: they train, are pinned, or are open "
        "on a page",
        hint="Delete, stop or unpin some of them, or use a smaller net.",
    )


def _server_is_full(whole: Amount, budget: Amount) -> TooMany:
    return TooMany(
        f"The server has {whole.runs} runs of {_mb(whole.bytes)}, and may have {budget.runs} of "
        f"{_mb(budget.bytes)}. None makes room: they train, are pinned, or are open on a page",
        hint="Delete, stop or unpin runs that are no longer needed.",
    )


def _mb(size: int) -> str:
    return f"{size / 2**20:,.0f} MiB"
