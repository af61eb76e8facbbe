"""The catalogue: every row there, documented, in JSON, and true to what the spec does."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from livenet.catalogue import catalogue
from livenet.errors import CommandError
from livenet.presets import PRESETS
from livenet.probes.table import PROBES
from livenet.settings import Limits
from livenet.spec import changed, live_paths, resolve
from livenet.spec.activations import ACTIVATIONS
from livenet.spec.data import KINDS as DATA
from livenet.spec.features import FEATURES
from livenet.spec.initializers import INITIALIZERS
from livenet.spec.model import BLOCKS
from livenet.spec.model import KINDS as MODELS
from livenet.spec.objective import KINDS as OBJECTIVES
from livenet.spec.optimizer import KINDS as OPTIMIZERS
from livenet.spec.optimizer import SCHEDULES

ROOT = Path(__file__).parents[1]

TABLES: dict[str, list[str]] = {
    "data": [kind.model_fields["kind"].default for kind in DATA],
    "models": [kind.model_fields["kind"].default for kind in MODELS],
    "blocks": [kind.model_fields["kind"].default for kind in BLOCKS],
    "features": list(FEATURES),
    "activations": list(ACTIVATIONS),
    "initializers": list(INITIALIZERS),
    "objectives": [kind.model_fields["kind"].default for kind in OBJECTIVES],
    "optimizers": [kind.model_fields["kind"].default for kind in OPTIMIZERS],
    "schedules": [kind.model_fields["kind"].default for kind in SCHEDULES],
    "probes": list(PROBES),
    "presets": list(PRESETS),
}
ROWS = [(table, row) for table in TABLES for row in catalogue()[table]]
KINDS_WITH_KNOBS = ("data", "models", "blocks", "objectives", "optimizers", "schedules")


def _knobs() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every control of the page, with the kind that it belongs to."""
    for table in KINDS_WITH_KNOBS:
        for row in catalogue()[table]:
            for knob in row["knobs"]:
                yield row["kind"], knob
    for section in ("regularization", "training"):
        for knob in catalogue()[section]:
            yield "", knob
    yield "", catalogue()["seed"]


KNOBS = list(_knobs())


def test_it_is_json() -> None:
    assert json.loads(json.dumps(catalogue(), allow_nan=False)) == catalogue()


@pytest.mark.parametrize("table", TABLES)
def test_every_row_of_every_table_is_listed(table: str) -> None:
    assert [row["kind"] for row in catalogue()[table]] == TABLES[table]


@pytest.mark.parametrize(("table", "row"), ROWS, ids=lambda v: v if isinstance(v, str) else None)
def test_every_row_is_documented(table: str, row: dict[str, Any]) -> None:
    assert row["label"]
    if table != "features":
        explain = row["explain"]
        assert len(explain) > 10
        assert explain.endswith(".")
        assert "\n" not in explain
    if table not in ("probes", "presets"):
        assert row["formula"]
        assert row["formula"].count("{") == row["formula"].count("}")
    if table in KINDS_WITH_KNOBS:
        assert row["schema"]["properties"]["kind"]["const"] == row["kind"]


@pytest.mark.parametrize(("kind", "knob"), KNOBS, ids=[f"{k}:{n['path']}" for k, n in KNOBS])
def test_every_knob_says_what_a_control_needs(kind: str, knob: dict[str, Any]) -> None:
    assert knob["label"]
    assert knob["explain"].endswith(".")
    assert knob["scale"] in ("linear", "log")
    if knob["type"] not in ("integer", "number"):
        return
    low, high = knob["shown"]
    assert low is not None
    assert high is not None
    assert low < high
    assert knob["min"] <= low
    assert high <= knob["max"]
    if knob["scale"] == "log":
        assert low > 0
    if knob["default"] is not None:
        assert knob["min"] <= knob["default"] <= knob["max"]


