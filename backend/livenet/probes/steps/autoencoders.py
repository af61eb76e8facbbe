"""The walks through autoencoders: encoder, code, decoder, loss, and back.

Layers count from 1, through the encoder, the code layer and the decoder. What goes into an
activation is a, since z is the code.
"""

from __future__ import annotations

import numpy as np
from torch import Tensor
from torch.nn import functional

from livenet.models import Network, StepRandom
from livenet.models.autoencoder import Autoencoder, Vae, sampled
from livenet.models.autoencoder import Layer as Module
from livenet.models.halving import Doubling, Halving
from livenet.models.mlp import Dense
from livenet.pictures import Equation, Plot, Sign, Term
from livenet.probes.autoencoders.codes import likelihood
from livenet.probes.images.kernels import Kernel
from livenet.probes.steps import evidence
from livenet.probes.steps.equations import Named, explained, number, operand, product
from livenet.probes.steps.layered import Layer, LayeredWalk, Recorded, picture_of
from livenet.probes.steps.operations.operation import Value, kept
from livenet.probes.steps.operations.pixels import PIXELS, PixelOperation
from livenet.probes.steps.operations.pooling import Upsampling
from livenet.probes.steps.operations.recorder import Recorder
from livenet.probes.steps.operations.sampling import Sampling
from livenet.probes.steps.posterior import MOST_DIMENSIONS, bound
from livenet.probes.steps.walk import Shown, Stage
from livenet.spec.model import Autoencoding
from livenet.spec.model.autoencoder_layers import shapes
from livenet.training.evidence import kl_by_dimension

DENSE = ("Weigh, add, and apply the activation", "How the loss depends on a, W and b")
CONVOLVED = ("Slide kernels, apply the activation", "How the loss depends on kernels and input")
CODE = ("The image in a few numbers", "How the loss depends on the code layer")
PIXEL = ("From the last layer to a distribution of images", "Where the way back begins")
SAMPLE = ("Draw a code from the posterior", "Through the sample, to μ and log σ²")
SCORED = ("Draw a code from the posterior", "By the score function, to μ and log σ²")
STRIDES: dict[type[Module], int] = {Halving: 2, Doubling: 1}
"""Of the layers that convolve."""


