"""The walk through a transformer: one place's stream, one head's query and key, there and back.

All numbers are those of livenet.models.stream, which is the model's pass with every value kept; the
way back is autograd's.
"""

from __future__ import annotations

from collections.abc import Collection
from copy import deepcopy
from functools import cached_property
from typing import Any

import torch
from torch import Tensor

from livenet.errors import OptionError
from livenet.models import Network
from livenet.models.step_random import StepRandom
from livenet.models.stream import Added, Head, Stream, stream
from livenet.models.transformer import Transformer
from livenet.pictures import Plot
from livenet.probes.context import Context
from livenet.probes.sequences.sequence import sequences, shown
from livenet.probes.steps import (
    ablation,
    attention_back,
    layer_norm,
    likelihood,
    transformer_stages,
)
from livenet.probes.steps import transformer_forward as ahead
from livenet.probes.steps.check import check
from livenet.probes.steps.glance import glance
from livenet.probes.steps.pairs import Pair
from livenet.probes.steps.rows import StepByStepOptions
from livenet.probes.steps.sampling import sampling
from livenet.probes.steps.sequences import Reading
from livenet.probes.steps.transformer_back import Back
from livenet.probes.steps.transformer_names import Spot
from livenet.probes.steps.transformer_pass import Derivatives, forward, pairs
from livenet.probes.steps.transformer_stages import Shows
from livenet.probes.steps.update import Gradients, update_stage
from livenet.probes.steps.walk import Group, Shown, Stage, entry_of
from livenet.probes.transformers.attention import transformer

EMBED, OUTPUT = "Embed", "Output"
"""Sections; the others are those of layers."""


