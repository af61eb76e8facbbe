"""Every probe on a run of every family: a picture that fits the wire, or a refusal that helps."""

import json

import pytest

from livenet.errors import ProbeUnfit
from livenet.probes.context import Context
from livenet.probes.run import run_probe
from livenet.probes.table import PROBES, fitting
from livenet.spec import resolve
from livenet.spec.model import BLOCKS
from livenet.training import Trainer
from livenet.wire.frame import decode, document, encode
from tests.models.every import EVERY, small
from tests.probes.helpers import content, everything
from tests.training.runs import steps

MAX_BYTES = 32_000  # of a default panel's frame
LARGE = ("regions",)  # polygons are as many as there are


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("probe", PROBES)
def test_a_picture_or_a_refusal(probe: str, name: str) -> None:
    one = steps(Trainer(resolve(small(EVERY[name]))), 3)
    context = Context.of(one)
    before = everything(one)
    try:
        picture = run_probe(context, probe, {})
    except ProbeUnfit as error:
        refused = error
        assert refused.hint
        assert not PROBES[probe].suits(context.spec)
    else:
        assert PROBES[probe].suits(context.spec)
        assert picture.step == 3
        assert picture.plots
        frame = encode(picture, "x", 1, 0.0)
        assert probe in LARGE or len(frame) <= MAX_BYTES
        assert decode(frame)["step"] == 3
        json.dumps(document(picture), allow_nan=False)
        assert content(run_probe(context, probe, {})) == content(picture)  # a pure function
    assert everything(one) == before


@pytest.mark.parametrize("block", [str(one.model_fields["kind"].default) for one in BLOCKS])
def test_a_cnn_begins_with_any_block(block: str) -> None:
    """A first block without parameters, or one that gives a vector, is a net like another."""
    data = {"kind": "digits", "samples": 60}
    spec = resolve({"data": data, "model": {"blocks": [{"kind": block}]}})
    context = Context.of(steps(Trainer(spec), 2))
    for probe in fitting(spec):
        assert run_probe(context, probe, {}).plots


@pytest.mark.parametrize("name", EVERY)
def test_a_refusal_names_what_there_is(name: str) -> None:
    one = Trainer(resolve(small(EVERY[name])))
    there = fitting(one.spec)
    model = one.spec.model.kind
    other = next(row for row in PROBES.values() if model not in row.models)
    assert there
    with pytest.raises(ProbeUnfit) as caught:
        run_probe(Context.of(one), other.kind, {})
    assert other.fits in caught.value.message
    assert all(probe in caught.value.hint for probe in there)
