"""What probes there are: their names, what they show, whom they fit, and their options. No torch.

To add one: a row and its options in a file of livenet.probes.rows, a function in a file of its name
beside this one, and its line in livenet.probes.run.
"""

from __future__ import annotations

from livenet.probes.rows import autoencoders, gradients, images, points, sequences, transformers
from livenet.probes.rows.base import ProbeRow
from livenet.spec.run import RunSpec

ROWS: tuple[ProbeRow, ...] = (
    *points.ROWS,
    *images.ROWS,
    *autoencoders.ROWS,
    *gradients.ROWS,
    *sequences.ROWS,
    *transformers.ROWS,
)
PROBES = {row.kind: row for row in ROWS}


def fitting(spec: RunSpec) -> list[str]:
    """The probes that have something to show of such a run."""
    return [row.kind for row in ROWS if row.suits(spec)]
