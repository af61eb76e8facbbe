"""Every probe of perceptrons on every set of points: a picture or a clear refusal, and the run
untouched. Other families are in test_every_family."""

import json
from contextlib import suppress
from typing import Any

import numpy as np
import pytest
import torch

from livenet.errors import LivenetError, OptionError, ProbeUnfit, UnknownProbe
from livenet.probes.context import Context
from livenet.probes.options import options_of
from livenet.probes.run import run_probe
from livenet.probes.table import PROBES
from livenet.settings import Limits
from livenet.spec.data import KINDS as DATA
from livenet.training import Trainer
from livenet.wire.frame import decode, document, encode
from tests.probes.helpers import OBJECTIVES, content, everything, picture_of, trained

POINTS = [k.model_fields["kind"].default for k in DATA if k.family == "points"]
OURS = [kind for kind, row in PROBES.items() if "mlp" in row.models and "points" in row.families]
EVERY = pytest.mark.parametrize("probe", OURS)
NETS: list[dict[str, Any]] = [
    {"activation": "relu"},
    {"activation": "relu", "hidden": []},
    {"activation": "relu", "hidden": [1]},
    {"activation": "relu", "hidden": [3, 3], "bias": False, "residual": True},
    {"activation": ["linear", "leaky_relu"], "hidden": [3, 2]},
    {"activation": "softmax", "hidden": [3]},
    {"features": ["x1", "x1_squared"], "hidden": [3]},
]


@EVERY
@pytest.mark.parametrize(
    "data", [k.model_fields["kind"].default for k in DATA if k.family == "points"]
)
@pytest.mark.parametrize("model", NETS, ids=json.dumps)
def test_a_picture_or_a_refusal_on_every_run(probe: str, data: str, model: dict[str, Any]) -> None:
    one = trained({"data": {"kind": data, "samples": 20}, "model": model}, steps=1)
    options = {"resolution": 8} if "resolution" in PROBES[probe].options.model_fields else {}
    bends = model.get("activation") == "softmax" or "features" in model
    real = one.spec.data.target == "real"
    unfit = {"regions": bends, "confusion": real}
    if unfit.get(probe):
        with pytest.raises(ProbeUnfit):
            picture_of(one, probe)
        return
    picture = picture_of(one, probe, **options)
    assert picture.step == 1
    assert picture.plots
    json.dumps(document(picture), allow_nan=False)
    assert decode(encode(picture))["step"] == 1


@EVERY
@pytest.mark.parametrize("run", OBJECTIVES)
def test_a_probe_leaves_the_run_as_it_was(probe: str, run: str) -> None:
    fields = {"model": {"hidden": [4, 4], "activation": "relu"}, "regularization": {"dropout": 0.3}}
    one, alone = trained(OBJECTIVES[run] | fields), trained(OBJECTIVES[run] | fields)
    before = everything(one)
    with suppress(ProbeUnfit):
        picture_of(one, probe)
    assert everything(one) == before
    for _ in range(5):
        one.step()
        with suppress(ProbeUnfit):
            picture_of(one, probe)
        alone.step()
    assert everything(one) == everything(alone)


@EVERY
def test_the_same_run_gives_the_same_picture(probe: str) -> None:
    fields = OBJECTIVES["bernoulli"] | {"model": {"activation": "relu"}}
    found = [content(picture_of(trained(fields), probe)) for _ in range(2)]
    assert found[0] == found[1]


@EVERY
def test_a_picture_does_not_change_while_the_run_goes_on(probe: str) -> None:
    """Its arrays are copies, not views of the parameters."""
    one = trained(OBJECTIVES["bernoulli"] | {"model": {"activation": "relu"}})
    picture = picture_of(one, probe)
    before = content(picture)
    one.flat.phi.add_(1.0)
    assert content(picture) == before


@EVERY
@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1e30])
@pytest.mark.parametrize("run", ["bernoulli", "categorical", "line"])
def test_a_net_that_has_blown_up_can_still_be_looked_at(probe: str, value: float, run: str) -> None:
    """The picture travels, or the probe says why there is none: nobody's worker trips over it."""
    one = trained(OBJECTIVES[run] | {"model": {"activation": "relu", "hidden": [4, 4]}})
    for p in one.parameters().values():
        p.flatten()[0] = value
    if probe == "regions" and not np.isfinite(value):
        with pytest.raises(LivenetError) as caught:
            picture_of(one, probe)
        assert caught.value.hint
        return
    if probe == "confusion" and run == "line":
        with pytest.raises(ProbeUnfit):
            picture_of(one, probe)
        return
    picture = picture_of(one, probe)
    json.dumps(document(picture), allow_nan=False)
    assert decode(encode(picture))["step"] == 3


