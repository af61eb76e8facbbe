"""``livenet run``: trains one run in this process, with a progress bar of its losses."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from time import perf_counter
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from livenet.errors import LivenetError, SpecError
from livenet.refusals import parsed
from livenet.settings import Settings
from livenet.spec import resolve

DEFAULT_STEPS = 5000  # for a spec without a number of steps


def run(source: str, *, steps: int | None, as_json: bool, weights: Path | None) -> None:
    """Trains the spec in a file (or "-", standard input), and prints the result.

    Raises SpecError for an invalid spec, LivenetError for an invalid file, Diverged if training
    diverges.
    """
    document = _read(source)
    course = document.get("training", {}) if isinstance(document, dict) else None
    if steps is not None and isinstance(course, dict):
        document = {**document, "training": {**course, "steps": steps}}
    if weights and not weights.parent.is_dir():  # checked before the training
        raise LivenetError(
            f"{weights} cannot be written: {weights.parent} is not a folder", path="--weights"
        )
    spec = resolve(document, Settings.from_environment().limits)

    from safetensors import SafetensorError
    from safetensors.numpy import save_file

    from livenet.training import Trainer, arithmetic

    goal = spec.training.steps or DEFAULT_STEPS
    arithmetic.settle()
    trainer = Trainer(spec)
    start = perf_counter()
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    console = Console(stderr=True)
    with Progress(*columns, console=console, disable=as_json and not console.is_terminal) as bar:
        task = bar.add_task("training", total=goal)
        shown = 0.0
        while trainer.step_count < goal or trainer.evaluation is not None:
            row = trainer.work(goal - trainer.step_count)
            now = perf_counter()
            if row and now - shown > 0.1:
                shown = now
                bar.update(task, completed=row.step, description=_losses(row.metrics))
        bar.update(task, completed=goal, description=_losses(trainer.metrics()))
    if weights:
        try:
            save_file(trainer.weights(), weights)
        except (OSError, SafetensorError) as error:
            raise LivenetError(f"{weights} cannot be written: {error}", path="--weights") from error
    result = {
        "step": trainer.step_count,
        "epoch": trainer.epoch,
        "seconds": round(perf_counter() - start, 3),
        "metrics": trainer.metrics(),
        "spec": spec.document(),
    }
    if as_json:
        print(json.dumps(result, indent=2))
    else:
        _print(result)


def _read(source: str) -> Any:
    try:
        data = sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes()
    except OSError as error:
        raise LivenetError(
            f"{source} cannot be read: {error}", path="SPEC", hint="Name a JSON file, or -."
        ) from error
    return parsed(data, source, SpecError, hint="{} is the shortest spec.")


def _losses(metrics: Any) -> str:
    parts = (("train", metrics["train_loss"]), ("test", metrics["test_loss"]))
    return "  ".join(f"{name} {value:.4g}" for name, value in parts if value is not None)


def _print(result: dict[str, Any]) -> None:
    print(f"step {result['step']:,}, epoch {result['epoch']:g}, {result['seconds']:g} s")
    known = {name: value for name, value in result["metrics"].items() if value is not None}
    width = max(map(len, known))
    for name, value in known.items():
        print(f"  {name.replace('_', ' '):<{width}} {value:.4g}")
