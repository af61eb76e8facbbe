"""The loss of each example of a batch, and its derivatives: what an update is made of.

A family whose loss is not the negative log-likelihood of its θ has a line in ``LOSSES``.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy

import torch
from torch import Tensor

from livenet.models import Network, StepRandom
from livenet.models.autoencoder import Vae
from livenet.probes.context import Context
from livenet.probes.steps import evidence
from livenet.probes.steps.update import Gradients
from livenet.training.objectives import objective
from livenet.training.upcoming import Upcoming

Losses = Callable[[Context, Network, Tensor, Tensor, StepRandom | None, int], Tensor]
"""The loss of each example (B,), for a copy of the context's model, x (B, …) and y (B, …); with
random numbers as in the step, without as in testing, where ``row`` is the first example's number.
"""


def predicted(
    context: Context, model: Network, x: Tensor, y: Tensor, draws: StepRandom | None, row: int
) -> Tensor:
    """−log p(y | θ) of each example."""
    theta = model(x, draws)
    each = [context.likelihood.nll(theta[i : i + 1], y[i : i + 1]) for i in range(len(theta))]
    return torch.stack(each)


LOSSES: dict[type[Network], Losses] = {
    Vae: evidence.losses,
}


def losses_of(model: Network) -> Losses:
    """The losses of a model's family."""
    return LOSSES.get(type(model), predicted)


def gradients(context: Context, upcoming: Upcoming) -> Gradients:
    """The minibatch's, as the step computes them, and those of each example's loss.

    One entry's derivatives of all examples' losses take two passes back, the second through the
    first. They include what an example's loss owes to others through a batch norm.
    """
    model = _copied(context)
    objective(context.spec, model).descend(context.spec, upcoming.x, upcoming.y, upcoming.draws())
    mean = {name: p.grad for name, p in model.named_parameters() if p.grad is not None}
    return Gradients(mean, lambda name, index: _each(context, upcoming, name, index))


def _copied(context: Context) -> Network:
    model = deepcopy(context.model)
    for parameter in model.parameters():
        parameter.grad = torch.zeros_like(parameter)
    return model


def _each(context: Context, upcoming: Upcoming, name: str, index: tuple[int, ...]) -> Tensor:
    """∂ℓ_i/∂w (B,) of one entry of a parameter: Σ_i v_i ∂ℓ_i/∂w, differentiated by v."""
    model = deepcopy(context.model)
    weight = model.get_parameter(name)
    x, y = upcoming.x, upcoming.y
    with torch.enable_grad():
        each = losses_of(model)(context, model, x, y, upcoming.draws(), 0)  # (B,)
        v = torch.ones_like(each, requires_grad=True)
        (total,) = torch.autograd.grad(each, weight, v, create_graph=True)
        (found,) = torch.autograd.grad(total[index], v)
    return found.detach()
