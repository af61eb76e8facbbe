"""A convolution: z at one pixel, ∂ℓ/∂ of an entry of its kernels, and of a pixel of its input."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product as product_of

import numpy as np
import torch
from torch import Tensor

from livenet.pictures import Equation, Matrix, Operand, Plot, Sign, Term, grid
from livenet.probes.images.kernels import Kernel
from livenet.probes.steps.equations import (
    MOST_SHOWN,
    Named,
    Numbers,
    array,
    explained,
    few,
    largest,
    operand,
    product,
)
from livenet.probes.steps.operations.operation import (
    LARGE,
    Operation,
    Place,
    Value,
    Written,
    numbers,
)
from livenet.probes.steps.operations.sums import by_bias, products

LARGEST_MAP = 10_000  # pixels of an input that is shown whole


class Convolution(Operation):
    """z_c = Σ_c' W_cc' ∗ h_c' + b_c. ``weight`` and ``bias`` are the names of its parameters, and
    ``w`` and ``b`` their symbols; without a bias both are ""."""

    def __init__(
        self,
        source: Value,
        result: Value,
        kernel: Kernel,
        weight: tuple[str, str],
        bias: tuple[str, str] = ("", ""),
    ) -> None:
        super().__init__(source, result)
        self.kernel = kernel
        self.weight, self.w = weight
        self.bias, self.b = bias

    def channels(self) -> dict[str, int]:
        count, inputs = self.kernel.weight.shape[:2]
        return {"channels": count, "inputs": inputs}

    def _which(self, place: Place) -> tuple[int, int]:
        """The channels: of the output, and of the input."""
        count, inputs = self.kernel.weight.shape[:2]
        return place.out(count), place.comes(inputs)

    def _kernel(self, channel: int, into: int) -> Named:
        values = numbers(self.kernel.weight[channel, into])
        return Named(self.w, values, within=(channel, into))

    def _source(self, out: int, offset: int, size: int) -> int | None:
        """The row (or column) of the input under one of the kernel; None in the padding."""
        found = out * self.kernel.stride + offset * self.kernel.dilation - self.kernel.padding
        if self.kernel.circular:
            return found % size
        return found if 0 <= found < size else None

    def _pixel(self, into: int, row: tuple[int, int], column: tuple[int, int]) -> str:
        """LaTeX of the input under an entry of the kernel; row and column are (position, entry)."""
        height, width = self.source.tensor.shape[2:]
        i, j = self._source(*row, height), self._source(*column, width)
        if i is None or j is None:
            return r"\cdot 0"
        return self.source.at(f"{into + 1},{i + 1},{j + 1}")

    def _moved(self, out: str, offset: str) -> str:
        """LaTeX of the input's row at a position and an entry of the kernel, all from 1."""
        s, d, p = self.kernel.stride, self.kernel.dilation, self.kernel.padding
        return f"{s if s > 1 else ''}{out}+{d if d > 1 else ''}{offset}-{s + d + p - 1}"

    # Forward

    def forward(self, place: Place) -> list[Plot]:
        title = "Slide the kernel, weigh, and add"
        return [*self._image(place), Plot("z", (self._sum(place),), title=title)]

    def _image(self, place: Place) -> list[Plot]:
        """The input with the kernel's pixels outlined, if it is not too large."""
        channel, into = self._which(place)
        values = numbers(self.source.tensor[place.example, into])
        if values.size > LARGEST_MAP:
            return []
        _, (row, column) = self.result.shown(place, channel)
        pixels = self.kernel.pixels(row, column, *values.shape)
        finite = values[np.isfinite(values)]
        mark = Matrix(
            grid(values),
            max(float(np.abs(finite).max(initial=0.0)), 1e-12),
            rows="row",
            columns="column",
            colors="diverging" if bool((finite < 0).any()) else "sequential",
            outlined=np.array(pixels, np.int64).reshape(-1, 2),
            pixels=True,
        )
        title = f"Channel {into + 1} of the input" if self.channels()["inputs"] > 1 else "Input"
        return [Plot("under", (mark,), title=title)]

    def _sum(self, place: Place) -> Equation:
        channel, into = self._which(place)
        z, (row, column) = self.result.shown(place, channel)
        h = self.source.tensor[place.example : place.example + 1].detach()
        patch = self.kernel.patch(h, row, column)  # (C_in, k, k)
        sums = (patch.double() * self.kernel.weight[channel].detach().double()).sum((1, 2))
        w = self._kernel(channel, into)
        under = Named(
            self.source.symbol, numbers(patch[into]), within=(into,), note="under the kernel"
        )
        values = w.values.astype(np.float64) * under.values
        items: list[Operand | Sign] = [
            Sign(r"\sum"), operand(w, 0, 0), Sign(r"\odot"), operand(under, 0, 0),
        ]  # fmt: skip

        def made(u: int, v: int) -> Term:
            pixel = self._pixel(into, (row, u), (column, v))
            numbers = product((w.at(u, v), under.at(u, v)))
            return Term(
                rf"{w.entry(u, v)}\, {pixel}",
                numbers,
                float(values[u, v]),
                ((3, u, v), (5, u, v)),
            )

        terms = [*few([*_each(values, made), *_rest("S", numbers(sums), into, items)])]
        if self.kernel.bias is not None:
            b = Named(self.b, array(self.kernel.bias))
            items += [Sign("+"), operand(b, channel, 0)]
            own = Term(b.entry(channel, 0), "", b.at(channel, 0), ((len(items) + 1, channel, 0),))
            terms.append(own)
        inside = f"c', {self._moved('i', 'u')}, {self._moved('j', 'v')}"
        formula = (
            rf"{self.result.at('c,i,j')} = \sum_{{c',u,v}} {self.w}_{{c,c',u,v}}\,"
            rf" {self.source.at(inside)}" + (f" + {self.b}_c" if self.b else "")
        )
        return explained(z, items, terms, formula=formula, at=(row, column))

    # Backward

    def backward(self, place: Place) -> list[Plot]:
        plots = [Plot("gW", (self._by_weight(place),), title="How the loss depends on each weight")]
        if self.kernel.bias is not None:
            channel, _ = self._which(place)
            gradient = self.kernel.bias.grad
            assert gradient is not None
            own = Named("", array(gradient), of=self.b)
            formula = (
                rf"\frac{{\partial \ell}}{{\partial {self.b}_c}} ="
                rf" \sum_{{ij}} {self.result.back_at('c,i,j')}"
            )
            mark = by_bias(own, channel, self.result, place, formula)
            plots.append(Plot("gb", (mark,), title="How it depends on each bias"))
        if self.source.gradient is not None:
            plots.append(Plot("e", (self._by_input(place),), title="Back to the input"))
        return plots

    def written(self, place: Place) -> list[Written]:
        channel, into = self._which(place)
        delta = self.result.differentiated.double()
        by_weight = torch.empty_like(self.kernel.weight, dtype=torch.float64)
        side = range(by_weight.shape[2])
        for u, v in product_of(side, side):
            under = self._under(slice(None), u, v).double()  # (B, C_in, H', W')
            by_weight[:, :, u, v] = torch.einsum("bchw,bdhw->cd", delta, under)
        found = [Written(self.weight, (channel, into, *self._entry(place)), by_weight)]
        if self.bias:
            found.append(Written(self.bias, (channel,), delta.sum((0, 2, 3))))
        return found

    def _entry(self, place: Place) -> tuple[int, int]:
        side = self.kernel.weight.shape[2]
        return min(place.row, side - 1), min(place.column, side - 1)

    def _under(self, into: int | slice, u: int, v: int) -> Tensor:
        """The input that one entry of the kernel meets at every position, (B, H', W'); of all
        channels (B, C_in, H', W')."""
        height, width = self.result.tensor.shape[2:]
        s, d = self.kernel.stride, self.kernel.dilation
        down = slice(u * d, u * d + s * (height - 1) + 1, s)
        across = slice(v * d, v * d + s * (width - 1) + 1, s)
        return self.kernel.padded(self.source.tensor.detach())[:, into, down, across]

    def _over_places(self, place: Place, u: int, v: int) -> Tensor:
        """δ_c ⊙ h_c' under (u, v), (B, H', W'), in double precision."""
        channel, into = self._which(place)
        delta = self.result.differentiated[:, channel].double()
        return delta * self._under(into, u, v).double()

    def _by_weight(self, place: Place) -> Equation:
        channel, into = self._which(place)
        u, v = self._entry(place)
        gradient = self.kernel.weight.grad
        assert gradient is not None
        own = Named("", numbers(gradient[channel, into]), of=self.w, within=(channel, into))
        delta, _ = self.result.back(place, channel)
        values = numbers(self._under(into, u, v)[place.example])
        under = Named(
            self.source.symbol,
            values,
            within=(into,),
            note=f"under entry {u + 1}, {v + 1}",
            pixels=max(values.shape) > LARGE,
        )
        inside = f"c', {self._moved('i', 'u')}, {self._moved('j', 'v')}"
        return products(
            own,
            (u, v),
            (delta, under),
            self._over_places(place, u, v),
            place,
            lambda a, b: (
                rf"{delta.entry(a, b)}\, {self._pixel(into, (a, u), (b, v))}",
                product((delta.at(a, b), under.at(a, b))),
            ),
            rf"\frac{{\partial \ell}}{{\partial {self.w}_{{c,c',u,v}}}} ="
            rf" \sum_{{ij}} {self.result.back_at('c,i,j')}\, {self.source.at(inside)}",
        )

    def _by_input(self, place: Place) -> Equation:
        channel, into = self._which(place)
        e, (i, j) = self.source.back(place, into)
        delta, _ = self.result.back(place, channel)
        w = self._kernel(channel, into)
        weight = self.kernel.weight.detach().double()[:, into]  # (C_out, k, k)
        back = self.result.differentiated[place.example].double()  # (C_out, H', W')
        sums = torch.zeros(len(weight), dtype=torch.float64, device=weight.device)
        terms: list[Term] = []
        meetings = self._meetings(i, j)
        for u, v, a, b in meetings:
            each = weight[:, u, v] * back[:, a, b]
            sums += each
            terms.append(
                Term(
                    rf"{w.entry(u, v)}\, {delta.entry(a, b)}",
                    product((w.at(u, v), delta.at(a, b))),
                    float(each[channel]),
                    ((3, u, v), (5, a, b)),
                )
            )
        row, column = meetings[len(meetings) // 2][2:] if meetings else (0, 0)
        items: list[Operand | Sign] = [
            Sign(r"\sum"), operand(w, 0, 0), Sign(r"\odot"), operand(delta, row, column),
        ]  # fmt: skip
        terms = [*few(terms), *_rest("T", numbers(sums), channel, items)]
        pixel = "c',i,j"
        meets = f"({self._moved('a', 'u')},\\, {self._moved('b', 'v')}) = (i, j)"
        formula = (
            rf"{self.source.back_at(pixel)} = \sum_{{c,u,v}} {self.w}_{{c,c',u,v}}\,"
            rf" {self.result.back_at('c,a,b')},\quad {meets}"
        )
        return explained(e, items, few(terms), formula=formula, at=(i, j))

    def _meetings(self, i: int, j: int) -> list[tuple[int, int, int, int]]:
        """(u, v, a, b): entry (u, v) of the kernel is on the pixel (i, j) at position (a, b)."""
        height, width = self.source.tensor.shape[2:]
        rows, columns = self.result.tensor.shape[2:]
        side = range(self.kernel.weight.shape[2])
        down = [(u, a) for u in side for a in range(rows) if self._source(a, u, height) == i]
        across = [(v, b) for v in side for b in range(columns) if self._source(b, v, width) == j]
        return [(u, v, a, b) for u, a in down for v, b in across]


def _each(values: Numbers, made: Callable[[int, int], Term]) -> tuple[Term, ...]:
    """A term for each of a matrix of values; the largest, if there are many."""
    width = values.shape[1]
    return largest(values.reshape(-1), lambda index: made(*divmod(index, width)))


def _rest(symbol: str, sums: Numbers, but: int, items: list[Operand | Sign]) -> tuple[Term, ...]:
    """The sums (C,) of all channels but one, as another item and a term for each."""
    if len(sums) == 1:
        return ()
    kept = [i for i in range(len(sums)) if i != but]
    labels = tuple(str(i + 1) for i in kept)
    rest = Named(symbol, sums[kept][:, None], note="other channels", row_labels=labels)
    items += [Sign("+"), operand(rest, 0, 0)]
    item = len(items) + 1
    return tuple(
        Term(
            f"{symbol}_{{{i + 1}}}",
            "",
            float(sums[i]),
            ((item, at, 0),) if at < MOST_SHOWN else (),
        )
        for at, i in enumerate(kept)
    )