@pytest.mark.parametrize(("kind", "knob"), KNOBS, ids=[f"{k}:{n['path']}" for k, n in KNOBS])
def test_live_and_restarting_are_told_apart_as_the_spec_does(
    kind: str, knob: dict[str, Any]
) -> None:
    section = knob["path"].split(".")[0]
    document: dict[str, Any] = {}
    if knob["path"].startswith("optimizer.schedule."):
        document = {"optimizer": {"schedule": {"kind": kind}}}
    elif section == "objective":
        data = {"gaussian": "sine", "categorical": "blobs", "bernoulli": "xor"}[kind]
        document = {"data": {"kind": data}, "objective": {"kind": kind}}
    elif section == "model" and knob["path"].startswith("model.blocks."):
        document = {"model": {"kind": "cnn", "blocks": [{"kind": kind}]}}
    elif kind:
        document = {section: {"kind": kind}}
    spec = resolve(document, limits=None)
    assert knob["restart"] == (knob["path"] not in live_paths(spec))
    if knob["restart"]:
        with pytest.raises(CommandError) as caught:
            changed(spec, {knob["path"]: knob["default"]}, limits=None)
        assert caught.value.path == knob["path"]


@pytest.mark.parametrize("table", KINDS_WITH_KNOBS)
def test_what_a_knob_depends_on_is_a_choice_beside_it(table: str) -> None:
    for row in catalogue()[table]:
        beside = {knob["name"]: knob for knob in row["knobs"]}
        for knob in row["knobs"]:
            for name, values in knob["when"].items():
                assert set(values) < set(beside[name]["choices"])


def test_objectives_are_those_that_a_spec_may_have() -> None:
    for row in catalogue()["models"]:
        for data in catalogue()["data"]:
            allowed = row["objectives"].get(data["kind"])
            assert (allowed is not None) == (data["family"] in row["families"])
            if allowed and not data["kind"].endswith("mnist"):  # whose files may not be there
                for kind in allowed:
                    resolve({"data": {"kind": data["kind"]}, "model": {"kind": row["kind"]},
                             "objective": {"kind": kind}})  # fmt: skip


def test_every_live_path_has_a_control() -> None:
    controls = {knob["path"] for _, knob in KNOBS}
    for kind in TABLES["optimizers"]:
        for schedule in TABLES["schedules"]:
            spec = resolve({"optimizer": {"kind": kind, "schedule": {"kind": schedule}}})
            paths = set(live_paths(spec)) - {"optimizer.schedule.kind"}
            assert paths <= controls


def test_defaults_are_those_of_the_empty_spec() -> None:
    assert catalogue()["default"] == resolve({}).document()
    assert catalogue()["limits"] == Limits().model_dump()


@pytest.mark.parametrize("row", catalogue()["data"], ids=TABLES["data"])
def test_every_set_of_points_has_a_preview_of_itself(row: dict[str, Any]) -> None:
    preview = row["preview"]
    if row["family"] != "points":
        assert preview is None
        return
    assert len(preview["x"]) == len(preview["y"]) > 50
    assert {len(point) for point in preview["x"]} == {row["inputs"]}
    if row["target"] == "classes":
        assert set(preview["y"]) <= set(range(8))


@pytest.mark.parametrize("row", catalogue()["data"], ids=TABLES["data"])
def test_a_kind_alone_is_a_spec_with_the_defaults_that_are_listed(row: dict[str, Any]) -> None:
    section = resolve({"data": {"kind": row["kind"]}}, limits=None).document()["data"]
    assert section == {"kind": row["kind"]} | {k["name"]: k["default"] for k in row["knobs"]}


@pytest.mark.parametrize("row", catalogue()["optimizers"], ids=TABLES["optimizers"])
def test_an_optimizer_alone_has_the_defaults_that_are_listed(row: dict[str, Any]) -> None:
    section = resolve({"optimizer": {"kind": row["kind"]}}).document()["optimizer"]
    assert section == {"kind": row["kind"]} | {k["name"]: k["default"] for k in row["knobs"]}


def test_the_schema_is_that_of_a_whole_spec() -> None:
    assert set(catalogue()["schema"]["properties"]) == set(resolve({}).document())


def test_the_settings_that_presentation_mode_shows_first_are_there() -> None:
    """The page names some knobs by their paths: a renamed one would be left out without a word."""
    place = "frontend/app/state/quick-settings.js"
    source = (ROOT / place).read_text()
    named = re.search(r"const DEFAULTS = \[([^\]]*)\]", source)
    assert named
    rows = catalogue()
    tables = ("data", "models", "objectives", "optimizers")
    knobs = [knob for table in tables for row in rows[table] for knob in row["knobs"]]
    paths = {knob["path"] for knob in [*knobs, *rows["regularization"], *rows["training"]]}
    missing = set(re.findall(r'"([^"]+)"', named[1])) - paths
    assert not missing, f"{place}: DEFAULTS has {missing}, which no spec has"
