"""The forward stages of one layer of a transformer, in their order."""

from __future__ import annotations

from collections.abc import Callable

from livenet.pictures import Plot
from livenet.probes.steps import attention
from livenet.probes.steps import transformer_forward as ahead
from livenet.probes.steps.attention_head import with_head
from livenet.probes.steps.rows import StepByStepOptions
from livenet.probes.steps.sequences import Reading
from livenet.probes.steps.transformer_names import Spot
from livenet.probes.steps.walk import Shown

Shows = Callable[[], list[Plot] | Shown]
Part = tuple[str, str, str, Shows]
"""A stage's id (without the layer's number), its label in the layer, its title, and what it
shows."""
NORM = "The numbers of each place get mean 0 and variance 1"


def layer(
    spot: Spot,
    reading: Reading,
    options: StepByStepOptions,
    row: int,
    with_heads: Callable[[Shows], Shows],
) -> list[Part]:
    """``row`` is that of the options, within the width of the stream; ``with_heads`` adds all heads
    to what a stage of attention shows."""
    number = spot.number
    before, middle, after = spot.stream(number - 1), spot.middle, spot.stream(number)
    one, other, wide = spot.values.attention, spot.values.mlp, options.row

    def mlp() -> list[Plot]:
        return [*ahead.mlp(spot, wide), *ahead.added_to(spot, other, middle, after, row)]

    own: list[Part] = [
        ("qkv", "Q, K, V", "Each place asks, offers, and hands on",
         lambda: attention.qkv(spot, wide)),
        ("match", "Match", "How well the query and a key match",
         lambda: with_head(attention.scores(spot), spot, "match", wide)),
        ("shares", "Shares", "The softmax of the row",
         lambda: with_head(attention.shares(spot), spot, "shares", wide)),
        ("values", "Values", "The values, weighed by the shares",
         lambda: with_head(attention.values(spot, wide), spot, "values", wide)),
        ("heads", "Heads", "Where every head of this layer looks",
         lambda: attention.heads(spot, reading)),
        ("attention", "Add", "Mix the heads, and add them to the stream",
         lambda: ahead.projection(spot, row)),
    ]  # fmt: skip
    heads = [(id, label, title, with_heads(show)) for id, label, title, show in own]
    computed: Part = ("mlp", "MLP", "Two matrices with an activation between, added to the stream",
                      mlp)  # fmt: skip
    norm = spot.layer.norm
    if norm == "before":
        return [
            ("norm", "Norm", NORM, lambda: ahead.norm_before(spot, one, before, row, mlp=False)),
            *heads,
            ("mlp_norm", "MLP norm", NORM,
             lambda: ahead.norm_before(spot, other, middle, row, mlp=True)),
            computed,
        ]  # fmt: skip
    if norm == "after":
        return [
            *heads,
            ("attention_norm", "Norm", NORM,
             lambda: ahead.norm_after(spot, one, middle, row, mlp=False)),
            computed,
            ("mlp_norm", "MLP norm", NORM,
             lambda: ahead.norm_after(spot, other, after, row, mlp=True)),
        ]  # fmt: skip
    return [*heads, computed]