class TransformerWalk:
    """The stages of one query of an example, with the key and the head that the options name.

    Forward: ``symbols``, ``positions``; of each layer l ``norm{l}``, ``qkv{l}``, ``match{l}``,
    ``shares{l}``, ``values{l}``, ``heads{l}`` (a matrix ``head.{n}`` each), ``attention{l}``,
    ``mlp_norm{l}`` and ``mlp{l}`` (where norms stand after the parts, ``attention_norm{l}`` and
    ``mlp_norm{l}`` do); ``final_norm``, ``output``, ``sampling`` and ``loss``. Backward: ``delta``,
    ``back_output``, ``back_stream``; of each layer, the last first, ``back_mlp{l}``,
    ``back_middle{l}``, ``back_heads{l}``, ``back_shares{l}``, ``back_qkv{l}`` and
    ``back_attention{l}``; ``back_symbols``. Without a target there is no loss and no way back.

    Facts of every stage: those of a sequence (see ``Reading.facts``), ``head``, ``heads``,
    ``layers``, ``ablate``, and, but for the update, ``layer`` and ``key``, from 0. Besides, of the
    stages of attention, there and back, those of ``glance``: ``share``, ``entropy`` (nats),
    ``on_ideal``, ``d``, ``first_place``, ``first_place_of_all`` and ``on_ideal_by_head``; of
    ``heads{l}`` ``on_ideal_of``, by head; of ``sampling`` ``temperature``, ``top_k`` and ``kept``;
    of ``loss`` ``loss``, ``log_likelihood`` and ``scored`` (their number); of attention and
    ``loss`` ``ablation`` if heads are left out; of the stages with gradients of matrices
    ``checks``.
    """

    def __init__(self, context: Context, options: StepByStepOptions) -> None:
        self.context = context
        self.options = options
        self.upcoming = context.upcoming()
        self.model: Transformer = deepcopy(transformer(context))
        self.ablated = ablation.ablated_of(self.model, options.ablate)
        _check(options, self.model)
        self.reading = Reading.of(context, self.upcoming, options)
        self.example = self.reading.example
        if options.key is not None and options.key >= self.reading.seen.steps:
            raise OptionError(
                f"key is {options.key}; this sequence has {self.reading.seen.steps} places",
                path="options.key",
                hint=f"0 to {self.reading.seen.steps - 1}.",
            )
        self.kept = self._forward(self.model)
        self.theta = self.kept.theta[self.example.at].detach()  # (T, K)

    @property
    def row(self) -> int:
        return entry_of(self.options, self.model.spec.width)[0]

    def spot(self, layer: int) -> Spot:
        reading = self.reading
        where = layer, self.options.head, reading.place, self.options.key
        return Spot(self.model, self.kept, self.example.at, *where, reading.labels)

    def stages(self) -> list[Stage]:
        layers = range(1, len(self.model.blocks) + 1)
        first = self.spot(1)
        x = self.example.x[self.example.at]
        found = [
            self._stage("symbols", "forward", "Symbols", "A vector for what is read here", 1,
                        lambda: ahead.symbols(first, x, self.row), EMBED),
            self._stage("positions", "forward", "Positions", "Where this place is",
                        1, lambda: ahead.positions(first, self.row), EMBED),
        ]  # fmt: skip
        for layer in layers:
            found += self._layer(layer)
        found += self._output(layers[-1])
        if self.reading.scored:
            found.append(self._stage("loss", "forward", "Loss", "How improbable the answer is",
                                     layers[-1], self._loss, OUTPUT))  # fmt: skip
            found += self._backward_output(layers[-1])
            for layer in reversed(layers):
                found += self._backward_layer(layer)
            found.append(
                self._stage("back_symbols", "backward", "$E$", "How it depends on the vectors of "
                            "the symbols", 1, self._back_symbols, EMBED)
            )  # fmt: skip
        update = update_stage(self.context, self.options, self.upcoming, self._gradients)
        facts = self._facts(None)
        found.append(
            Stage(update.id, update.group, update.label, update.title,
                  lambda: _with(update.show(), facts))
        )  # fmt: skip
        return found

    def _stage(
        self,
        id: str,
        group: Group,
        label: str,
        title: str,
        layer: int,
        show: Shows,
        section: str = "",
    ) -> Stage:
        """Of a section; without one, of the layer's."""

        def made() -> Shown:
            found = show()
            one = found if isinstance(found, Shown) else Shown(tuple(found), {})
            return _with(one, self._facts(layer))

        return Stage(id, group, label, title, made, section or f"Layer {layer}")

    def _facts(self, layer: int | None) -> dict[str, Any]:
        head = {} if layer is None else {"key": self.spot(layer).key, "layer": layer}
        return {
            **self.reading.facts(),
            **head,
            "head": self.options.head,
            "heads": self.model.spec.heads,
            "layers": len(self.model.blocks),
            "ablate": [list(one) for one in self.ablated],
        }

    # Forward

    def _forward(self, model: Transformer, ablated: Collection[Head] | None = None) -> Stream:
        """The pass without the heads that the options leave out, or those given."""
        x = self.example.x
        draws = self.upcoming.draws if self.example.training else None
        x = x.to(model.head.weight) if x.is_floating_point() else x
        return forward(model, x, draws, self.ablated if ablated is None else ablated)

    def _layer(self, layer: int) -> list[Stage]:
        """The forward stages of one layer."""
        parts = transformer_stages.layer(
            self.spot(layer),
            self.reading,
            self.options,
            self.row,
            lambda show: self._with_heads(layer, show),
        )
        return [
            self._stage(f"{id}{layer}", "forward", label, title, layer, show)
            for id, label, title, show in parts
        ]

    def _with_heads(self, layer: int, show: Shows) -> Shows:
        """What a stage of attention shows, then all heads and what those left out are worth."""

        def made() -> Shown:
            found = show()
            one = found if isinstance(found, Shown) else Shown(tuple(found), {})
            every = glance(self.spot(layer), self.reading, self.kept)
            facts = {**one.facts, **every.facts, **self._ablation}
            return Shown((*one.plots, *every.plots), facts)

        return made

    def _output(self, last: int) -> list[Stage]:
        spot, found = self.spot(last), []
        norm = self.model.norm
        if norm is not None:
            before = spot.named(spot.stream(last), self.kept.last)
            after = spot.named("n_{t}", self.kept.read)
            found.append(
                self._stage("final_norm", "forward", "Norm", "The last norm", last,
                            lambda: layer_norm.forward(norm, before, after, self.row), OUTPUT)
            )  # fmt: skip
        found.append(
            self._stage("output", "forward", "Output", "From the stream to a distribution", last,
                        lambda: self._predicted(spot), OUTPUT)
        )  # fmt: skip
        if sequences(self.context).symbols_out:
            found.append(
                self._stage("sampling", "forward", "Sampling", "What would be drawn here", last,
                            self._sampled, OUTPUT)
            )  # fmt: skip
        return found

    def _predicted(self, spot: Spot) -> list[Plot]:
        plots = [Plot("theta", (ahead.output(spot, self.options.row),), title="Weigh and add")]
        row = entry_of(self.options, self.theta.shape[1])[0]
        predicted = self.reading.prediction(self.theta, spot.query).predicted(row)
        if predicted is not None:
            plots.append(Plot("prediction", (predicted,), title="The distribution of y at t"))
        return [*plots, self.reading.answer(self.theta)]

    def _sampled(self) -> Shown:
        names = shown(sequences(self.context).symbols_out)
        given = self.options.temperature, self.options.top_k
        return sampling(self.theta[self.reading.place], names, *given, self.options.row)

    def _loss(self) -> Shown:
        found = likelihood.loss(self.reading, self.theta)
        if not self.ablated:
            return found
        facts = self._ablation
        plot = ablation.cost_plot(facts["ablation"], self.ablated)
        return Shown((*found.plots, plot), {**found.facts, **facts})

    @cached_property
    def _ablation(self) -> dict[str, Any]:
        """Facts of what the heads that are left out are worth; none if all are there."""
        if not self.ablated:
            return {}
        losses = None
        if self.reading.scored:
            whole = self._forward(self.model, ()).theta.detach()
            losses = float(self._own_loss(whole)), float(self._own_loss(self.kept.theta.detach()))
        return ablation.cost(self.context, self.model, self.ablated, losses)

    # Backward

    @cached_property
    def _derivatives(self) -> Derivatives:
        """Of the example's own loss."""
        return Derivatives(self.kept, self._own_loss(self.kept.theta))

    def _own_loss(self, theta: Tensor) -> Tensor:
        one, y = slice(self.example.at, self.example.at + 1), self.example.y
        y = y.to(theta) if y.is_floating_point() else y
        with torch.enable_grad():
            return self.context.likelihood.nll(theta[one], y[one])

    @cached_property
    def _pairs(self) -> dict[str, Pair]:
        return pairs(self.model, self.example.x, self.kept, self._derivatives)

    def back(self, layer: int) -> Back:
        options = self.options
        return Back(self.spot(layer), self._derivatives, self._pairs, options.row, options.column)

    def _backward_output(self, last: int) -> list[Stage]:
        return [
            self._stage("delta", "backward", r"$\theta$", "How the loss depends on the output here",
                        last, self._by_theta, OUTPUT),
            self._stage("back_output", "backward", "$W_U$", "Back through the output layer", last,
                        lambda: self._checked(self.back(last).output(), "head.weight"), OUTPUT),
            self._stage("back_stream", "backward", "Stream", "How the loss depends on the stream, "
                        "after each part", last, lambda: self.back(last).stream(), OUTPUT),
        ]  # fmt: skip

    def _by_theta(self) -> list[Plot]:
        direct = self._derivatives.by(self.kept.theta)[self.example.at]
        row = entry_of(self.options, direct.shape[1])[0]
        return likelihood.by_theta(self.reading, self.theta, direct, row)

    def _backward_layer(self, layer: int) -> list[Stage]:
        found: list[Stage] = []

        def add(id: str, label: str, title: str, show: Shows) -> None:
            found.append(self._stage(f"{id}{layer}", "backward", label, title, layer, show))

        name = f"layers.{layer - 1}"
        add("back_mlp", "MLP", "Back through the MLP and its matrices",
            lambda: self._checked(self._back_mlp(layer), f"{name}.mlp.hidden.weight",
                                  f"{name}.mlp.out.weight"))  # fmt: skip
        add("back_middle", "Stream $u$", "What the MLP and the identity bring",
            lambda: self.back(layer).into_mlp())  # fmt: skip
        add("back_heads", "Heads", "Back through the output matrix", self._with_heads(layer,
            lambda: self._checked(self._back_heads(layer), f"{name}.attention.out.weight")
            ))  # fmt: skip
        add("back_shares", "Shares", "Back through the softmax of the row", self._with_heads(layer,
            lambda: attention_back.softmax(self.back(layer))))  # fmt: skip
        add("back_qkv", "Q, K, V", "From the scores to query, key and value",
            self._with_heads(layer, lambda: attention_back.qkv(self.back(layer))))  # fmt: skip
        add("back_attention", "Stream $h$", "What attention and the identity bring",
            self._with_heads(layer, lambda: self._checked(
                [*self.back(layer).into_attention(), *attention_back.matrices(self.back(layer))],
                f"{name}.attention.qkv.weight")))  # fmt: skip
        return found

    def _back_mlp(self, layer: int) -> list[Plot]:
        back = self.back(layer)
        values, after = back.spot.values.mlp, back.spot.stream(layer)
        return [*self._after(back, values, after), *back.change(values), *back.mlp()]

    def _back_heads(self, layer: int) -> list[Plot]:
        back = self.back(layer)
        values = back.spot.values.attention
        plots = [*self._after(back, values, back.spot.middle), *back.change(values)]
        return [*plots, *attention_back.heads(back)]

    @staticmethod
    def _after(back: Back, added: Added, after: str) -> list[Plot]:
        """Through a part's norm, if it stands after the sum."""
        layer = back.spot.layer
        norm = layer.mlp_norm if added is back.spot.values.mlp else layer.attention_norm
        return back.after_norm(added, norm, after) if norm and layer.norm == "after" else []

    def _back_symbols(self) -> Shown:
        name, by = "embedding.weight", r"\frac{\partial \ell}{\partial e_t}"
        if self.model.data.symbols_in:
            asked = "E", "x_t", by, "A term for every place that reads the symbol", ("S", "G")
        else:
            asked = "W_{E}", by, "x_t", "A term for every place", ("G", "X")
        return self._checked([self.back(1).gradient(name, *asked)], name)

    def _checked(self, plots: list[Plot], *names: str) -> Shown:
        """With each gradient found in three ways, all without the heads that are left out."""
        model, example = deepcopy(self.model).double(), self.example
        kept = self._forward(model)
        x = example.x.double() if example.x.is_floating_point() else example.x
        written = pairs(model, x, kept, Derivatives(kept, self._own_loss(kept.theta)))
        checks = []
        for name in names:
            at = entry_of(self.options, *model.get_parameter(name).shape)
            one = check(self.context, self.upcoming, example, name, at, self._pieces, self._theta)
            checks.append(one.document(written[name].of(example.at).detach()))
        return Shown(tuple(plots), {"checks": checks})

    def _theta(self, model: Network, x: Tensor, draws: StepRandom | None) -> Tensor:
        """θ of a copy of the model, without the heads that are left out."""
        assert isinstance(model, Transformer)
        if not self.ablated:
            return model(x, draws)  # type: ignore[no-any-return]  # of a module
        return stream(model, x, draws, self.ablated).theta

    def _pieces(self, model: Network, x: Tensor) -> Tensor | None:
        """Which pieces of a piecewise linear activation the example's z lie in."""
        assert isinstance(model, Transformer)
        row = model.blocks[0].mlp.row
        if row.pieces is None:
            return None
        breaks, _, _ = row.pieces(model.blocks[0].mlp.knobs)
        kept = self._forward(model)
        z = torch.cat([one.z[self.example.at].flatten() for one in kept.layers]).detach()
        return torch.bucketize(z, torch.tensor(breaks).to(z))

    # Update

    def _gradients(self) -> Gradients:
        """The minibatch's as the step computes them, and the derivatives of each example's loss."""
        model, upcoming = deepcopy(transformer(self.context)), self.upcoming
        x, y = upcoming.x, upcoming.y
        nll = self.context.likelihood.nll
        with torch.enable_grad():
            nll(model(x, upcoming.draws()), y).backward()  # type: ignore[no-untyped-call]  # torch's own
            kept = forward(model, x, upcoming.draws)
            each: dict[str, Pair] = pairs(model, x, kept, Derivatives(kept, nll(kept.theta, y)))
        mean = {name: p.grad for name, p in model.named_parameters() if p.grad is not None}
        return Gradients(mean, lambda name, index: each[name].each(index) * len(x))


def _check(options: StepByStepOptions, model: Transformer) -> None:
    if options.head > model.spec.heads:
        raise OptionError(
            f"There is no head {options.head}",
            path="options.head",
            hint=f"1 to {model.spec.heads}.",
        )


def _with(one: Shown, facts: dict[str, Any]) -> Shown:
    return Shown(one.plots, {**facts, **one.facts})
