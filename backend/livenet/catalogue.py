"""All kinds that a spec may name, as one document, made from the tables.

The page's controls, the command ``livenet catalogue`` and the API's documentation use it. It does
not import torch.
"""

from __future__ import annotations

import types
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin

import numpy as np
from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from livenet import __version__
from livenet.data import load
from livenet.presets import PRESETS
from livenet.probes.table import PROBES
from livenet.settings import Limits
from livenet.spec import resolve
from livenet.spec.activations import ACTIVATIONS, Activation, Parameter
from livenet.spec.base import Kind, kind_of
from livenet.spec.choice import Choice
from livenet.spec.data import KINDS as DATA
from livenet.spec.data import DataKind, Images, Points
from livenet.spec.features import FEATURES
from livenet.spec.initializers import INITIALIZERS
from livenet.spec.model import BLOCKS, ModelKind
from livenet.spec.model import KINDS as MODELS
from livenet.spec.objective import KINDS as OBJECTIVES
from livenet.spec.objective import ObjectiveKind
from livenet.spec.optimizer import KINDS as OPTIMIZERS
from livenet.spec.optimizer import SCHEDULES
from livenet.spec.run import DEFAULT_LIMITS, RunSpec
from livenet.spec.training import Regularization, Training

Row = dict[str, Any]
PREVIEW_POINTS = 90
_EDITORS = {
    "blocks": "blocks",
    "features": "features",
    "hidden": "layers",
    "activation": "activations",
    "initializer": "initializers",
    "schedule": "schedules",
}


@cache
def catalogue(limits: Limits = DEFAULT_LIMITS) -> Row:
    """The whole document for a server with these limits; JSON values only."""
    return {
        "version": __version__,
        "default": resolve({}).document(),
        "seed": _knob(RunSpec, "seed", "seed"),
        "arithmetic": _knob(RunSpec, "arithmetic", "arithmetic"),
        "data": [_data(kind, limits) for kind in DATA],
        "models": [_model(kind) for kind in MODELS],
        "blocks": [_kind(kind, "model.blocks") for kind in BLOCKS],
        "features": [
            {"kind": f.kind, "label": f.label, "formula": f.formula, "inputs": f.inputs,
             "linear": f.linear}
            for f in FEATURES.values()
        ],
        "activations": [_activation(row) for row in ACTIVATIONS.values()],
        "initializers": [
            {"kind": row.kind, "label": row.label, "formula": row.formula,
             "explain": row.explain, "knobs": _parameters(row.knobs)}
            for row in INITIALIZERS.values()
        ],
        "objectives": [
            _objective(kind) for kind in OBJECTIVES
        ],
        "optimizers": [_kind(kind, "optimizer") for kind in OPTIMIZERS],
        "schedules": [_kind(kind, "optimizer.schedule") for kind in SCHEDULES],
        "regularization": _knobs(Regularization, "regularization"),
        "training": [_within(knob, limits) for knob in _knobs(Training, "training")],
        "probes": [row.document() for row in PROBES.values()],
        "presets": [row.document() for row in PRESETS.values()],
        "limits": limits.model_dump(),
        "schema": RunSpec.model_json_schema(),
    }  # fmt: skip


def _kind(kind: type[Kind], path: str) -> Row:
    return {
        "kind": kind_of(kind),
        "label": kind.label,
        "explain": kind.explain,
        "formula": kind.formula,
        "knobs": _knobs(kind, path),
        "schema": kind.model_json_schema(),
    }


def _objective(kind: type[ObjectiveKind]) -> Row:
    label, latex = kind.link or ("linear", "")
    return {
        **_kind(kind, "objective"),
        "targets": list(kind.targets),
        "symbol": kind.symbol,
        "shows": kind.shows,
        "prediction": kind.prediction,
        "link": {"label": label, "formula": latex},
        "pixels": kind.pixels,
    }


def _within(knob: Row, limits: Limits) -> Row:
    """A knob whose maximum is a setting of the server."""
    most = {"data.samples": limits.max_samples, "training.batch_size": limits.max_batch}
    return {**knob, "max": most.get(knob["path"], knob["max"])}


