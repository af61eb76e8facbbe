"""The gap between log p(x) and its bound, of a VAE with two latent dimensions.

    log p(x) − ELBO(x) = KL(q(z | x) ‖ p(z | x)),  p(z | x) = p(x | z) p(z) / p(x)

(Kingma and Welling 2014, equation 1). By the midpoint rule, log p(x) is the sum of p(x | z) p(z)
over a fine grid where it is large, and the divergence that of q (log q − log p(z | x)) over a grid
around q. The ELBO takes the mean of log p(x | z) over another grid around q, and KL(q ‖ p(z)) in
closed form, so that both sides of the identity are computed apart: they differ by the rule's error,
which is least where the decoder is smooth. The network is that of testing: no dropout.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log, pi

import numpy as np
import torch
from torch import Tensor

from livenet.models.autoencoder import Vae
from livenet.pictures import Axis, Equation, Heatmap, Line, Mark, Plot, Points, Sign, Term, grid
from livenet.probes.autoencoders.codes import Floats, likelihood
from livenet.probes.batching import batch_size, batches
from livenet.probes.context import Context, payable
from livenet.probes.finite import finite
from livenet.probes.incomplete import first_of, incomplete
from livenet.probes.steps.equations import Named, explained, operand
from livenet.probes.steps.walk import Shown
from livenet.spec.cost import forward_flops
from livenet.training.evidence import kl_by_dimension

MOST_DIMENSIONS = 2
FINEST = 96  # cells of a grid's side
COARSEST = 24  # the same at least, and of those that search
AROUND = 12  # cells of the side of those that search around q
SEARCHES = 3
SECONDS = 0.5  # of all grids, by the cost model
OTHER = 0.9  # the side of the ELBO's grid, as a share of the others'
GRIDS = 4  # that are fine: of log p(x), q, the ELBO and the picture
REACH = 6.0  # of the search, and of q's grid in σ
NEAR = 5.5  # of the ELBO's grid
DEPTH = 25.0  # nats below the largest density, where a grid may end
REMEDY = "Take a smaller decoder."


@dataclass(frozen=True)
class Box:
    """A rectangle of the latent plane."""

    low: Floats
    high: Floats

    def centres(self, side: int) -> Floats:
        """The centres of side × side cells, (side², 2), the first coordinate fastest."""
        lines = [
            a + (np.arange(side) + 0.5) * (b - a) / side
            for a, b in zip(self.low, self.high, strict=True)
        ]
        first, second = np.meshgrid(*lines)
        return np.stack([first.ravel(), second.ravel()], axis=1)

    def cell(self, side: int) -> float:
        """The area of a cell."""
        return float(np.prod((self.high - self.low) / side))


@dataclass(frozen=True)
class Gap:
    """All in nats."""

    log_evidence: float
    """log p(x)."""
    elbo: float
    reconstruction: float
    """E_q[log p(x | z)]."""
    prior_kl: float
    """KL(q(z | x) ‖ p(z))."""
    posterior_kl: float
    """KL(q(z | x) ‖ p(z | x))."""
    entropy: float
    """E_q[−log q]."""
    box: Box
    """Where p(z | x) is not negligible."""


class Plane:
    """log p(x, z) of one image on the latent plane."""

    def __init__(self, context: Context, x: Tensor, y: Tensor) -> None:
        assert isinstance(context.model, Vae)
        self.context, self.model, self.y = context, context.model, y
        with torch.inference_mode():
            mu, log_variance = (part[0].double().cpu() for part in self.model.posterior(x))
        self.mu: Floats = mu.numpy()
        self.sigma: Floats = (0.5 * log_variance).exp().numpy()
        self.prior_kl = float(kl_by_dimension(mu, log_variance).sum())
        self.done = self.asked = 0

    def log_likelihood(self, z: Floats) -> Floats:
        """log p(x | z) of codes (N, 2); NaN of those that the budget left out."""
        given = torch.from_numpy(z).to(self.y)
        found: Floats = np.full(len(z), np.nan)
        self.asked += len(z)
        with torch.inference_mode():
            for some in batches(self.context.budget, len(z), batch_size(self.context)):
                theta = self.model.decode(given[some])
                images = self.y.expand(len(theta), *self.y.shape[1:])
                found[some] = likelihood(self.context).each(theta, images).cpu().numpy()
                self.done += some.stop - some.start
        return found

    def log_joint(self, z: Floats) -> Floats:
        """log p(x, z)."""
        found: Floats = self.log_likelihood(z) - 0.5 * (z**2).sum(1) - log(2 * pi)
        return found

    def log_q(self, z: Floats) -> Floats:
        distance = ((z - self.mu) / self.sigma) ** 2
        found: Floats = -0.5 * distance.sum(1) - np.log(self.sigma).sum() - log(2 * pi)
        return found

    def around_q(self, reach: float) -> Box:
        return Box(self.mu - reach * self.sigma, self.mu + reach * self.sigma)

    def weighted(self, reach: float, side: int) -> tuple[Floats, Floats]:
        """Codes (side², 2) up to ``reach`` σ from μ, and q's share of each."""
        z = self.around_q(reach).centres(side)
        log_q = self.log_q(z)
        share = np.exp(log_q - log_q.max())
        return z, share / share.sum()


