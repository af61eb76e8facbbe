"""What the layers of a recurrent network say of themselves."""

from __future__ import annotations

import re

import pytest

from livenet.spec import resolve
from livenet.spec.model.rnn import GATES
from livenet.spec.model.rnn_layers import rnn_layers


@pytest.mark.parametrize("cell", GATES)
def test_the_output_has_a_name_of_its_own(cell: str) -> None:
    """z_t is a gate of the GRU, o_t one of the LSTM: neither is what the output layer gives."""
    spec = resolve({"data": {"kind": "parity"}, "model": {"kind": "rnn", "cell": cell}})
    cells, output = rnn_layers(spec)[0], rnn_layers(spec)[-1]
    given = output.formula.split("=")[0]
    assert given not in re.findall(r"\\?\w+", cells.formula)
    assert given not in {f"{gate}_t" for gate in GATES[spec.model.cell]}  # type: ignore[union-attr]