def _model(kind: type[ModelKind]) -> Row:
    model = kind.model_validate({})
    fitting = [data.model_validate({}) for data in DATA if data.family in kind.families]
    return {
        **_kind(kind, "model"),
        "families": list(kind.families),
        "objectives": {kind_of(type(data)): list(model.objectives(data)) for data in fitting},
    }


def _data(kind: type[DataKind], limits: Limits) -> Row:
    row = _kind(kind, "data")
    return {
        **row,
        "knobs": [_within(knob, limits) for knob in row["knobs"]],
        "family": kind.family,
        "model": kind.model,
        "target": kind.target,
        "inputs": kind.inputs if issubclass(kind, Points) else None,
        "class_names": list(kind.model_validate({}).names) if issubclass(kind, Images) else None,
        "preview": _preview(kind) if issubclass(kind, Points) else None,
    }


def _preview(kind: type[Points]) -> Row:
    found = load(kind.model_validate({"samples": PREVIEW_POINTS}))
    x = np.concatenate([found.train_x, found.test_x])
    y = np.concatenate([found.train_y, found.test_y])
    return {"x": x.round(2).tolist(), "y": y.round(2).tolist()}


def _activation(row: Activation) -> Row:
    return {
        "kind": row.kind,
        "label": row.label,
        "formula": row.formula,
        "derivative": row.derivative,
        "explain": row.explain,
        "piecewise_linear": row.pieces is not None,
        "knobs": _parameters(row.knobs),
    }


def _parameters(knobs: Mapping[str, Parameter]) -> list[Row]:
    return [
        {"name": name, "default": p.default, "min": p.low, "max": p.high, "symbol": p.symbol,
         "explain": p.explain}
        for name, p in knobs.items()
    ]  # fmt: skip


def _knobs(kind: type[BaseModel], path: str) -> list[Row]:
    return [_knob(kind, name, f"{path}.{name}") for name in kind.model_fields if name != "kind"]


def _knob(kind: type[BaseModel], name: str, path: str) -> Row:
    """The data for a field's control."""
    info = kind.model_fields[name]
    extra = info.json_schema_extra
    hints = extra.get("knob") if isinstance(extra, dict) else None
    assert isinstance(hints, dict), f"{path} has no knob"
    limits = _limits(info.metadata)
    shown = hints["shown"] or [limits.get("min"), limits.get("max")]
    return {
        "path": path,
        "name": name,
        "type": _type(name, info.annotation),
        "choices": _choices(info.annotation),
        "nullable": type(None) in get_args(info.annotation),
        "label": hints["label"],
        "symbol": hints["symbol"],
        "explain": hints["explain"],
        "unit": hints["unit"],
        "default": _plain(info.default),
        "min": None,
        "max": None,
        "exclusive_min": False,
        "exclusive_max": False,
        **limits,
        "shown": shown,
        "step": hints["step"],
        "when": hints["when"],
        "scale": hints["scale"],
        "restart": not hints["live"],
    }


def _limits(metadata: Iterable[Any]) -> Row:
    found: Row = {}
    for part in metadata:
        for name, key in (("ge", "min"), ("gt", "min"), ("le", "max"), ("lt", "max")):
            if (value := getattr(part, name, None)) is not None:
                found[key] = value
                if name in ("gt", "lt"):
                    found[f"exclusive_{key}"] = True
    return found


def _type(name: str, annotation: Any) -> str:
    """The kind of its control: by its type, or by its name if the type is ambiguous."""
    parts = get_args(annotation) if get_origin(annotation) in (Union, types.UnionType) else ()
    plain = next((part for part in parts if part is not type(None)), annotation)
    if get_origin(plain) is Literal:
        return "choice"
    known = {bool: "boolean", int: "integer", float: "number", str: "text"}
    return known[plain] if plain in known else _EDITORS[name]


def _choices(annotation: Any) -> list[str] | None:
    return list(get_args(annotation)) if get_origin(annotation) is Literal else None


def _plain(value: object) -> object:
    if value is PydanticUndefined:
        return None
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if isinstance(value, Choice):
        return value.document()
    return [_plain(one) for one in value] if isinstance(value, tuple) else value
