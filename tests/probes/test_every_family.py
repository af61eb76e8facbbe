"""Every probe on a run of every family: a picture that fits the wire, or a refusal that helps."""

import json

import pytest

from livenet.errors import ProbeUnfit
from livenet.probes.context import Context
from livenet.probes.run import look
from livenet.probes.table import PROBES
from livenet.spec import resolve
from livenet.training import Trainer
from livenet.wire.frame import decode, document, encode
from tests.models.every import EVERY, small
from tests.probes.looking import content, everything
from tests.training.runs import steps

MOST_BYTES = 32_000  # of a default panel's frame
LARGE = ("regions",)  # polygons are as many as there are


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("probe", PROBES)
def test_a_picture_or_a_refusal(probe: str, name: str) -> None:
    one = steps(Trainer(resolve(small(EVERY[name]))), 3)
    context = Context.of(one)
    before = everything(one)
    try:
        picture = look(context, probe, {})
    except ProbeUnfit as error:
        refused = error
        assert refused.hint
        suits = PROBES[probe].suits(context.spec.model.kind, context.spec.data.family)
        assert suits or context.spec.model.kind in refused.message
    else:
        assert picture.step == 3
        assert picture.plots
        frame = encode(picture, "x", 1, 0.0)
        assert probe in LARGE or len(frame) <= MOST_BYTES
        assert decode(frame)["step"] == 3
        json.dumps(document(picture), allow_nan=False)
        assert content(look(context, probe, {})) == content(picture)  # a pure function
    assert everything(one) == before


@pytest.mark.parametrize("name", EVERY)
def test_a_refusal_names_what_there_is(name: str) -> None:
    one = Trainer(resolve(small(EVERY[name])))
    model, family = one.spec.model.kind, one.spec.data.family
    fitting = [row.kind for row in PROBES.values() if row.suits(model, family)]
    other = next(row for row in PROBES.values() if not row.suits(model, family))
    assert fitting
    with pytest.raises(ProbeUnfit) as caught:
        look(Context.of(one), other.kind, {})
    assert other.fits in caught.value.message
    assert all(probe in caught.value.hint for probe in fitting)