@EVERY
@pytest.mark.parametrize(
    ("options", "path"),
    [
        ({"window": [3, -3, -3, 3]}, "options.window"),
        ({"window": [-3, 3, 1, 1]}, "options.window"),
        ({"window": [-3, 3]}, "options.window"),
        ({"window": [-3, 3, -3]}, "options.window"),
        ({"window": []}, "options.window"),
        ({"window": [-1e300, 1e300, -3, 3]}, "options.window"),
        ({"window": [float("nan"), 3, -3, 3]}, "options.window"),
        ({"window": "all"}, "options.window"),
        ({"resolution": 0}, "options.resolution"),
        ({"resolution": 100_000}, "options.resolution"),
        ({"resolution": "fine"}, "options.resolution"),
        ({"units": 0}, "options.units"),
        ({"layer": -1}, "options.layer"),
        ({"layer": 99}, "options.layer"),
        ({"unit": 99}, "options.unit"),
        ({"point": [1.0]}, "options.point"),
        ({"point": [0.0, float("inf")]}, "options.point"),
        ({"max_faces": 1}, "options.max_faces"),
        ({"colour": "red"}, "options.colour"),
    ],
    ids=str,
)
def test_a_bad_option_is_refused_at_its_path(
    probe: str, options: dict[str, Any], path: str
) -> None:
    (name,) = options
    if name != "colour" and name not in PROBES[probe].options.model_fields:
        options, path = {name: options[name]}, f"options.{name}"  # refused as unknown
    one = trained(OBJECTIVES["bernoulli"] | {"model": {"activation": "relu"}})
    with pytest.raises(OptionError) as caught:
        picture_of(one, probe, **options)
    shown = caught.value.path
    assert shown == path or shown.startswith(f"{path}.")
    assert caught.value.hint
    assert caught.value.message


def test_an_unknown_probe_is_named() -> None:
    with pytest.raises(UnknownProbe) as caught:
        picture_of(trained({}), "decison")
    assert "'decision'" in caught.value.hint
    assert caught.value.status == 404


@pytest.mark.parametrize("given", [[], 3, "x", None])
def test_options_that_are_no_object_are_refused(given: Any) -> None:
    with pytest.raises(OptionError) as caught:
        options_of("decision", given)
    assert caught.value.path == "options"


@EVERY
def test_options_have_defaults_and_are_described(probe: str) -> None:
    assert options_of(probe, {}) == PROBES[probe].options()
    for field in PROBES[probe].options.model_fields.values():
        assert field.description


@pytest.mark.parametrize("probe", ["decision", "neurons"])
def test_a_large_net_is_drawn_more_coarsely_rather_than_late(probe: str) -> None:
    small = trained({"model": {"hidden": [4]}}, steps=0)
    large = trained({"model": {"hidden": [512] * 6}}, steps=0)
    assert picture_of(small, probe, resolution=100).facts["resolution"] == 100
    assert picture_of(large, probe, resolution=100).facts["resolution"] < 50


def test_the_servers_limit_holds_a_map() -> None:
    context = Context.of(trained({}), Limits(max_resolution=16))
    assert run_probe(context, "decision", {"resolution": 64}).facts["resolution"] == 16


def test_looking_back_is_looking() -> None:
    """A probe of a restored snapshot gives the picture of the run itself."""
    one = trained(OBJECTIVES["bernoulli"] | {"model": {"activation": "relu"}})
    snapshot = one.snapshot()
    for probe in OURS:
        before = content(picture_of(one, probe))
        assert content(picture_of(Trainer(snapshot.spec, snapshot), probe)) == before


def test_probes_draw_no_gradients() -> None:
    one = trained(OBJECTIVES["bernoulli"] | {"model": {"activation": "relu"}})
    one.flat.gradient.fill_(7.0)
    for probe in OURS:
        picture_of(one, probe)
    assert torch.equal(one.flat.gradient, torch.full_like(one.flat.gradient, 7.0))
    assert np.isfinite(one.flat.phi.numpy()).all()
