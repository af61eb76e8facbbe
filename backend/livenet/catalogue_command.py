"""``livenet catalogue``: what a spec may name, as tables or as JSON."""

from __future__ import annotations

import json
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from livenet.catalogue import catalogue
from livenet.errors import LivenetError, did_you_mean

SECTIONS = (
    "data", "models", "blocks", "features", "activations", "initializers", "objectives",
    "optimizers", "schedules", "probes", "presets",
)  # fmt: skip
COLUMNS = {"features": (), "probes": ("fits", "options"), "presets": ()}  # else "knobs" alone


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
        for column in COLUMNS.get(name, ("knobs",)):
            table.add_column(column)
        for row in whole[name]:
            cells = (Text(_cell(row, column)) for column in COLUMNS.get(name, ("knobs",)))
            table.add_row(row["kind"], row.get("explain") or row["label"], *cells)
        console.print(table)


def _cell(row: dict[str, Any], column: str) -> str:
    match column:
        case "knobs":
            return ", ".join(f"{k['name']}={_brief(k['default'])}" for k in row.get("knobs", ()))
        case "options":
            return ", ".join(row["options"]["properties"])
        case _:
            return str(row[column])


def _brief(value: object) -> str:
    """A default as it may stand in a spec; of what has a kind, the kind alone."""
    if isinstance(value, dict) and "kind" in value:
        return str(value["kind"])
    if isinstance(value, list):
        return f"[{', '.join(map(_brief, value))}]"
    return value if isinstance(value, str) and value else json.dumps(value)
