"""Every kind that a spec may name has its implementation, in each table that is by kind.

A forgotten entry fails here, and the message names the place.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from importlib import import_module
from pkgutil import iter_modules, walk_packages
from typing import Any, TypeVar, get_args

import pytest
import torch

import livenet.spec
from livenet import pictures, probes
from livenet.data import dataset
from livenet.data.sequences import PAIRED
from livenet.engine.worker.session import ALLOWED
from livenet.models import blocks
from livenet.models.build import FAMILIES
from livenet.models.network import Network
from livenet.probes import fit
from livenet.probes.context import Context
from livenet.probes.outputs import decision
from livenet.probes.regions import piecewise
from livenet.probes.run import FUNCTIONS
from livenet.probes.sequences import answers
from livenet.probes.steps import predictions, step_by_step, update_lines
from livenet.probes.table import FOLDERS, PROBES
from livenet.probes.transformers import ideal
from livenet.spec import activations, features, initializers, resolve
from livenet.spec.base import Kind, kind_of
from livenet.spec.data import KINDS as DATA
from livenet.spec.data import Images, Pairs, Points, Sequences
from livenet.spec.model import BLOCKS, ModelKind
from livenet.spec.model import KINDS as MODELS
from livenet.spec.model.cnn import BlockKind
from livenet.spec.model.cnn_layers import LAYERS, SHORT
from livenet.spec.objective import KINDS as OBJECTIVES
from livenet.spec.objective import ObjectiveKind, Shown
from livenet.spec.optimizer import KINDS as OPTIMIZERS
from livenet.spec.optimizer import SCHEDULES, Descent, ScheduleKind
from livenet.training import likelihoods, objectives, optimizers, pixels
from livenet.wire.parsing import COMMANDS
from tests.models.every import EVERY, small

T = TypeVar("T")
TASKS = [kind for kind in DATA if issubclass(kind, Sequences)]
OF_STEPS = [o for o in OBJECTIVES if any(o.fits(task.model_validate({})) for task in TASKS)]


for _module in walk_packages(livenet.spec.__path__, "livenet.spec."):
    import_module(_module.name)  # a class of a module that nothing imports is a subclass, too


def _subclasses(kind: type[T]) -> set[type[T]]:
    found = set(kind.__subclasses__())
    return found | {one for sub in found for one in _subclasses(sub)}


def _kinds(base: type[Kind]) -> set[type[Kind]]:
    """The classes of a base that a spec can name: those with a ``kind``, and all leaves."""
    found = {one for one in _subclasses(base) if one.__module__.startswith("livenet.")}
    return {one for one in found if "kind" in one.model_fields or not one.__subclasses__()}


def _probes_of(folder: str) -> set[str]:
    """The modules of a folder that define a probe: a function of their own name."""
    package = f"livenet.probes.{folder}"
    found = set()
    for module in iter_modules(import_module(package).__path__):
        function = getattr(import_module(f"{package}.{module.name}"), module.name, None)
        if list(getattr(function, "__annotations__", {})) == ["context", "options", "return"]:
            found.add(module.name)
    return found


UNIONS: dict[str, tuple[type[Kind], tuple[Any, ...]]] = {
    "the union `PointData` in livenet/spec/data/points.py": (Points, DATA),
    "the union `ImageData` in livenet/spec/data/images.py": (Images, DATA),
    "the union `Data` in livenet/spec/data/__init__.py": (Sequences, DATA),
    "the union `Model` in livenet/spec/model/__init__.py": (ModelKind, MODELS),
    "the union `Block` in livenet/spec/model/cnn.py": (BlockKind, BLOCKS),
    "the union `Objective` in livenet/spec/objective.py": (ObjectiveKind, OBJECTIVES),
    "the union `Optimizer` in livenet/spec/optimizer.py": (Descent, OPTIMIZERS),
    "the union `Schedule` in livenet/spec/optimizer.py": (ScheduleKind, SCHEDULES),
}


BLOCK_MODULES = {b for b in _subclasses(blocks.Block) if b is not blocks.Passing}
NETWORKS = {
    one for one in _subclasses(Network) if not one.__subclasses__() or one in objectives.OBJECTIVES
}  # fmt: skip

TABLES: dict[str, tuple[Any, Any]] = {
    "livenet.data (a function marked with @dataset)": (DATA, dataset._makers),
    "livenet.models.build.FAMILIES": (MODELS, FAMILIES),
    "livenet.spec.model.cnn_layers.LAYERS": (BLOCKS, LAYERS),
    "livenet.spec.model.cnn_layers.SHORT": ([kind_of(kind) for kind in BLOCKS], SHORT),
    "livenet.training.objectives.OBJECTIVES": (NETWORKS, objectives.OBJECTIVES),
    "livenet.training.optimizers.OPTIMIZERS": (OPTIMIZERS, optimizers.OPTIMIZERS),
    "livenet.training.likelihoods.OF_EXAMPLES": (OBJECTIVES, likelihoods.OF_EXAMPLES),
    "livenet.training.likelihoods.OF_STEPS": (OF_STEPS, likelihoods.OF_STEPS),
    "livenet.probes.steps.predictions.PREDICTIONS": (OBJECTIVES, predictions.PREDICTIONS),
    "livenet.probes.steps.update_lines.LINES": (OPTIMIZERS, update_lines.LINES),
    "livenet.probes.steps.step_by_step.WALKS": (NETWORKS, step_by_step.WALKS),
    "livenet.training.pixels.OF_PIXELS": ([o for o in OBJECTIVES if o.pixels], pixels.OF_PIXELS),
    "livenet.probes.outputs.decision.MAPS": (get_args(Shown), decision.MAPS),
    "livenet.probes.sequences.answers.ANSWERS": (
        [task for task in TASKS if not issubclass(task, Pairs)], answers.ANSWERS,
    ),
    "livenet.probes.transformers.ideal.IDEALS": (
        [task for task in TASKS if not issubclass(task, Pairs)], ideal.IDEALS,
    ),
    "livenet.data.sequences.PAIRED": (
        [task for task in TASKS if issubclass(task, Pairs)], PAIRED,
    ),
    "livenet.probes.transformers.ideal.PAIRED_PLACES": (
        [task for task in TASKS if issubclass(task, Pairs)], ideal.PAIRED_PLACES,
    ),
    "livenet.probes.regions.piecewise.STEPS": (BLOCK_MODULES, piecewise.STEPS),
    "livenet.probes.fit.CURVED": (
        [kind for kind in MODELS if kind_of(kind) in PROBES["regions"].models], fit.CURVED,
    ),
    "livenet.engine.worker.session.ALLOWED": (COMMANDS, ALLOWED),
    "livenet.probes.table.FOLDERS": (
        [folder.name for folder in iter_modules(probes.__path__) if folder.ispkg], FOLDERS,
    ),
    **{
        f"ROWS in livenet/probes/{folder}/rows.py": (_probes_of(folder), [row.kind for row in rows])
        for folder, rows in FOLDERS.items()
    },
    **{
        place: (_kinds(base), [kind for kind in members if issubclass(kind, base)])
        for place, (base, members) in UNIONS.items()
    },
    "the union `Mark` in livenet/pictures.py": (
        [one for one in vars(pictures).values() if inspect.isclass(one) and hasattr(one, "kind")],
        get_args(pictures.Mark),
    ),
}  # fmt: skip


@pytest.mark.parametrize("place", TABLES)
def test_every_kind_has_its_entry(place: str) -> None:
    kinds, table = TABLES[place]
    wanted = set(kinds)
    assert wanted, place
    missing, unknown = wanted - set(table), set(table) - wanted
    assert not missing, f"add {_names(missing)} to {place}"
    assert not unknown, "; ".join(_advice(kind, place) for kind in unknown)


def _names(kinds: Iterable[Any]) -> str:
    return ", ".join(sorted(getattr(kind, "__name__", str(kind)) for kind in kinds))


def _advice(kind: Any, place: str) -> str:
    """What to do about an entry whose kind is unknown or does not belong to the place."""
    for union, (base, members) in UNIONS.items():
        for one in _kinds(base) - set(members):
            if kind is one or ("kind" in one.model_fields and kind == kind_of(one)):
                return f"add {_names([one])} to {union}, or take it out of {place}"
    return f"take {_names([kind])} out of {place}: there is no such kind there"


def test_every_base_of_kinds_has_its_union() -> None:
    """UNIONS has every base class, so that no union of a spec is left out of the comparison."""
    known = {one for base, _ in UNIONS.values() for one in (base, *_subclasses(base))}
    others = {one for one in _kinds(Kind) if one not in known}
    assert not others, f"add the union of {_names(others)} to UNIONS in tests/test_registries.py"


def test_the_tables_by_kind_are_complete() -> None:
    """What a test by iteration runs over is not empty, and names a kind once."""
    for rows in (activations.ROWS, features.ROWS, initializers.ROWS):
        kinds = [row.kind for row in rows]
        assert len(kinds) == len(set(kinds)) > 1
    for union in (DATA, MODELS, BLOCKS, OBJECTIVES, OPTIMIZERS, SCHEDULES):
        names = [kind_of(kind) for kind in union]
        assert len(names) == len(set(names)) > 1


@pytest.mark.parametrize("probe", PROBES)
def test_a_probe_is_a_function_of_a_context_and_its_options(probe: str) -> None:
    hints = inspect.get_annotations(FUNCTIONS[probe], eval_str=True)
    assert list(hints) == ["context", "options", "return"]
    assert hints["context"] is Context
    assert hints["options"] is PROBES[probe].options
    assert FUNCTIONS[probe].__doc__, f"say in a docstring what {probe} shows"


def test_every_model_is_among_the_cases() -> None:
    """tests/models/every.py has a run of each kind of model."""
    tried = {resolve(small(given)).model.kind for given in EVERY.values()}
    missing = {kind_of(kind) for kind in MODELS} - tried
    assert not missing, f"add a run of {sorted(missing)} to EVERY in tests/models/every.py"


@pytest.mark.parametrize("objective", OBJECTIVES, ids=kind_of)
def test_a_likelihood_says_what_it_predicts(objective: type[ObjectiveKind]) -> None:
    """The mode has the largest probability of all y, and the mean is that of the distribution."""
    data = next(d for d in map(_usual, DATA) if objective.fits(d) and d.family == "points")
    spec = resolve({"data": {"kind": data.kind}, "objective": {"kind": kind_of(objective)}})
    found = likelihoods.likelihood(spec)
    theta = torch.linspace(-3, 3, objective.outputs(data)).view(1, -1) + 0.25
    count = data.classes
    every = torch.arange(count) if count else torch.linspace(-12, 12, 24_001)
    values = every if objective.numbered else every.float()
    log_p = torch.tensor([-float(found.nll(theta, y.view(1))) for y in values])
    p = log_p.exp() / log_p.exp().sum()
    assert float(found.mode(theta)) == pytest.approx(float(values[p.argmax()]), abs=1e-3)
    mean = found.mean(theta).flatten()
    expected = p if len(mean) > 1 else (p * values).sum().view(1)
    torch.testing.assert_close(mean, expected, atol=2e-3, rtol=0)


def _usual(kind: Any) -> Any:
    return kind.model_validate({})
