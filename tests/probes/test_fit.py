"""Which probes fit a run: by its spec alone, as the run's document says."""

from typing import Any

import pytest

from livenet.probes.table import PROBES, fitting
from livenet.spec import resolve
from livenet.store.run import Run
from livenet.store.snapshots import SnapshotStore
from tests.models.every import EVERY, small

RELU = {"activation": "relu"}
TEXT = {"data": {"kind": "characters"}}
PAIRS = {"data": {"kind": "reverse"}}
WAVES = {"data": {"kind": "waves"}}
DECODER = {"kind": "transformer", "form": "decoder"}
ENCODER = {"kind": "transformer", "form": "encoder"}
CASES: list[tuple[str, dict[str, Any], bool]] = [
    ("regions", {"model": RELU}, True),
    ("regions", {"model": {"activation": {"kind": "leaky_relu", "alpha": 0.1}}}, True),
    ("regions", {"model": {"hidden": [4, 4], "activation": ["relu", "tanh"]}}, False),
    ("regions", {"model": RELU | {"features": ["x1", "x1_squared"]}}, False),
    ("regions", {"data": {"kind": "digits"}}, True),
    ("regions", {"data": {"kind": "digits"}, "model": {"activation": "tanh"}}, False),
    ("regions", {"data": {"kind": "digits"}, "model": {"kind": "vae"}}, False),
    ("continuations", TEXT, True),
    ("continuations", TEXT | {"model": DECODER}, True),
    ("continuations", PAIRS | {"model": {"kind": "rnn"}}, True),
    ("continuations", PAIRS | {"model": DECODER}, True),
    ("continuations", PAIRS | {"model": ENCODER}, False),
    ("continuations", WAVES, True),
    ("continuations", WAVES | {"model": DECODER}, False),
    ("continuations", {"data": {"kind": "parity"}}, False),
    ("gates", {"data": {"kind": "parity"}, "model": {"cell": "rnn"}}, False),
    ("gates", {"data": {"kind": "parity"}, "model": {"cell": "gru"}}, True),
    ("confusion", {}, True),
    ("confusion", {"data": {"kind": "sine"}}, False),
    ("filters", {"data": {"kind": "digits"}}, True),
    ("filters", {"data": {"kind": "digits"}, "model": {"blocks": [{"kind": "max_pool"}]}}, False),
    ("equivariance", {"data": {"kind": "digits"}, "model": {"blocks": [{"kind": "dense"}]}}, False),
]


@pytest.mark.parametrize(("probe", "given", "fits"), CASES)
def test_a_probe_fits_by_the_spec(probe: str, given: dict[str, Any], fits: bool) -> None:
    refusal = PROBES[probe].refusal(resolve(given))
    assert (refusal is None) == fits
    if refusal is not None:
        assert refusal.message
        assert refusal.path


@pytest.mark.parametrize("name", EVERY)
def test_the_document_of_a_run_names_the_probes_that_fit(name: str) -> None:
    spec = resolve(small(EVERY[name]))
    found = Run("0123456789ab", "a run", spec, SnapshotStore(1000)).document()["probes"]
    assert found == fitting(spec)
    assert "shapes" in found
