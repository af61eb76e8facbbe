"""Whatever JSON comes in, what comes out is a whole spec or a SpecError."""

import json
from collections.abc import Callable
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from livenet.errors import CommandError, SpecError
from livenet.spec import RunSpec, changed, live_paths, resolve
from livenet.spec.activations import ACTIVATIONS
from livenet.spec.data import KINDS as DATA
from livenet.spec.initializers import INITIALIZERS
from livenet.spec.model import KINDS as MODELS
from livenet.spec.objective import KINDS as OBJECTIVES
from livenet.spec.optimizer import KINDS as OPTIMIZERS
from livenet.spec.optimizer import SCHEDULES
from livenet.spec.training import Regularization, Training

POINTS = [kind for kind in DATA if kind.family == "points"]
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(0, 20),
    st.sampled_from([10**400, -(10**400), 2**63, 1e308]),
    st.floats(),
    st.text(max_size=6),
    st.sampled_from([*ACTIVATIONS, *INITIALIZERS, "x1", "x2", "kind"]),
)
JSON = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4)
    ),
    max_leaves=6,
)


def _section(*kinds: Any) -> st.SearchStrategy[Any]:
    """A section with some fields that exist and values that may not fit them."""
    names = sorted({name for kind in kinds for name in kind.model_fields})
    tags = [k.model_fields["kind"].default for k in kinds if "kind" in k.model_fields]
    fields: st.SearchStrategy[Any] = st.dictionaries(
        st.sampled_from(names) | st.text(max_size=4), JSON, max_size=3
    )
    if tags:
        fields = st.builds(lambda d, k: {**d, "kind": k}, fields, st.sampled_from(tags)) | fields
    return fields | JSON


DOCUMENTS = st.fixed_dictionaries(
    {},
    optional={
        "seed": JSON,
        "data": _section(*DATA),
        "model": _section(*MODELS),
        "objective": _section(*OBJECTIVES),
        "optimizer": _section(*OPTIMIZERS, *SCHEDULES),
        "regularization": _section(Regularization),
        "training": _section(Training),
        "other": JSON,
    },
)


def outcome(make: Callable[[], RunSpec]) -> RunSpec | SpecError | CommandError:
    """What comes out; any other exception is a failure."""
    try:
        return make()
    except (SpecError, CommandError) as error:
        return error


@settings(max_examples=250)
@given(JSON | DOCUMENTS)
@example({".": None})
@example({"data.": {}})
@example({"": None})
def test_resolve_gives_a_whole_spec_or_a_spec_error(document: Any) -> None:
    found = outcome(lambda: resolve(document))
    json.dumps(found.document(), allow_nan=False)
    if isinstance(found, RunSpec):
        assert resolve(json.loads(json.dumps(found.document()))) == found
        return
    assert isinstance(found, SpecError)
    assert found.hint
    assert found.message
    if found.path:
        assert isinstance(document, dict)
        # A name may have dots of its own.
        assert any(f"{found.path}.".startswith(f"{name}.") for name in document)


@st.composite
def _sound(draw: st.DrawFn) -> dict[str, Any]:
    """A document of sound values, most of which go together."""
    hidden = draw(st.lists(st.integers(1, 30), max_size=4))
    names = st.sampled_from(sorted(ACTIVATIONS))
    return {
        "seed": draw(st.integers(0, 2**31 - 1)),
        "data": {
            "kind": draw(st.sampled_from([k.model_fields["kind"].default for k in POINTS])),
            "samples": draw(st.integers(4, 2000)),
            "noise": draw(st.floats(0, 2)),
            "test_fraction": draw(st.floats(0, 0.9)),
        },
        "model": {
            "hidden": hidden,
            "activation": draw(names | st.lists(names, min_size=len(hidden), max_size=len(hidden))),
            "initializer": draw(st.sampled_from(sorted(INITIALIZERS))),
            "bias": draw(st.booleans()),
        },
        "optimizer": {
            "kind": draw(st.sampled_from([k.model_fields["kind"].default for k in OPTIMIZERS])),
            "lr": draw(st.floats(0, 1e6)),
            "schedule": {
                "kind": draw(st.sampled_from([k.model_fields["kind"].default for k in SCHEDULES]))
            },
        },
        "regularization": {
            "l1": draw(st.floats(0, 100)),
            "dropout": draw(st.floats(0, 0.95)),
        },
    }


@settings(max_examples=100)
@given(_sound())
def test_sound_values_make_a_spec_that_comes_back(document: dict[str, Any]) -> None:
    spec = resolve(document)
    assert resolve(json.loads(json.dumps(spec.document()))) == spec


PATHS = st.sampled_from(
    [*live_paths(resolve({})), "data.samples", "model.hidden", "seed", "optimizer.kind"]
) | st.text(max_size=8).map(lambda tail: f"seed.{tail}") | st.text(max_size=8)  # fmt: skip


@settings(max_examples=150)
@given(st.dictionaries(PATHS, JSON, max_size=3), st.integers(0, 5))
def test_changed_gives_a_whole_spec_or_an_error_for_a_person(
    changes: dict[str, Any], seed: int
) -> None:
    spec = resolve({"seed": seed})
    before = spec.document()
    after = outcome(lambda: changed(spec, changes))
    assert spec.document() == before
    if isinstance(after, RunSpec):
        assert (after.seed, after.data, after.model) == (spec.seed, spec.data, spec.model)
        assert resolve(after.document()) == after
    else:
        assert after.hint
