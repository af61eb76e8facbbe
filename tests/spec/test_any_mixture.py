"""Documents whose parts stand in wrong places: a whole spec or an error for a person, as ever.

``test_any_document`` draws fields that exist; here sections are swapped, nested and cut short, and
values are what only a program would send.
"""

from __future__ import annotations

import json
import math
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from livenet.errors import CommandError, LivenetError, SpecError
from livenet.spec import RunSpec, changed, describe, live_paths, resolve
from livenet.spec.activations import ACTIVATIONS
from livenet.spec.data import KINDS as DATA
from livenet.spec.initializers import INITIALIZERS
from livenet.spec.model import BLOCKS
from livenet.spec.model import KINDS as MODELS
from livenet.spec.objective import KINDS as OBJECTIVES
from livenet.spec.optimizer import KINDS as OPTIMIZERS
from livenet.spec.optimizer import SCHEDULES
from livenet.spec.training import Regularization, Training

ALL: tuple[Any, ...] = (
    *DATA, *MODELS, *BLOCKS, *OBJECTIVES, *OPTIMIZERS, *SCHEDULES, Regularization, Training,
)  # fmt: skip
KINDS = sorted({kind.model_fields["kind"].default for kind in ALL if "kind" in kind.model_fields})
NAMES = sorted({name for kind in ALL for name in kind.model_fields})
SECTIONS = sorted(RunSpec.model_fields)
WORDS = st.sampled_from([*KINDS, *ACTIVATIONS, *INITIALIZERS, "x1", "x2", *SECTIONS])
STRANGE: st.SearchStrategy[Any] = st.sampled_from(
    [
        10**400, -(10**400), 10**4000, -(2**63), 2**63, 1e308, -0.0, 5e-324, math.nan, math.inf,
        -math.inf, "\ud800", "\u0000", "ﬃ", "💡" * 50, "x" * 3000, "", [], {}, None, True, False,
    ]
)  # fmt: skip
LEAF = st.one_of(WORDS, STRANGE, st.integers(-2, 40), st.floats(0, 1), st.text(max_size=4))
KEY = st.one_of(st.sampled_from(NAMES), st.just("kind"), st.sampled_from(SECTIONS))
ANY = st.recursive(
    LEAF,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(KEY | st.text(max_size=3), inner, max_size=4),
        st.builds(
            lambda kind, rest: {**rest, "kind": kind},
            st.sampled_from(KINDS),
            st.dictionaries(KEY, inner, max_size=3),
        ),
        st.builds(lambda value: {value: value}, st.integers() | st.none() | st.booleans()),
        st.integers(2, 30).flatmap(lambda count: inner.map(lambda one: [one] * count)),
    ),
    max_leaves=12,
)


def kinds_of(*rows: Any) -> st.SearchStrategy[str]:
    return st.sampled_from([row.model_fields["kind"].default for row in rows])


@st.composite
def mixtures(draw: st.DrawFn) -> dict[Any, Any]:
    """A document most of whose kinds exist, in which some part is not what belongs there."""
    document: dict[Any, Any] = {}
    for section, rows in (("data", DATA), ("model", MODELS), ("objective", OBJECTIVES)):
        if draw(st.booleans()):
            document[section] = {"kind": draw(kinds_of(*rows))}
    for _ in range(draw(st.integers(0, 3))):
        section = draw(st.sampled_from(SECTIONS))
        part = document.get(section)
        if isinstance(part, dict) and draw(st.booleans()):
            document[section] = {**part, draw(KEY): draw(ANY)}
        else:
            document[section] = draw(ANY)
    return document


def outcome(document: object, **rest: Any) -> RunSpec | LivenetError:
    """Any other exception than a SpecError is a failure."""
    try:
        return resolve(document, **rest)
    except SpecError as error:
        return error


@settings(max_examples=400)
@given(mixtures() | ANY, st.sampled_from([{}, {"limits": None}]))
def test_any_mixture_gives_a_whole_spec_or_a_spec_error(document: Any, rest: Any) -> None:
    found = outcome(document, **rest)
    if isinstance(found, RunSpec):
        assert json.dumps(describe(found), allow_nan=False)
        assert resolve(found.document(), **rest) == found
        return
    json.dumps(found.document(), allow_nan=False, ensure_ascii=False).encode()
    assert found.message
    assert found.hint
    assert found.path or not isinstance(document, dict) or not all(map(_named, document))


def _named(name: object) -> bool:
    """Whether a path can begin with a name."""
    return isinstance(name, str) and name != ""


FORMS = [resolve({"optimizer": {"kind": one, "schedule": {"kind": plan}}})
         for one in ("adam", "rmsprop") for plan in ("constant", "step", "cosine")]  # fmt: skip
PATHS = st.sampled_from(sorted({path for spec in FORMS for path in live_paths(spec)}))


@settings(max_examples=200)
@given(
    st.sampled_from(FORMS),
    st.dictionaries(PATHS | st.sampled_from(["", ".", "a.b"]), ANY, max_size=4),
)
def test_any_mixture_of_changes_gives_a_spec_or_an_error(
    spec: RunSpec, changes: dict[str, Any]
) -> None:
    try:
        after = changed(spec, changes)
    except (SpecError, CommandError) as error:
        assert error.message  # noqa: PT017  # either is a good outcome
        assert error.hint  # noqa: PT017
    else:
        assert (after.model, after.data) == (spec.model, spec.data)


def test_a_change_inside_of_what_another_replaces() -> None:
    spec = resolve({"optimizer": {"schedule": {"kind": "step"}}})
    for value in (3, None, "step", [1]):
        changes = {"optimizer.schedule": value, "optimizer.schedule.every": 5}
        found = None
        try:
            changed(spec, changes)
        except (SpecError, CommandError) as error:
            found = error
        assert found is not None
        assert found.path == "optimizer.schedule"
        assert found.hint
