"""What no single field can see: impossible combinations, and what would cost too much."""

from __future__ import annotations

from typing import TYPE_CHECKING

from livenet.errors import SpecError
from livenet.settings import Limits
from livenet.spec.choice import Choice
from livenet.spec.cost import step_seconds
from livenet.spec.features import FEATURES

if TYPE_CHECKING:
    from livenet.spec.run import RunSpec


def check(spec: RunSpec, limits: Limits | None) -> None:
    """Raises SpecError where parts of a spec do not go together or pass a limit."""
    _fits(spec)
    if limits is not None:
        _affordable(spec, limits)


def _fits(spec: RunSpec) -> None:
    data, model, goal = spec.data, spec.model, spec.objective
    for index, name in enumerate(model.features):
        if FEATURES[name].inputs > data.inputs:
            allowed = [row.kind for row in FEATURES.values() if row.inputs <= data.inputs]
            raise SpecError(
                f"model.features has {name!r}, but {data.kind} has one input, x1",
                path=f"model.features.{index}",
                hint=f"Allowed: {', '.join(allowed)}.",
            )
    if len(set(model.features)) < len(model.features):
        raise SpecError(
            f"model.features names a feature twice: {list(model.features)}",
            path="model.features",
            hint="Name each feature once.",
        )
    if not isinstance(model.activation, Choice) and len(model.activation) != len(model.hidden):
        raise SpecError(
            f"model.activation lists {len(model.activation)} activations for "
            f"{len(model.hidden)} hidden layers",
            path="model.activation",
            hint="Give one name for all hidden layers, or one a layer.",
        )
    pairs = zip(spec.widths, model.hidden, strict=False)
    if model.residual and not any(before == after for before, after in pairs):
        raise SpecError(
            f"model.residual is on, but no two neighbouring layers of {list(model.hidden)} are "
            "equally wide",
            path="model.residual",
            hint="Give two neighbouring hidden layers the same width, or switch it off.",
        )
    if data.target == "real" and goal.kind != "gaussian":
        raise SpecError(
            f"objective.kind is {goal.kind!r}, but {data.kind} has a real target",
            path="objective.kind",
            hint="Use 'gaussian', or a data set with classes.",
        )
    if data.target == "classes" and goal.kind == "gaussian":
        raise SpecError(
            f"objective.kind is 'gaussian', but {data.kind} has classes",
            path="objective.kind",
            hint="Use 'bernoulli' for two classes, 'categorical' for more.",
        )
    if goal.kind == "bernoulli" and data.classes != 2:
        raise SpecError(
            f"objective.kind is 'bernoulli', but {data.kind} has {data.classes} classes",
            path="objective.kind",
            hint="Use 'categorical'.",
        )
    size = spec.training.batch_size
    if size is not None and size > data.train_count:
        raise SpecError(
            f"training.batch_size is {size}, but there are {data.train_count} training points",
            path="training.batch_size",
            hint=f"Give at most {data.train_count}, or null for the full batch.",
        )


def _affordable(spec: RunSpec, limits: Limits) -> None:
    most = (
        ("data.samples", spec.data.samples, limits.max_samples, "samples"),
        ("model.hidden", len(spec.model.hidden), limits.max_layers, "hidden layers"),
        *(
            (f"model.hidden.{place}", width, limits.max_width, "units in a layer")
            for place, width in enumerate(spec.model.hidden[: limits.max_layers])
        ),
        ("model.hidden", spec.parameter_count, limits.max_parameters, "parameters"),
        ("training.batch_size", spec.batch_size, limits.max_batch, "examples a step"),
    )
    for path, given, allowed, noun in most:
        if given > allowed:
            raise SpecError(
                f"{path} asks for {given:,} {noun}; this server allows {allowed:,}",
                path=path,
                hint=f"Ask for at most {allowed:,}.",
            )
    seconds = step_seconds(spec)
    if seconds > limits.max_step_seconds:
        raise SpecError(
            f"A step would take about {seconds * 1000:,.0f} ms: {spec.parameter_count:,} "
            f"parameters, {spec.batch_size:,} examples; this server allows "
            f"{limits.max_step_seconds * 1000:,.0f} ms",
            path="training.batch_size",
            hint="Take a smaller batch, fewer layers or fewer units.",
        )
