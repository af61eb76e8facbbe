"""Batch norm and layer norm: mean, variance, x̂ and γ x̂ + β, and the way back through them.

With s = √(σ² + ε) and m values that share a mean and a variance, for g = γ ∂ℓ/∂z,

    ∂ℓ/∂h = (g − mean(g) − x̂ mean(g x̂)) / s,

and g/s alone where mean and variance are constants, as the running ones are in testing (Ioffe and
Szegedy 2015, section 3).
"""

from __future__ import annotations

import numpy as np
from torch import Tensor

from livenet.models.norms import EPSILON, BatchNorm, LayerNorm
from livenet.pictures import Equation, Operand, Plot, Sign, Term
from livenet.probes.steps.equations import (
    Named,
    array,
    explained,
    factor,
    largest,
    number,
    operand,
)
from livenet.probes.steps.operations.moments import Moments, normalized
from livenet.probes.steps.operations.operation import (
    Operation,
    Place,
    Value,
    Written,
    map_of,
)
from livenet.probes.steps.operations.sums import elsewhere, products


class Normalization(Operation):
    """z = γ x̂ + β. ``training`` says whether a batch norm takes the batch's statistics."""

    def __init__(
        self,
        source: Value,
        result: Value,
        norm: BatchNorm | LayerNorm,
        name: str,
        layer: str,
        training: bool,
    ) -> None:
        super().__init__(source, result)
        self.norm, self.name = norm, name
        self.gamma, self.beta = rf"\gamma^{{({layer})}}", rf"\beta^{{({layer})}}"
        h = source.tensor
        # As the model has it: a single value per channel has no variance.
        self.running = isinstance(norm, BatchNorm) and (not training or h.numel() == h.shape[1])

    @property
    def ties(self) -> bool:
        return isinstance(self.norm, BatchNorm) and not self.running

    def _moments_of(self, place: Place, channel: int) -> Moments:
        running = self.running
        return Moments.of(self.source.tensor, self.norm, place.example, channel, running=running)

    def _normal(self) -> Tensor:
        return normalized(self.source.tensor, self.norm, running=self.running)

    def _channel(self, place: Place) -> int:
        shape = self.result.tensor.shape
        return place.out(shape[1]) if len(shape) == 4 else place.row_of(shape[1])

    def _map(self, symbol: str, tensor: Tensor, place: Place) -> Named:
        """The channel of maps, or the vector, of the example."""
        own = tensor[place.example]
        if own.dim() == 1:
            return Named(symbol, array(own))
        return map_of(symbol, own, self._channel(place))

    # Forward

    def forward(self, place: Place) -> list[Plot]:
        channel = self._channel(place)
        found = self._moments_of(place, channel)
        return [
            *(self._fixed(channel) if self.running else self._moments(found, channel)),
            Plot("normal", (self._normalized(place, found, channel),), title="Normalize"),
            Plot("z", (self._scaled(place, channel),), title="Scale and shift"),
        ]

    def _fixed(self, channel: int) -> list[Plot]:
        assert isinstance(self.norm, BatchNorm)
        mean = Named(r"\mu", array(self.norm.mean), note="running mean")
        variance = Named(r"\sigma^2", array(self.norm.variance), note="running variance")
        items = (operand(mean, channel, 0), Sign(","), operand(variance, channel, 0))
        mark = Equation(r"\mu,\ \sigma^2 \text{ of past minibatches}", items)
        return [Plot("moments", (mark,), title="Running statistics, one a channel")]

    def _moments(self, found: Moments, channel: int) -> list[Plot]:
        batch = isinstance(self.norm, BatchNorm)
        letter, count = ("n", "B") if batch else ("c", "C")
        over = r"\text{ over the batch, at every place}" if batch else r"\text{ over all values}"
        name = f"_{{{channel + 1}}}" if batch else ""
        plots = []
        for plot, symbol, part, value, members, title in (
            ("mean", rf"\mu{name}", r"\bar h", found.mean, found.means, "The mean"),
            ("variance", rf"\sigma^2{name}", "v", found.variance, found.spreads, "The variance"),
        ):
            parts = Named(part, array(members), note="each example" if batch else "each channel")
            formula = (
                rf"{symbol} = \tfrac1{{{count}}} \sum_{letter} {part}_{letter},\quad"
                + (rf" {part}_{letter} = \text{{mean of }} h" if plot == "mean" else
                   rf" {part}_{letter} = \text{{mean of }} (h - \mu)^2")
                + over
            )  # fmt: skip
            mark = _mean(Named(symbol, np.array([[value]])), parts, formula)
            plots.append(Plot(plot, (mark,), title=title))
        return plots

    def _normalized(self, place: Place, found: Moments, channel: int) -> Equation:
        h, at = self.source.shown(place, channel)
        normal = self._map(r"\hat x", self._normal(), place)
        value, root = h.at(*at), found.root
        text = rf"\sqrt{{{number(found.variance)} + {number(EPSILON)}}}"
        below = r"\sqrt{\sigma^2 + \varepsilon}"
        terms = (
            Term(
                rf"\frac{{{h.entry(*at)}}}{{{below}}}",
                rf"\frac{{{number(value)}}}{{{text}}}",
                value / root,
                ((3, *at),),
            ),
            Term(
                rf"-\frac{{\mu}}{{{below}}}",
                rf"-\frac{{{factor(found.mean)}}}{{{text}}}",
                -found.mean / root,
                ((5, 0, 0),),
            ),
        )
        mu = Named(r"\mu", np.array([[found.mean]]))
        variance = Named(r"\sigma^2", np.array([[found.variance]]))
        items = (
            Sign("("), operand(h, *at), Sign("-"), operand(mu, 0, 0), Sign(r")\,/\,\big("),
            operand(variance, 0, 0), Sign(r"+\,\varepsilon\big)^{1/2}"),
        )  # fmt: skip
        formula = rf"\hat x = \frac{{{self.source.symbol} - \mu}}{{{below}}}"
        return explained(normal, items, terms, formula=formula, at=at)

    def _scaled(self, place: Place, channel: int) -> Equation:
        z, at = self.result.shown(place, channel)
        normal = self._map(r"\hat x", self._normal(), place)
        gamma = Named(self.gamma, array(self.norm.weight))
        beta = Named(self.beta, array(self.norm.bias))
        g, b = gamma.at(channel, 0), beta.at(channel, 0)
        terms = (
            Term(
                rf"{gamma.entry(channel, 0)}\, {normal.entry(*at)}",
                rf"{number(g)} \times {factor(normal.at(*at))}",
                g * normal.at(*at),
                ((2, channel, 0), (4, *at)),
            ),
            Term(beta.entry(channel, 0), "", b, ((6, channel, 0),)),
        )
        items = (
            operand(gamma, channel, 0), Sign(r"\odot"), operand(normal, *at), Sign("+"),
            operand(beta, channel, 0),
        )  # fmt: skip
        formula = rf"{self.result.symbol} = {self.gamma} \hat x + {self.beta}"
        return explained(z, items, terms, formula=formula, at=at)

    # Backward

    def backward(self, place: Place) -> list[Plot]:
        channel = self._channel(place)
        back = self.result.differentiated.double()
        scaled = back * self._normal().double()
        plots = [
            self._by_parameter(place, channel, "gamma", self.norm.weight, scaled),
            self._by_parameter(place, channel, "beta", self.norm.bias, back),
        ]
        if self.source.gradient is not None:
            mark = self._by_source(place, channel)
            plots.append(Plot("e", (mark,), title="Back through mean and variance"))
        return plots

    def written(self, place: Place) -> list[Written]:
        channel = self._channel(place)
        delta = self.result.differentiated.double()
        axes = (0, *range(2, delta.dim()))
        return [
            Written(f"{self.name}.weight", (channel,), (delta * self._normal().double()).sum(axes)),
            Written(f"{self.name}.bias", (channel,), delta.sum(axes)),
        ]

    def _by_parameter(
        self, place: Place, channel: int, name: str, parameter: Tensor, terms: Tensor
    ) -> Plot:
        """∂ℓ/∂γ = Σ δ x̂, or ∂ℓ/∂β = Σ δ, over all places."""
        assert parameter.grad is not None
        symbol = self.gamma if name == "gamma" else self.beta
        own = Named("", array(parameter.grad), of=symbol)
        delta, _ = self.result.back(place, channel)
        normal = self._map(r"\hat x", self._normal(), place)
        factors = (delta, normal) if name == "gamma" else (delta,)
        inside = r"\, \hat x" if name == "gamma" else ""
        formula = (
            rf"\frac{{\partial \ell}}{{\partial {symbol}}} ="
            rf" \sum {self.result.slope_symbol}{inside}"
        )

        def written(a: int, b: int) -> tuple[str, str]:
            if name == "beta":
                return delta.entry(a, b), ""
            text = rf"{number(delta.at(a, b))} \times {factor(normal.at(a, b))}"
            return rf"{delta.entry(a, b)}\, {normal.entry(a, b)}", text

        if terms.dim() == 4:
            mark = products(own, (channel, 0), factors, terms[:, channel], place, written, formula)
        else:  # vectors: one place an example
            value = float(terms[place.example, channel])
            uses = tuple((2 + 2 * i, channel, 0) for i in range(len(factors)))
            term = Term(*written(channel, 0), value, uses)
            items: list[Operand | Sign] = [operand(factors[0], channel, 0)]
            if len(factors) > 1:
                items += [Sign(r"\odot"), operand(factors[1], channel, 0)]
            found = (term, *elsewhere(terms[:, channel : channel + 1], place))
            mark = explained(own, items, found, formula=formula, at=(channel, 0))
        title = "How the loss depends on γ" if name == "gamma" else "How it depends on β"
        return Plot(f"g{name}", (mark,), title=title)

    def _by_source(self, place: Place, channel: int) -> Equation:
        e, at = self.source.back(place, channel)
        delta, _ = self.result.back(place, channel)
        normal = self._map(r"\hat x", self._normal(), place)
        root = self._moments_of(place, channel).root
        gamma = float(self.norm.weight.detach()[channel])
        g, x = delta.at(*at) * gamma, normal.at(*at)
        below = r"\sqrt{\sigma^2 + \varepsilon}"
        terms = [
            Term(
                rf"\frac{{\gamma\, {delta.entry(*at)}}}{{{below}}}",
                rf"\frac{{{number(gamma)} \times {factor(delta.at(*at))}}}{{{number(root)}}}",
                g / root,
                ((3, *at),),
            )
        ]
        formula = rf"{self.source.slope_symbol} = \frac{{g}}{{{below}}},\quad"
        items: list[Operand | Sign] = [
            Sign(rf"\frac1{{{below}}} \Big(\gamma"), operand(delta, *at),
        ]  # fmt: skip
        if not self.running:
            one, two = self._means(place, channel)
            items += [Sign(r"- \overline{g} -"), operand(normal, *at)]
            items.append(Sign(r"\overline{g \hat x}"))
            terms += [
                Term(
                    rf"-\frac{{\overline{{g}}}}{{{below}}}",
                    rf"-\frac{{{factor(one)}}}{{{number(root)}}}",
                    -one / root,
                ),
                Term(
                    rf"-\frac{{{normal.entry(*at)}\, \overline{{g \hat x}}}}{{{below}}}",
                    rf"-\frac{{{factor(x)} \times {factor(two)}}}{{{number(root)}}}",
                    -x * two / root,
                    ((5, *at),),
                ),
            ]
            formula = (
                rf"{self.source.slope_symbol} ="
                rf" \frac{{g - \overline{{g}} - \hat x\, \overline{{g \hat x}}}}{{{below}}},\quad"
            )
        items.append(Sign(r"\Big)"))
        formula += rf" g = \gamma\, {self.result.slope_symbol}"
        return explained(e, items, terms, formula=formula, at=at)

    def _means(self, place: Place, channel: int) -> tuple[float, float]:
        """The means of g and of g x̂ over the values that share a mean and a variance."""
        back = self.result.differentiated.double()
        shape = (1, -1, *[1] * (back.dim() - 2))
        g = back * self.norm.weight.detach().double().view(shape)
        both = g * self._normal().double()
        if isinstance(self.norm, BatchNorm):
            return float(g[:, channel].mean()), float(both[:, channel].mean())
        return float(g[place.example].mean()), float(both[place.example].mean())


def _mean(result: Named, parts: Named, formula: str) -> Equation:
    """The mean of a column (M, 1)."""
    count = len(parts.values)

    def made(index: int) -> Term:
        return Term(
            rf"\tfrac1{{{count}}} {parts.entry(index, 0)}",
            rf"\tfrac1{{{count}}} \times {number(parts.at(index, 0))}",
            parts.at(index, 0) / count,
            ((3, index, 0),),
        )

    terms = largest(parts.values[:, 0].astype(np.float64) / count, made)
    items = (Sign(rf"\tfrac1{{{count}}} \sum"), operand(parts, 0, 0))
    return explained(result, items, terms, formula=formula, at=(0, 0))
