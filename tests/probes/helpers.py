"""Looking at a run in a test: a context, a probe's picture, its marks, biases drawn too."""

import json
from typing import Any, TypeVar

import torch

from livenet.models import Mlp
from livenet.pictures import Picture
from livenet.probes.context import Context
from livenet.probes.run import run_probe
from livenet.spec import resolve
from livenet.training import Trainer
from livenet.training.streams import stream
from livenet.wire.frame import document

M = TypeVar("M")

OBJECTIVES: dict[str, dict[str, Any]] = {
    "bernoulli": {"data": {"kind": "spiral", "samples": 40}},
    "categorical": {"data": {"kind": "blobs", "samples": 40, "count": 3}},
    "gaussian": {"data": {"kind": "bumps", "samples": 40}},
    "line": {"data": {"kind": "sine", "samples": 40}},
}


def trained(document: dict[str, Any], steps: int = 3) -> Trainer:
    """A trainer a few steps on; every bias is drawn, so that a test sees where it goes."""
    one = Trainer(resolve(document))
    for name, p in one.parameters().items():
        if name.endswith("bias"):
            p.normal_(0.0, 0.5, generator=stream(0, name))
    for _ in range(steps):
        one.step()
    return one


def mlp_of(one: Trainer) -> Mlp:
    assert isinstance(one.model, Mlp)
    return one.model


def picture_of(one: Trainer, probe: str, **options: Any) -> Picture:
    return run_probe(Context.of(one), probe, options)


def mark(picture: Picture, kind: type[M], plot: str | None = None) -> M:
    """The one mark of a kind, in one plot or in all."""
    (found,) = (
        m for p in picture.plots if plot in (None, p.id) for m in p.marks if isinstance(m, kind)
    )
    return found


def parameters(one: Trainer) -> dict[str, Any]:
    return {name: p.detach().double().numpy() for name, p in one.parameters().items()}


def everything(one: Trainer) -> tuple[Any, ...]:
    """All that a probe could disturb, to the bit."""
    kept = one.snapshot()
    return (
        (kept.spec, kept.step, kept.epoch, kept.position),
        kept.phi.tobytes(),
        {name: value.tobytes() for name, value in kept.state.items()},
        one.flat.gradient.numpy().tobytes(),
        torch.get_rng_state().numpy().tobytes(),
    )


def content(picture: Picture) -> str:
    """A picture as text, every number in full. (A frame's header is in no certain order.)"""
    return json.dumps(document(picture))