class AutoencoderWalk(LayeredWalk):
    """The stages of one image: ``input``, ``encoder1`` …, ``code``, ``decoder1`` …, ``pixels``,
    ``loss``, and backward ``delta_pixels``, ``delta_decoder1`` … Fact of ``loss``: ``loss``, in
    nats."""

    def recorded(self, model: Network, x: Value, draws: StepRandom | None) -> Recorded:
        assert isinstance(model, Autoencoder)
        layers = self._encoded(model, x, draws)
        layers += self._decoded(model, layers[-1].operations[-1].result, draws)
        theta = layers[-1].operations[-1].result.tensor
        one = self._one
        return Recorded(layers, self.context.likelihood.nll(theta[one], self._y(theta)[one]))

    @property
    def _one(self) -> slice:
        return slice(self.example.at, self.example.at + 1)

    def _y(self, theta: Tensor) -> Tensor:
        """The images in the precision of θ."""
        return self.example.y.to(theta.dtype)

    @property
    def _conv(self) -> bool:
        model = self.context.spec.model
        assert isinstance(model, Autoencoding)
        return model.form == "conv"

    def _encoded(self, model: Autoencoder, value: Value, draws: StepRandom | None) -> list[Layer]:
        layers = []
        for place, module in enumerate(model.down):
            made = Recorder(value, f"{place + 1}", f"encoder.{place}", draws, "a")
            _flattened(made, dense=not self._conv)
            tensor = _linear(made, module)
            _applied(made, module, made.kept("a", tensor))
            assert module.chosen is not None
            made.activated_and_dropped(module.chosen)
            words = CONVOLVED if self._conv else DENSE
            layers.append(self._stage(f"encoder{place + 1}", place, words, made))
            value = made.value
        place = len(model.down)
        made = Recorder(value, f"{place + 1}", "code", draws, "a")
        _flattened(made, dense=True)
        symbol = "c" if isinstance(model, Vae) else "z"
        _applied(made, model.code, kept(symbol, _linear(made, model.code)))
        return [*layers, self._stage("code", place, CODE, made)]

    def _decoded(self, model: Autoencoder, z: Value, draws: StepRandom | None) -> list[Layer]:
        start = shapes(self.context.spec)[1][1] if self._conv else None
        first = len(self.context.spec.layers) - len(model.up)  # in the spec's list
        number = len(model.down) + 2
        layers: list[Layer] = []
        value, last = z, len(model.up) - 1
        for place, module in enumerate(model.up):
            made = Recorder(value, f"{number + place}", f"decoder.{place}", draws, "a")
            tensor = _linear(made, module)
            if place == last:
                layers.append(self._pixels(made, module, tensor, model.image, first + place))
                break
            _applied(made, module, made.kept("a", tensor))
            assert module.chosen is not None
            curve = not isinstance(module, Doubling)
            if place == 0 and start is not None:
                made.activated(module.chosen, "s")
                maps = made.value.tensor.view(-1, *start)
                made.reshaped(made.kept("t" if made.drops else "h", maps))
                if made.drops:
                    made.dropped()
            else:
                made.activated_and_dropped(module.chosen, curve=curve)
            words = CONVOLVED if isinstance(module, Doubling) else DENSE
            layers.append(self._stage(f"decoder{place + 1}", first + place, words, made))
            value = made.value
        return layers

    def _pixels(
        self, made: Recorder, module: Module, tensor: Tensor, image: tuple[int, ...], place: int
    ) -> Layer:
        """The last layer, whose result is θ (B, 1, H, W)."""
        if tensor.dim() == 2:
            _applied(made, module, made.kept("a", tensor))
            made.reshaped(kept(r"\theta", tensor.view(-1, *image)))
        else:
            _applied(made, module, kept(r"\theta", tensor))
        chosen = PIXELS[type(self.context.spec.objective)]
        theta = made.value
        made.add(chosen(theta, likelihood(self.context), self._y(theta.tensor)))
        return self._stage("pixels", place, PIXEL, made)

    def _stage(self, name: str, place: int, words: tuple[str, str], made: Recorder) -> Layer:
        label = self.context.spec.layers[place].label
        return Layer(name, f"delta_{name}", label, *words, made.operations)

    def _prediction(self) -> PixelOperation:
        found = self.layers[-1].operations[-1]
        assert isinstance(found, PixelOperation)
        return found

    def _images(self) -> tuple[Plot, Plot]:
        """The example, and the mean of the distribution that the network makes of it."""
        mean = self._prediction().mean(self.place).values
        return self._image(None), picture_of("mean", "The reconstruction", mean)

    def loss(self) -> Shown:
        mark = self._prediction().reconstruction(self.place, r"\ell")
        plots = (Plot("loss", (mark,), title="The loss, pixel by pixel"), *self._images())
        return Shown(plots, {"loss": self._prediction().total(self.place)})


