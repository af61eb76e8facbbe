"""``livenet catalogue``: what a spec may name, as tables or as JSON."""

from __future__ import annotations

import json

from rich.console import Console
from rich.table import Table

from livenet.catalogue import catalogue
from livenet.errors import LivenetError, did_you_mean

SECTIONS = (
    "data", "models", "blocks", "features", "activations", "initializers", "objectives",
    "optimizers", "schedules", "probes", "presets",
)  # fmt: skip


def show(section: str | None, *, as_json: bool) -> None:
    """Prints the catalogue, or one part. Raises LivenetError for a part that is not there."""
    if section is not None and section not in SECTIONS:
        raise LivenetError(
            f"There is no section {section!r}", path="SECTION", hint=did_you_mean(section, SECTIONS)
        )
    whole = catalogue()
    if as_json:
        print(json.dumps(whole[section] if section else whole, indent=1))
        return
    console = Console()
    for name in [section] if section else SECTIONS:
        table = Table(title=name, title_justify="left", box=None, padding=(0, 2, 0, 0))
        table.add_column("kind", style="bold", no_wrap=True)
        table.add_column("what it is")
        table.add_column("knobs")
        for row in whole[name]:
            knobs = ", ".join(f"{k['name']}={k['default']}" for k in row.get("knobs", ()))
            table.add_row(row["kind"], row.get("explain") or row["label"], knobs)
        console.print(table)
