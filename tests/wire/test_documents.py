"""Documents as the server makes them are what their types say: over every family and preset."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from typing import Any, get_type_hints

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError

from livenet.api.viewers.run_messages import RunMessages
from livenet.catalogue import catalogue
from livenet.client import documents as known
from livenet.errors import ProbeUnfit, WrongState
from livenet.pictures import Picture
from livenet.presets import PRESETS
from livenet.probes.context import Context
from livenet.probes.run import run_probe
from livenet.probes.table import PROBES
from livenet.settings import Limits
from livenet.spec import describe, resolve
from livenet.spec.activations import ACTIVATIONS
from livenet.spec.data import KINDS as DATA
from livenet.store import Run, SnapshotStore
from livenet.training import Trainer
from livenet.wire import documents, outbound
from livenet.wire.catalogue import Catalogue
from livenet.wire.frame import document
from livenet.wire.journal import Entry
from tests.models.every import EVERY, small
from tests.training.runs import steps

Json = dict[str, Any]
SPECS: dict[str, Json] = {
    **EVERY,
    **{f"preset {kind}": dict(preset.spec) for kind, preset in PRESETS.items()},
    **{
        f"activation {kind}": {"model": {"activation": kind}}
        for kind, row in ACTIVATIONS.items()
        if row.elementwise
    },
    **{f"data {kind.model_fields['kind'].default}": {"data": {
        "kind": kind.model_fields["kind"].default}} for kind in DATA},
    "schedule": {"optimizer": {"kind": "rmsprop", "schedule": {"kind": "cosine"}}},
    "activations of layers": {"model": {"hidden": [3, 3], "activation": ["elu", "tanh"]}},
}  # fmt: skip
EACH = pytest.mark.parametrize("name", SPECS)
PICTURE: TypeAdapter[Picture] = TypeAdapter(Picture)


def run_of(spec: Json) -> Run:
    """A run with something in every part; without limits, as MNIST's files may not be there."""
    run = Run("1f", "a name", resolve(spec, limits=None), SnapshotStore(1 << 20), owner="me")
    run.parent = {"id": "2e", "step": 3}
    run.metrics = {"train_loss": 0.5, "test_loss": None}
    run.error = WrongState("It is paused", path="kind", hint="Resume it.").document()
    run.record(Entry(0, {"kind": "set", "changes": {"optimizer.lr": 0.5}}))
    edit = {"parameter": "b", "index": [0], "value": 1.0}
    run.record(Entry(2, {"kind": "edit", "edits": [edit]}))
    return run


@EACH
def test_a_run(name: str) -> None:
    made = run_of(SPECS[name]).document()
    assert documents.RunDocument.model_validate(made).model_dump(mode="json") == made


@EACH
def test_a_run_in_short(name: str) -> None:
    made = run_of(SPECS[name]).summary()
    assert documents.Summary.model_validate(made).model_dump(mode="json") == made


@EACH
def test_a_change_of_a_run(name: str) -> None:
    """What it leaves out of the run's document follows from what it has, or never changes."""
    run = run_of(SPECS[name])
    change = RunMessages(run).change(1)
    assert change is not None
    said = json.loads(change[0])
    for field, kind in get_type_hints(outbound.RunChange, include_extras=True).items():
        if hasattr(kind, "__metadata__"):
            document = kind.__metadata__[0].type
            assert document.model_validate(said[field]).model_dump(mode="json") == said[field]
    whole = run.document()
    assert said["run"].items() <= whole.items()
    assert said["spec_in_force"].items() <= whole["spec_in_force"].items()
    assert said["journal"] == {"start": 1, "entries": whole["journal"][1:]}


@EACH
def test_a_spec_described(name: str) -> None:
    made = describe(run_of(SPECS[name]).spec)
    assert documents.Description.model_validate(made).model_dump(mode="json") == made


@pytest.mark.parametrize("limits", [Limits(), Limits(max_samples=50, max_width=7)])
def test_the_catalogue(limits: Limits) -> None:
    made = catalogue(limits)
    assert Catalogue.model_validate(made).model_dump(mode="json", by_alias=True) == made


def test_a_message_carries_what_it_says() -> None:
    """``Of`` is checked nowhere else: what a message is made with in livenet.api.viewers."""
    run = run_of({})
    told = outbound.RunNow(incarnation=run.lifetime, run=run.document())
    documents.RunDocument.model_validate(told.run)
    text, _ = RunMessages(run).document()
    assert json.loads(text) == told.model_dump()
    refused = outbound.Refused(error=WrongState("no").document())
    documents.Problem.model_validate(refused.error)


@pytest.mark.parametrize("factor", [1.0, 1e4, 1e30])
@pytest.mark.parametrize("name", EVERY)
def test_a_picture(name: str, factor: float) -> None:
    """Of every probe, and of nets whose numbers have become too large."""
    one = steps(Trainer(resolve(small(EVERY[name]))), 3)
    for parameter in one.parameters().values():
        parameter.data.mul_(factor)
    context = Context.of(one)
    seen = 0
    for probe in PROBES:
        try:
            made = document(run_probe(context, probe, {}))
        except ProbeUnfit:
            continue
        except Exception:
            if factor == 1.0:
                raise
            continue
        PICTURE.validate_python(made)
        seen += 1
    assert seen > 1


@pytest.mark.parametrize(
    ("ours", "clients"),
    [
        (documents.RunDocument, known.RunDocument),
        (documents.Summary, known.RunSummary),
        (documents.JournalEntry, known.JournalEntry),
        (documents.Parent, known.Parent),
        (documents.Problem, known.Problem),
        (documents.Me, known.Identity),
        (documents.GroupDocument, known.GroupDocument),
        (documents.GroupPlace, known.GroupPlace),
        (documents.GroupRun, known.GroupRun),
        (documents.Vary, known.Vary),
        (Picture, known.Picture),
    ],
)
def test_the_client_knows_every_field(ours: type, clients: type) -> None:
    """Its types are its own, as scripts import them; they say the same."""
    assert set(get_type_hints(clients)) == _names(ours)
    assert known.Status == documents.Status


def _names(kind: type) -> set[str]:
    if issubclass(kind, BaseModel):
        return set(kind.model_fields)
    assert is_dataclass(kind)
    return {part.name for part in fields(kind)}


def test_what_is_missing_or_too_much_is_seen() -> None:
    made = run_of({}).document()
    for wrong in (
        {**made, "more": 1},
        {key: value for key, value in made.items() if key != "journal"},
        {**made, "spec": {**made["spec"], "model": {"kind": "mlp", "more": 1}}},
    ):
        with pytest.raises(ValidationError):
            documents.RunDocument.model_validate(wrong)
