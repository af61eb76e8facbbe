"""The way back through a transformer in equations: the numbers are autograd's."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch
from torch import Tensor, nn

from livenet.models.stream import Added
from livenet.pictures import Axis, Bars, Matrix, Plot, grid
from livenet.probes.steps import activations, layer_norm
from livenet.probes.steps.equations import (
    Named,
    Numbers,
    array,
    combined,
    derivative,
    matrix_product,
    renamed,
    transpose_of,
)
from livenet.probes.steps.pairs import Pair
from livenet.probes.steps.transformer_forward import chosen, mlp_reads, output_reads
from livenet.probes.steps.transformer_names import Spot
from livenet.probes.steps.transformer_pass import Derivatives

DRAWN = 64  # numbers of a place in the map of the stream


class Back:
    """The derivatives for one query, key and head."""

    def __init__(
        self, spot: Spot, back: Derivatives, pairs: dict[str, Pair], row: int, column: int
    ) -> None:
        self.spot = spot
        self.back = back
        self.pairs = pairs
        self.row = row
        self.column = column

    def at(self, size: int) -> int:
        """The row of the options, within a size."""
        return min(self.row, size - 1)

    def product(
        self, plot: str, title: str, result: Named, w: Named, error: Named, *, formula: str = ""
    ) -> Plot:
        """result = w · error, at a row."""
        text = formula or f"{result.symbol} = {w.latex} {error.symbol}"
        at = (self.at(len(result.values)), 0)
        return Plot(plot, (matrix_product(result, w, error, formula=text, at=at),), title=title)

    def gradient(
        self,
        parameter: str,
        symbol: str,
        left: str,
        right: str,
        title: str,
        sides: tuple[str, str] = (r"\Delta", "X"),
    ) -> Plot:
        """∂ℓ/∂W of a matrix: the sum over the places of left_t right_tᵀ, columns and rows of the
        matrices called ``sides``."""
        spot, pair = self.spot, self.pairs[parameter]
        assert pair.right is not None
        ones, others = pair.left[spot.at].detach(), pair.right[spot.at].detach()  # (T, R), (T, C)
        labels = spot.labels
        d = Named(sides[0], array(ones.T), matrix=True, column_labels=labels)
        x = Named(sides[1], array(others), matrix=True, row_labels=labels)
        result = derivative(symbol, array(pair.of(spot.at)), matrix=True)
        at = self.at(ones.shape[1]), min(self.column, others.shape[1] - 1)
        terms = rf"\textstyle\sum_t {left} {transpose_of(right)}"
        formula = f"{result.symbol} = {terms} = {sides[0]} {sides[1]}"
        mark = matrix_product(result, d, x, formula=formula, at=at)
        name = parameter.removeprefix(f"layers.{spot.number - 1}.").replace(".", "_")
        return Plot(f"g_{name}", (mark,), title=title)

    # Output

    def output(self) -> list[Plot]:
        """Through the unembedding."""
        spot, model = self.spot, self.spot.model
        theta = spot.by(self.back, r"\theta_{t}", spot.kept.theta)
        w = Named("W_{U}", array(model.head.weight), matrix=True).transpose
        read = output_reads(spot)
        result = spot.by(self.back, read, spot.kept.read)
        plots = [
            self.product("back_read", "Back through the unembedding", result, w, theta),
            self.gradient(
                "head.weight", "W_{U}", theta.symbol, read, "The unembedding: a term a place"
            ),
        ]
        if model.norm is not None:
            last = spot.stream(len(model.blocks))
            before = spot.by(self.back, last, spot.kept.last)
            h = spot.kept.last[spot.at, spot.query]
            row = self.at(len(before.values))
            plots += layer_norm.back(model.norm, h, before, result, row, "back_norm")
        return plots

    def stream(self) -> list[Plot]:
        """∂ℓ/∂ of the stream at this place, after each part."""
        spot = self.spot
        found = [("start", spot.kept.start)]
        for number, one in enumerate(spot.kept.layers, start=1):
            found += [
                (f"attention {number}", one.attention.after),
                (f"MLP {number}", one.mlp.after),
            ]
        rows = np.stack(
            [self.back.by(values)[spot.at, spot.query].cpu().numpy() for _, values in found]
        )
        names = tuple(name for name, _ in found)
        finite = np.abs(rows[np.isfinite(rows)])
        matrix = Matrix(
            grid(rows[:, :DRAWN]),
            max(float(finite.max(initial=0.0)), 1e-12),
            rows="after",
            columns="number",
            row_labels=names,
        )
        sizes = np.linalg.norm(rows, axis=1)
        high = float(np.nan_to_num(sizes, posinf=0.0).max(initial=0.0))
        return [
            Plot(
                "stream",
                (matrix,),
                title=f"∂ℓ/∂h at place {spot.query + 1}, after each part",
                note=f"±{matrix.peak:.3g}",
            ),
            Plot(
                "norms",
                (Bars(grid(sizes), names, horizontal=True),),
                title="Its length",
                x=Axis("‖∂ℓ/∂h‖", 0.0, max(high, 1e-12)),
            ),
        ]

    # The parts

    def mlp(self) -> list[Plot]:
        """Through W₂, σ and W₁."""
        spot, values = self.spot, self.spot.values
        found, name = spot.layer.mlp, f"layers.{spot.number - 1}.mlp"
        y = spot.by(self.back, "y_{t}", values.mlp.change)
        g = spot.by(self.back, "g_{t}", values.activated)
        w2 = Named("W_{2}", array(found.out.weight), matrix=True).transpose
        delta = spot.named(r"\delta_{t}", self.back.by(values.z))
        t, unit = (spot.at, spot.query), self.at(len(delta.values))
        through = activations.back(
            chosen(spot), delta, g, values.z[t].detach(), values.activated[t].detach(), 0, unit
        )
        through = renamed(through, "z^{(0)}", "z_{t}")
        read = mlp_reads(spot)
        return [
            self.product("back_activated", "Back through the second matrix", g, w2, y),
            Plot("delta", (through,), title="Back through the activation"),
            self.gradient(f"{name}.out.weight", "W_{2}", y.symbol, "g_{t}", "The second matrix"),
            self.gradient(f"{name}.hidden.weight", "W_{1}", r"\delta_t", read, "The first matrix"),
        ]

    def into_mlp(self) -> list[Plot]:
        """What reaches the stream before the MLP: by the identity, and through the MLP."""
        spot = self.spot
        w = Named("W_{1}", array(spot.layer.mlp.hidden.weight), matrix=True).transpose
        delta = spot.named(r"\delta_{t}", self.back.by(spot.values.z))
        return self._into(
            spot.values.mlp, spot.layer.mlp_norm, spot.middle, spot.stream(spot.number), w, delta
        )

    def into_attention(self) -> list[Plot]:
        """What reaches the stream before attention: from queries, keys and values of all heads."""
        spot = self.spot
        weight = spot.layer.attention.qkv.weight
        w = Named("W_{QKV}", array(weight), matrix=True).transpose
        pair = self.pairs[f"layers.{spot.number - 1}.attention.qkv.weight"]
        delta = Named(r"\delta_{t}", array(pair.left[spot.at, spot.query]))
        delta = replace(delta, note="∂ℓ/∂q, k and v of all heads")
        before = spot.stream(spot.number - 1)
        return self._into(
            spot.values.attention, spot.layer.attention_norm, before, spot.middle, w, delta
        )

    def _into(
        self,
        added: Added,
        norm: nn.LayerNorm | None,
        before: str,
        after: str,
        w: Named,
        delta: Named,
    ) -> list[Plot]:
        spot = self.spot
        carried = spot.by(self.back, after if spot.layer.norm != "after" else "w_{t}", added.total)
        product = w.values.astype(np.float64) @ delta.values
        through = Named("c_{t}", product.astype(np.float32))
        plots: list[Plot] = []
        if norm is not None and spot.first:
            read = spot.by(self.back, "n_{t}", added.read)
            plots.append(self.product("back_read", "Back through the matrix", read, w, delta))
            through = Named("c_{t}", self._by_path(added, norm))
            h = added.before[spot.at, spot.query]
            row = self.at(len(through.values))
            plots += layer_norm.back(norm, h, through, read, row, "back_norm")
        else:
            plots.append(self.product("back_read", "Back through the matrix", through, w, delta))
        total = spot.by(self.back, before, added.before)
        formula = f"{total.symbol} = {carried.symbol} + c_{{t}}"
        at = (self.at(len(total.values)), 0)
        mark = combined(total, [carried, through], "+", formula=formula, at=at)
        return [*plots, Plot("identity", (mark,), title="Add what the identity brings")]

    def _by_path(self, added: Added, norm: nn.LayerNorm) -> Numbers:
        """∂ℓ/∂before by the way through the norm alone, (D, 1)."""
        spot = self.spot
        with torch.enable_grad():
            h = added.before[spot.at, spot.query].detach().requires_grad_()
            error = self.back.by(added.read)[spot.at, spot.query]
            (found,) = torch.autograd.grad(norm(h), h, error)
        return array(found)

    def after_norm(self, added: Added, norm: nn.LayerNorm, after: str) -> list[Plot]:
        """Through a norm that stands after the sum."""
        spot = self.spot
        error = spot.by(self.back, after, added.after)
        result = spot.by(self.back, "w_{t}", added.total)
        h = added.total[spot.at, spot.query]
        return layer_norm.back(norm, h, result, error, self.at(len(h)), "back_norm")

    def change(self, added: Added) -> list[Plot]:
        """From the sum to what the part gave: the same, but for dropout."""
        spot = self.spot
        mlp = added is spot.values.mlp
        after = spot.stream(spot.number) if mlp else spot.middle
        total = spot.by(self.back, after if spot.layer.norm != "after" else "w_{t}", added.total)
        result = spot.by(self.back, "y_{t}", added.change)
        parts = [total]
        if added.mask is not None:
            parts.append(replace(spot.named("r_{t}", added.mask), colors="sequential"))
        formula = f"{result.symbol} = " + r" \odot ".join(part.symbol for part in parts)
        at = (self.at(len(result.values)), 0)
        mark = combined(result, parts, "×", formula=formula, at=at)
        return [Plot("back_change", (mark,), title="From the stream to what this part adds")]

    def of_query(self, values: Tensor) -> Tensor:
        """∂ℓ/∂ of the head's values (B, H, T, …), at the query."""
        return self.spot.of_head(self.back.by(values))[self.spot.query]
