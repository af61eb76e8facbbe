"""Any small model that a spec admits trains a step and answers every probe that fits it."""

from __future__ import annotations

import json
from typing import Any

import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from livenet.errors import SpecError
from livenet.probes.context import Context
from livenet.probes.run import run_probe
from livenet.probes.table import fitting
from livenet.spec import resolve
from livenet.spec.activations import ACTIVATIONS
from livenet.spec.initializers import INITIALIZERS
from livenet.training import Trainer
from livenet.wire.frame import document, encode

DIGITS = {"kind": "digits", "samples": 30}
CHOSEN = {
    "activation": st.sampled_from(sorted(ACTIVATIONS)),
    "initializer": st.sampled_from(sorted(INITIALIZERS)),
}
BLOCK = st.one_of(
    st.fixed_dictionaries(
        {"kind": st.just("conv"), "channels": st.integers(1, 4), "kernel": st.integers(1, 4)},
        optional={"stride": st.integers(1, 3), "dilation": st.integers(1, 2),
                  "padding_mode": st.sampled_from(["zeros", "circular"])},
    ),
    st.fixed_dictionaries({"kind": st.sampled_from(["max_pool", "avg_pool"]),
                           "kernel": st.integers(1, 4)}, optional={"stride": st.integers(1, 3)}),
    st.fixed_dictionaries(
        {"kind": st.just("residual"), "channels": st.integers(1, 4), "skip": st.booleans()},
        optional={"norm": st.sampled_from(["none", "batch"]), "depth": st.integers(1, 2)},
    ),
    st.fixed_dictionaries({"kind": st.just("dense"), "units": st.integers(1, 5)}),
    st.fixed_dictionaries({"kind": st.sampled_from(
        ["upsample", "batch_norm", "layer_norm", "flatten", "global_pool"])}),
)  # fmt: skip
CNNS = st.fixed_dictionaries(
    {"kind": st.just("cnn"), "blocks": st.lists(BLOCK, max_size=4), **CHOSEN},
    optional={"bias": st.booleans()},
)
MLPS = st.fixed_dictionaries(
    {"kind": st.just("mlp"), "hidden": st.lists(st.integers(1, 4), max_size=3), **CHOSEN},
    optional={"residual": st.booleans(), "bias": st.booleans()},
)
ENCODERS = st.fixed_dictionaries(
    {"kind": st.sampled_from(["autoencoder", "vae"]), "latent": st.integers(2, 4),
     "hidden": st.lists(st.integers(1, 5), min_size=1, max_size=2), **CHOSEN},
    optional={"form": st.sampled_from(["dense", "conv"])},
)  # fmt: skip
POINTS = st.sampled_from(["spiral", "blobs", "sine", "plane"])
SPECS = st.one_of(
    st.fixed_dictionaries({"data": st.just(DIGITS), "model": st.one_of(CNNS, ENCODERS)}),
    st.fixed_dictionaries({
        "data": POINTS.map(lambda kind: {"kind": kind, "samples": 12, "test_fraction": 0.0}),
        "model": MLPS,
    }),
)  # fmt: skip


@given(spec=SPECS, step=st.booleans())
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_probe_that_fits_answers(spec: dict[str, Any], *, step: bool) -> None:
    torch.set_num_threads(1)
    try:
        whole = resolve(spec)
    except SpecError:
        return
    one = Trainer(whole)
    if step:
        one.step()
    context = Context.of(one)
    for probe in fitting(whole):
        picture = run_probe(context, probe, {})
        assert picture.plots, probe
        json.dumps(document(picture), allow_nan=False)
        assert encode(picture)