class VaeWalk(AutoencoderWalk):
    """The same with a sampled code, in the stages ``sample`` and ``delta_sample``: ε is the step's,
    or in testing that of the measured loss.

    Facts of ``loss``, in nats: ``reconstruction`` (log p(x | z)), ``kl``, ``elbo``, and ``loss``,
    where ``beta`` weighs the divergence. With two latent dimensions there is the stage ``bound``.
    """

    def recorded(self, model: Network, x: Value, draws: StepRandom | None) -> Recorded:
        assert isinstance(model, Vae)
        layers = self._encoded(model, x, draws)
        code = layers[-1].operations[-1].result
        mu, log_variance = code.tensor.chunk(2, dim=1)
        noise = evidence.drawn(self.context, mu, draws, self.example.number)
        through = evidence.reparameterized(self.context)
        z = sampled(mu, log_variance, noise)
        value = kept("z", z if through else z.detach())
        after = self._decoded(model, value, draws)
        theta = after[-1].operations[-1].result.tensor
        one = self._one
        negative = self.context.likelihood.nll(theta[one], self._y(theta)[one])
        kl = kl_by_dimension(mu, log_variance)[self.example.at].sum()
        loss = negative + evidence.beta(self.context) * kl
        reward = None
        if not through:
            reward = float(negative.detach())
            log_q = evidence.log_density(value.tensor, mu, log_variance)
            loss = loss + reward * log_q[self.example.at]
        made = Sampling(code, value, noise, evidence.beta(self.context), reward)
        words = SAMPLE if through else SCORED
        label = self.context.spec.layers[len(model.down) + 1].label
        sample = Layer("sample", "delta_sample", label, *words, [made])
        return Recorded([*layers, sample, *after], loss)

    def after(self) -> list[Stage]:
        model = self.context.model
        assert isinstance(model, Vae)
        stages = super().after()
        if model.latent <= MOST_DIMENSIONS:
            title = "How far the bound is below log p(x): the true posterior beside q(z | x)"
            stages.append(Stage("bound", "forward", "Bound", title, self._bound))
        return stages

    def _sampling(self) -> Sampling:
        (found,) = (
            one for layer in self.layers for one in layer.operations if isinstance(one, Sampling)
        )
        return found

    def loss(self) -> Shown:
        sampling, prediction = self._sampling(), self._prediction()
        negative = prediction.total(self.place)
        kl, beta = float(sampling.kl(self.place).sum()), evidence.beta(self.context)
        plots = (
            Plot(
                "reconstruction",
                (prediction.reconstruction(self.place, "R"),),
                title="The reconstruction, pixel by pixel",
            ),
            Plot(
                "kl",
                (sampling.divergence(self.place),),
                title="The divergence from the prior, dimension by dimension",
            ),
            Plot("loss", (_total(negative, kl, beta),), title="The loss"),
            *self._images(),
        )
        facts = {
            "reconstruction": -negative,
            "kl": kl,
            "beta": beta,
            "elbo": -negative - kl,
            "loss": negative + beta * kl,
        }
        return Shown(plots, facts)

    def _bound(self) -> Shown:
        x = self.example.x[self._one]
        z = self._sampling().result.tensor[self.example.at].detach()
        return bound(self.context, x, self.example.y[self._one], z)


def _total(negative: float, kl: float, beta: float) -> Equation:
    """ℓ = R + β KL."""
    result = Named(r"\ell", np.array([[negative + beta * kl]]))
    items = (
        operand(Named("R", np.array([[negative]])), 0, 0),
        Sign(rf"+\ {number(beta)}\ \times"),
        operand(Named(r"\mathrm{KL}", np.array([[kl]])), 0, 0),
    )
    terms = (
        Term("R", "", negative, ((2, 0, 0),)),
        Term(r"\beta\, \mathrm{KL}", product((beta, kl)), beta * kl, ((4, 0, 0),)),
    )
    formula = r"\ell = R + \beta\, \mathrm{KL}" + (r" = -\mathrm{ELBO}" if beta == 1 else "")
    return explained(result, items, terms, formula=formula, at=(0, 0))


def _flattened(made: Recorder, *, dense: bool) -> None:
    """Maps as a vector, before a dense layer."""
    if dense and made.value.tensor.dim() == 4:
        made.reshaped(made.kept("v", made.value.tensor.flatten(1)))


def _linear(made: Recorder, module: Module) -> Tensor:
    """What a layer makes of the present value before its activation; records its upsampling."""
    if isinstance(module, Doubling):
        tensor = functional.interpolate(made.value.tensor, size=module.size)
        made.add(Upsampling(made.value, made.kept("u", tensor)))
    h = made.value.tensor
    if isinstance(module, Dense):
        found: Tensor = module.z(h)
        return found
    stride = STRIDES[type(module)]
    return functional.conv2d(h, module.weight, module.bias, stride=stride, padding=1)


def _applied(made: Recorder, module: Module, result: Value) -> None:
    """Records the linear part of a layer."""
    if isinstance(module, Dense):
        made.dense(module.weight, module.bias, result)
        return
    stride = STRIDES[type(module)]
    made.convolved(Kernel(module.weight, module.bias, stride, 1, 1, circular=False), result)
