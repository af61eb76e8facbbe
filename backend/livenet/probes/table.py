"""The table of probes: their names, what they show, the runs they fit, and their options. No torch.

A probe is a row in ``rows.py`` of the folder of its subject, and a function of its name in a file
of its name beside it. The page shows a new probe in a tab of its own for the runs that it fits.
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
from livenet.probes.steps import rows as steps
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
    "steps": steps.ROWS,
}
PROBES = {row.kind: row for rows in FOLDERS.values() for row in rows}


def fitting(spec: RunSpec) -> list[str]:
    """The probes that fit such a run."""
    return [row.kind for row in PROBES.values() if row.suits(spec)]