def gap(plane: Plane, side: int) -> Gap:
    """Both sides of the identity, from grids of side × side cells."""
    box = _searched(plane)
    joint = plane.log_joint(box.centres(side))
    log_evidence = _log_sum(joint) + log(box.cell(side))
    z, share = plane.weighted(REACH, side)
    log_q = plane.log_q(z)
    posterior = plane.log_joint(z) - log_evidence
    other, mass = plane.weighted(NEAR, int(OTHER * side))
    reconstruction = float(mass @ plane.log_likelihood(other))
    return Gap(
        log_evidence=log_evidence,
        elbo=reconstruction - plane.prior_kl,
        reconstruction=reconstruction,
        prior_kl=plane.prior_kl,
        posterior_kl=float(share @ (log_q - posterior)),
        entropy=float(-share @ log_q),
        box=box,
    )


def _searched(plane: Plane) -> Box:
    """Where p(x, z) is within DEPTH of its largest value: searched around the prior and q, then
    again where it was found."""
    wide = plane.around_q(REACH)
    box = Box(np.minimum(wide.low, -REACH), np.maximum(wide.high, REACH))
    for _ in range(SEARCHES):
        z = np.concatenate([box.centres(COARSEST), wide.centres(AROUND)])
        values = plane.log_joint(z)
        if not np.isfinite(values).any():
            return box
        near = z[np.nan_to_num(values, nan=-np.inf) >= np.nanmax(values) - DEPTH]
        margin = (box.high - box.low) / COARSEST
        box = Box(near.min(0) - margin, near.max(0) + margin)
    return box


def _log_sum(values: Floats) -> float:
    peak = float(values.max())
    return peak + float(np.log(np.exp(values - peak).sum()))


def bound(context: Context, x: Tensor, y: Tensor, z: Tensor) -> Shown:
    """What the bound leaves out, for x and y (1, 1, H, W) and the code z (2,).

    Plots: ``posterior``, p(z | x) with q at one and two σ, and z; ``gap`` and ``divergence``, the
    two sides of the identity, unless the budget ends before. Facts, in nats: ``log_evidence``,
    ``elbo``, their difference ``gap``, and ``divergence``; ``side``, the cells of a grid's side.
    """
    plane = Plane(context, x, y)
    fitting = payable(forward_flops(context.spec), SECONDS) - SEARCHES * (COARSEST**2 + AROUND**2)
    side = int(np.clip((max(fitting, 0) / GRIDS) ** 0.5, COARSEST, FINEST))
    found = gap(plane, side)
    complete = plane.done == plane.asked
    window = _window(plane, found.box)
    density = np.exp(plane.log_joint(window.centres(side)) - found.log_evidence)
    missing = first_of(context, plane.done, plane.asked, "codes of a grid", REMEDY)
    plots = [_heatmap(plane, density.reshape(side, side), window, z)]
    if complete:
        elbo = f"{found.elbo:.3g}".replace("-", "−")
        title = f"What the bound leaves out (ELBO {elbo} nats, the mean over q)"
        plots.append(Plot("gap", (_gap(found),), title=title))
        title = "How far q is from the true posterior"
        plots.append(Plot("divergence", (_divergence(found),), title=title))
    facts = {
        "log_evidence": finite(found.log_evidence),
        "elbo": finite(found.elbo),
        "gap": finite(found.log_evidence - found.elbo),
        "divergence": finite(found.posterior_kl),
        "side": side,
        **incomplete(missing),
    }
    return Shown(tuple(plots), facts)


