"""A transformer's layers in numbers, from its spec alone.

T places of D numbers; attention costs 2·4TD² for its four projections and 2·2T²D for QKᵀ and A V,
the MLP 2·2F·TD². So the share of QKᵀ and A V grows with T: it is as large as that of the
projections at T = 2D.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from livenet.spec.choice import activation
from livenet.spec.data.sequences import Sequences
from livenet.spec.layer import LayerShape, Shape

if TYPE_CHECKING:
    from livenet.spec.model.transformer import Transformer
    from livenet.spec.run import RunSpec

# Small operations forward and back: norm, projections, heads apart, attention, heads together, sum.
ATTENTION_CALLS = 20
MLP_CALLS = 12
FORMULAS = {
    "before": r"h+{0}(\operatorname{{norm}}(h))",
    "after": r"\operatorname{{norm}}(h+{0}(h))",
    "none": r"h+{0}(h)",
}


def transformer_layers(spec: RunSpec) -> tuple[LayerShape, ...]:
    """Embedding, positions, attention and MLP of every layer, the last norm, and the head."""
    from livenet.spec.model.transformer import Transformer

    model, data = spec.model, spec.data
    assert isinstance(model, Transformer)
    assert isinstance(data, Sequences)
    steps, width = data.steps_read(model.causal), model.width
    found = [_embedding(data, steps, width)]
    if model.positions != "none":
        found.append(_positions(model, steps))
    for number in range(model.depth):
        found += [_attention(model, number, steps), _mlp(model, number, steps)]
    if model.norm == "before":
        found.append(_norm(steps, width))
    found.append(_linear("head", "Output", "dense", steps, width, spec.outputs, formula="Wh+b"))
    return tuple(found)


def layer_flops(model: Transformer, steps: int) -> dict[str, int]:
    """Floating-point operations of one layer at T places, by what they are for: the projections,
    QKᵀ and A V, and the MLP's two matrices."""
    return {
        "projections": 2 * 4 * steps * model.width**2,
        "attention": 2 * 2 * steps**2 * model.width,
        "mlp": 2 * 2 * model.feedforward * steps * model.width**2,
    }


def _embedding(data: Sequences, steps: int, width: int) -> LayerShape:
    symbols = len(data.symbols_in)
    if not symbols:
        name = "embedding"
        return _linear(name, "Embedding", name, steps, data.channels, width, formula="Wx_t+b")
    return LayerShape(
        name="embedding",
        label="Embedding",
        kind="embedding",
        output=(steps, width),
        flops=0,
        tensors={"embedding.weight": (symbols, width)},
        terms=f"{symbols}\\cdot{width}",
        formula=r"E_{x_t}",
    )


def _positions(model: Transformer, steps: int) -> LayerShape:
    learned = model.positions == "learned"
    return LayerShape(
        name="positions",
        label="Positions",
        kind="positions",
        output=(steps, model.width),
        flops=steps * model.width,
        tensors={"positions.weight": (steps, model.width)} if learned else {},
        terms=f"{steps}\\cdot{model.width}" if learned else "",
        formula="h+P_t",
    )


def _attention(model: Transformer, number: int, steps: int) -> LayerShape:
    width, name = model.width, f"layers.{number}.attention"
    cost = layer_flops(model, steps)
    tensors: dict[str, Shape] = {
        **_normed(model, f"{name}_norm"),
        f"{name}.qkv.weight": (3 * width, width),
        f"{name}.qkv.bias": (3 * width,),
        f"{name}.out.weight": (width, width),
        f"{name}.out.bias": (width,),
    }
    return LayerShape(
        name=name,
        label=f"Attention {number + 1}",
        kind="attention",
        output=(steps, width),
        flops=cost["projections"] + cost["attention"],
        tensors=tensors,
        terms=_with_norm(model, f"4({width}\\cdot{width}+{width})"),
        formula=FORMULAS[model.norm].format(r"\operatorname{attention}"),
        residual=True,
        calls=ATTENTION_CALLS,
    )


def _mlp(model: Transformer, number: int, steps: int) -> LayerShape:
    width, hidden = model.width, model.feedforward * model.width
    name = f"layers.{number}.mlp"
    tensors: dict[str, Shape] = {
        **_normed(model, f"{name}_norm"),
        f"{name}.hidden.weight": (hidden, width),
        f"{name}.hidden.bias": (hidden,),
        f"{name}.out.weight": (width, hidden),
        f"{name}.out.bias": (width,),
    }
    counted = f"{width}\\cdot{hidden}+{hidden}+{hidden}\\cdot{width}+{width}"
    return LayerShape(
        name=name,
        label=f"MLP {number + 1}",
        kind="mlp",
        output=(steps, width),
        within=(steps, hidden),
        flops=2 * steps * (2 * width * hidden + hidden + width),
        tensors=tensors,
        terms=_with_norm(model, counted),
        activation=model.activation.document(),
        formula=activation(model.activation).formula,
        residual=True,
        calls=MLP_CALLS,
    )


def _norm(steps: int, width: int) -> LayerShape:
    return LayerShape(
        name="norm",
        label="Layer norm",
        kind="layer_norm",
        output=(steps, width),
        flops=8 * steps * width,
        tensors={"norm.weight": (width,), "norm.bias": (width,)},
        terms=f"2\\cdot{width}",
        formula=r"\gamma\frac{h-\mu}{\sqrt{\sigma^2+\epsilon}}+\beta",
    )


def _linear(
    name: str, label: str, kind: str, steps: int, d_in: int, d_out: int, **more: Any
) -> LayerShape:
    return LayerShape(
        name=name,
        label=label,
        kind=kind,
        output=(steps, d_out),
        flops=2 * steps * (d_in * d_out + d_out),
        tensors={f"{name}.weight": (d_out, d_in), f"{name}.bias": (d_out,)},
        terms=f"{d_in}\\cdot{d_out}+{d_out}",
        **more,
    )


def _normed(model: Transformer, name: str) -> dict[str, Shape]:
    if model.norm == "none":
        return {}
    return {f"{name}.weight": (model.width,), f"{name}.bias": (model.width,)}


def _with_norm(model: Transformer, terms: str) -> str:
    return terms if model.norm == "none" else f"2\\cdot{model.width}+{terms}"
