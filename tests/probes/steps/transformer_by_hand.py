"""The transformer of a run in float64, one head after the other, with every value in the graph."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from livenet.models.transformer import Transformer
from livenet.probes.context import Context
from livenet.training import Trainer

Floats = NDArray[np.float64]
HALF_LOG_2PI = 0.5 * np.log(2 * np.pi)


def net_of(one: Trainer) -> Transformer:
    assert isinstance(one.model, Transformer)
    return one.model


class ByHand:
    """The equations of the transformer for one example, in float64 and one head after the other;
    every value is a leaf of autograd's graph, by name."""

    def __init__(self, one: Trainer, part: str, example: int, ablated: Any = ()) -> None:
        model, context = net_of(one), Context.of(one)
        self.spec = model.spec
        self.p = {
            name: value.detach().double().requires_grad_()
            for name, value in one.parameters().items()
        }
        upcoming = context.upcoming()
        x, y = (upcoming.x, upcoming.y) if part == "batch" else one.parts[part]
        draws = upcoming.draws() if part == "batch" else None
        self.batch, self.steps = x.shape[:2]
        self.drop = draws if draws is not None and draws.rho else None
        self.example = example
        self.x, self.y = x[example], y[example]
        self.v: dict[str, Tensor] = {}
        self.run(set(ablated))

    def masked(self, h: Tensor) -> Tensor:
        """h (…) of the example, with the mask that the batch draws."""
        if self.drop is None:
            return h
        whole = self.drop.mask(h.new_zeros(self.batch, *h.shape))
        return h * whole[self.example]

    def norm(self, h: Tensor, name: str) -> Tensor:
        mean = h.mean(1, keepdim=True)
        unit = (h - mean) / (((h - mean) ** 2).mean(1, keepdim=True) + 1e-5).sqrt()
        return unit * self.p[f"{name}.weight"] + self.p[f"{name}.bias"]

    def linear(self, h: Tensor, name: str) -> Tensor:
        return h @ self.p[f"{name}.weight"].T + self.p[f"{name}.bias"]

    def run(self, ablated: set[tuple[int, int]]) -> None:
        v, p, spec = self.v, self.p, self.spec
        width, t = spec.width, self.steps
        if self.x.is_floating_point():
            v["symbols"] = self.linear(self.x.double(), "embedding")
        else:
            v["symbols"] = p["embedding.weight"][self.x]
        v["embedded"] = v["symbols"] + 0
        if spec.positions == "learned":
            v["embedded"] = v["symbols"] + p["positions.weight"][:t]
        elif spec.positions == "sinusoidal":
            angle = [[k / 10000 ** (2 * (j // 2) / width) for j in range(width)] for k in range(t)]
            waves = np.where(np.arange(width) % 2 == 0, np.sin(angle), np.cos(angle))
            v["embedded"] = v["symbols"] + torch.from_numpy(waves)
        h = v["h0"] = self.masked(v["embedded"] + 0)
        for number in range(1, spec.depth + 1):
            h = self.layer(h, number, {head for layer, head in ablated if layer == number})
        v["read"] = self.norm(h, "norm") if spec.norm == "before" else h + 0
        v["theta"] = self.linear(v["read"], "head")
        losses = [self.loss_at(k) for k in range(t)]
        self.loss = torch.stack([one for one in losses if one is not None]).mean()

    def layer(self, h: Tensor, number: int, left_out: set[int]) -> Tensor:
        v, spec, name = self.v, self.spec, f"layers.{number - 1}"
        d, t = spec.width // spec.heads, self.steps
        before, after = spec.norm == "before", spec.norm == "after"
        n = self.norm(h, f"{name}.attention_norm") if before else h + 0
        qkv = self.linear(n, f"{name}.attention.qkv")
        v[f"n{number}"], v[f"qkv{number}"] = n, qkv
        outputs = []
        for head in range(1, spec.heads + 1):
            for s, side in enumerate("qkv"):
                start = s * spec.width + (head - 1) * d
                v[f"{side}{number}.{head}"] = qkv[:, start : start + d]
            raw = v[f"q{number}.{head}"] @ v[f"k{number}.{head}"].T / d**0.5
            v[f"raw{number}.{head}"] = raw
            if spec.causal:
                raw = raw.masked_fill(torch.ones(t, t).triu(1).bool(), -np.inf)
            v[f"a{number}.{head}"] = raw.softmax(1)
        shares = self.masked(torch.stack([v[f"a{number}.{k + 1}"] for k in range(spec.heads)]))
        for head in range(1, spec.heads + 1):
            o = v[f"o{number}.{head}"] = shares[head - 1] @ v[f"v{number}.{head}"]
            outputs.append(o * 0 if head in left_out else o)
        y = v[f"y{number}"] = self.linear(torch.cat(outputs, 1), f"{name}.attention.out")
        w = v[f"w{number}"] = h + self.masked(y)
        u = v[f"u{number}"] = self.norm(w, f"{name}.attention_norm") if after else w + 0
        m = v[f"m{number}"] = self.norm(u, f"{name}.mlp_norm") if before else u + 0
        z = v[f"z{number}"] = self.linear(m, f"{name}.mlp.hidden")
        if spec.activation.kind == "gelu":
            g = z * (1 + torch.erf(z / 2**0.5)) / 2
        else:
            g = z.relu() if spec.activation.kind == "relu" else z.softmax(1)
        v[f"g{number}"] = g
        c = v[f"c{number}"] = self.linear(g, f"{name}.mlp.out")
        total = u + self.masked(c)
        v[f"h{number}"] = self.norm(total, f"{name}.mlp_norm") if after else total + 0
        return v[f"h{number}"]

    def loss_at(self, t: int) -> Tensor | None:
        y, theta = self.y[t], self.v["theta"][t]
        if y.is_floating_point():
            return None if bool(y.isnan()) else (theta[0] - y).square() / 2 + HALF_LOG_2PI
        return None if int(y) < 0 else -theta.log_softmax(0)[y]

    def by(self, value: Tensor) -> Floats:
        """∂ℓ/∂value, over all paths."""
        (found,) = torch.autograd.grad(
            self.loss, value, retain_graph=True, allow_unused=True, materialize_grads=True
        )
        return found.numpy()
