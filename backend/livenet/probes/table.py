"""What probes there are: their names, what they show, whom they fit, and their options. No torch.

A probe is a row in ``rows.py`` of the folder of what it looks into, and a function of its name in
a file of its name beside it. The page shows a new one, in a tab of its own, for the runs it fits.
"""

from __future__ import annotations

from livenet.probes.autoencoders import rows as autoencoders
from livenet.probes.gradients import rows as gradients
from livenet.probes.images import rows as images
from livenet.probes.networks import rows as networks
from livenet.probes.outputs import rows as outputs
from livenet.probes.regions import rows as regions
from livenet.probes.row import ProbeRow
from livenet.probes.sequences import rows as sequences
from livenet.probes.transformers import rows as transformers
from livenet.spec.run import RunSpec

FOLDERS: dict[str, tuple[ProbeRow, ...]] = {
    "outputs": outputs.ROWS,
    "networks": networks.ROWS,
    "regions": regions.ROWS,
    "gradients": gradients.ROWS,
    "images": images.ROWS,
    "autoencoders": autoencoders.ROWS,
    "sequences": sequences.ROWS,
    "transformers": transformers.ROWS,
}
PROBES = {row.kind: row for rows in FOLDERS.values() for row in rows}


def fitting(spec: RunSpec) -> list[str]:
    """The probes that have something to show of such a run."""
    return [row.kind for row in PROBES.values() if row.suits(spec)]
