"""Groups in the database, and their statistics against numpy."""

from __future__ import annotations

import asyncio
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from livenet.errors import Diverged
from livenet.settings import Settings
from livenet.spec.grid import Variation, variants
from livenet.store import Run, SnapshotStore, Store, groups
from livenet.store.groups import Group, Member, summary_of, table_of
from livenet.store.listing import Query, find

SPEC: dict[str, Any] = {"training": {"steps": 5}, "model": {"hidden": [2]}}
VARY = [Variation("optimizer.lr", [0.1, 0.01]), Variation("model.hidden", [[2], [3, 3]])]
SEEDS = [7, 3]
LIMITS = Settings().limits


def group_of(**fields: Any) -> Group:
    vary = [{"path": one.path, "values": list(one.values)} for one in VARY]
    made = Group(name="g", owner="me", spec=SPEC, vary=vary, seeds=SEEDS, parallel=2)
    return replace(made, **fields)


def runs_of(group: Group) -> list[Run]:
    return [
        Run(
            id=f"{group.id}{n:02}",
            name=f"{n}",
            spec=one.spec,
            snapshots=SnapshotStore(1000),
            owner="me",
            group=group.id,
            varied=one.varied,
            status="queued",
            created_at=1000.0,  # the order of the grid does not depend on it
        )
        for n, one in enumerate(variants(SPEC, VARY, SEEDS, LIMITS))
    ]


def test_written_and_read(tmp_path: Path) -> None:
    async def live() -> None:
        store = Store(tmp_path, 1 << 20)
        await store.open()
        group, other = group_of(id="b", created_at=5.0), group_of(id="a", created_at=5.0)
        made = runs_of(group)
        made[0].error = Diverged("it overflowed").document()
        await store.create_group(group, made[::-1], [])
        await store.create_group(other, [], [])
        found = await store.read(groups.load_group, "b")
        assert found == replace(group, statuses={"queued": 8})
        assert await store.read(groups.load_group, "nobody") is None
        assert [one.id for one in await store.read(groups.list_groups, None, 9, None)] == ["b", "a"]
        after = await store.read(groups.list_groups, "me", 9, (5.0, "b"))
        assert [one.id for one in after] == ["a"]
        assert await store.read(groups.list_groups, "you", 9, None) == []
        assert await store.read(groups.parallel_of_waiting) == {"b": 2}
        rows = await store.read(groups.members, "b")
        assert [(row.id, row.varied) for row in rows] == [(run.id, run.varied) for run in made]
        assert {row.error for row in rows[1:]} == {None}
        assert rows[0].error == "diverged"
        loaded = await store.load(made[3].id)
        assert loaded is not None
        assert (loaded.group, loaded.varied, loaded.status) == ("b", made[3].varied, "queued")
        page = await store.read(find, Query(group="b", limit=3))
        assert (page.total, page.runs[0]["group"]) == (8, "b")
        await store.read(groups.delete_empty_groups)
        kept = await store.read(groups.list_groups, None, 9, None)
        assert [one.id for one in kept] == ["b"]
        await store.delete_closed([run.id for run in made if run.id != made[3].id])
        assert len(await store.read(groups.members, "b")) == 1
        await store.close()

    asyncio.run(live())


def test_all_or_nothing(tmp_path: Path) -> None:
    """A run that cannot be written takes the group and the others with it."""

    async def live() -> None:
        store = Store(tmp_path, 1 << 20)
        await store.open()
        group = group_of(id="b")
        made = runs_of(group)
        made[5].name = None  # type: ignore[assignment]  # which the table refuses
        with pytest.raises(Exception, match="cannot save"):
            await store.create_group(group, made, [])
        assert await store.read(groups.load_group, "b") is None
        assert (await store.read(find, Query())).total == 0
        await store.close()

    asyncio.run(live())


VALUES = st.none() | st.floats(-1e6, 1e6) | st.sampled_from([math.inf, math.nan])
MEMBERS = st.dictionaries(
    st.tuples(st.sampled_from([0.1, 0.01, 1]), st.sampled_from([(2,), (3, 3)]), st.integers(0, 4)),
    VALUES,
    max_size=20,
)


@given(MEMBERS)
def test_statistics(drawn: dict[tuple[float, tuple[int, ...], int], float | None]) -> None:
    """Mean and sample standard deviation of the finite values, as NumPy has them."""
    found = [
        Member(
            f"{n}",
            {"optimizer.lr": lr, "model.hidden": list(hidden), "seed": seed},
            "finished" if value is not None else "queued",
            5,
            1.0,
            {} if value is None else {"loss": value},
        )
        for n, ((lr, hidden, seed), value) in enumerate(drawn.items())
    ]
    places = summary_of(found, "loss")
    assert sum(len(place["runs"]) for place in places) == len(found)
    for place in places:
        lr, hidden = place["values"].values()
        given = [value for (a, b, _), value in drawn.items() if (a, list(b)) == (lr, hidden)]
        finite = np.array([one for one in given if one is not None and math.isfinite(one)])
        assert (place["count"], place["missing"]) == (len(finite), len(given) - len(finite))
        assert place["ended"] == sum(value is not None for value in given)
        if len(finite):
            assert place["mean"] == pytest.approx(float(finite.mean()), abs=1e-9)
            assert (place["least"], place["greatest"]) == (finite.min(), finite.max())
        else:
            assert place["mean"] is place["least"] is place["greatest"] is None
        if len(finite) > 1:
            assert place["deviation"] == pytest.approx(float(finite.std(ddof=1)), abs=1e-6)
        else:
            assert place["deviation"] is None


def test_a_run_that_diverged_has_no_value() -> None:
    """Its last row is from before, and may be any large number."""
    values = [("finished", 1.0, None), ("paused", 1e30, "diverged"), ("paused", 3.0, "unwatched")]
    found = [
        Member(f"{n}", {"seed": n}, status, 5, 1.0, {"loss": value}, error)
        for n, (status, value, error) in enumerate(values)
    ]
    (place,) = summary_of(found, "loss")
    assert (place["count"], place["missing"], place["mean"]) == (2, 1, 2.0)
    assert [(run["value"], run["error"]) for run in place["runs"]] == [
        (1.0, None),
        (None, "diverged"),
        (3.0, "unwatched"),
    ]


def test_a_table_has_all_metrics_of_any_run() -> None:
    first = Member("a", {"optimizer.lr": 0.1, "seed": 0}, "queued", 0, 0.0, {})
    second = Member(
        "b", {"optimizer.lr": 1, "seed": 0}, "paused", 3, 0.5, {"loss": math.nan, "x": 2}
    )
    assert table_of([first, second]) == {
        "columns": ["run", "optimizer.lr", "seed", "status", "step", "seconds", "loss", "x"],
        "rows": [
            ["a", 0.1, 0, "queued", 0, 0.0, None, None],
            ["b", 1, 0, "paused", 3, 0.5, None, 2],
        ],
    }
    assert table_of([])["rows"] == []