def _window(plane: Plane, box: Box) -> Box:
    """A square that holds q up to 3 σ, and the posterior."""
    own = plane.around_q(3.0)
    low, high = np.minimum(own.low, box.low), np.maximum(own.high, box.high)
    middle, half = (low + high) / 2, float((high - low).max()) / 2
    return Box(middle - half, middle + half)


def _heatmap(plane: Plane, density: Floats, window: Box, z: Tensor) -> Plot:
    peak = float(np.nan_to_num(density).max(initial=0.0))
    angle = np.linspace(0.0, 2 * np.pi, 97)
    rings = tuple(
        Line(
            grid(plane.mu[0] + r * plane.sigma[0] * np.cos(angle)),
            grid(plane.mu[1] + r * plane.sigma[1] * np.sin(angle)),
            color="accent",
            label="q(z | x)" if r == 1 else "",
            dashed=r == 2,
        )
        for r in (1, 2)
    )
    at = z.detach().double().cpu().numpy()
    marks: tuple[Mark, ...] = (
        Heatmap(grid(density), 0.0, max(peak, 1e-12), colors="sequential", label="p(z | x)"),
        *rings,
        Points(grid(at[:1]), grid(at[1:]), grid(np.zeros(1)), label="z"),
    )
    return Plot(
        "posterior",
        marks,
        title="p(z | x), and q(z | x) at σ and 2σ",
        note="without dropout",
        x=Axis("z₁", float(window.low[0]), float(window.high[0])),
        y=Axis("z₂", float(window.low[1]), float(window.high[1])),
        equal=True,
    )


def _number(symbol: str, value: float) -> Named:
    return Named(symbol, np.array([[value]]))


def _gap(found: Gap) -> Equation:
    """log p(x) − ELBO, with the ELBO's two parts."""
    evidence = _number(r"\log p(x)", found.log_evidence)
    expected = _number(r"\mathbb E_q[\log p(x \mid z)]", found.reconstruction)
    kl = _number(r"\mathrm{KL}(q \,\|\, p(z))", found.prior_kl)
    items = (
        operand(evidence, 0, 0), Sign(r"- \big("), operand(expected, 0, 0), Sign("-"),
        operand(kl, 0, 0), Sign(r"\big)"),
    )  # fmt: skip
    terms = (
        Term(evidence.symbol, "", found.log_evidence, ((2, 0, 0),)),
        Term(f"-{expected.symbol}", "", -found.reconstruction, ((4, 0, 0),)),
        Term(kl.symbol, "", found.prior_kl, ((6, 0, 0),)),
    )
    formula = r"\log p(x) - \mathrm{ELBO} = \mathrm{KL}(q(z \mid x) \,\|\, p(z \mid x))"
    result = _number(r"\text{gap}", found.log_evidence - found.elbo)
    return explained(result, items, terms, formula=formula, at=(0, 0))


def _divergence(found: Gap) -> Equation:
    """KL(q ‖ p(z | x)) = −E_q[log p(z | x)] − H(q)."""
    cross = found.posterior_kl + found.entropy
    one = _number(r"\mathbb E_q[-\log p(z \mid x)]", cross)
    two = _number(r"\mathbb E_q[-\log q(z \mid x)]", found.entropy)
    items = (operand(one, 0, 0), Sign("-"), operand(two, 0, 0))
    terms = (
        Term(one.symbol, "", cross, ((2, 0, 0),)),
        Term(f"-{two.symbol}", "", -found.entropy, ((4, 0, 0),)),
    )
    formula = (
        r"\mathrm{KL}(q(z \mid x) \,\|\, p(z \mid x)) ="
        r" \mathbb E_q[\log q(z \mid x) - \log p(z \mid x)]"
    )
    result = _number(r"\mathrm{KL}", found.posterior_kl)
    return explained(result, items, terms, formula=formula, at=(0, 0))
