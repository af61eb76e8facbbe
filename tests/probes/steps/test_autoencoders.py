"""The walks through autoencoders: against NumPy, SciPy, float64 autograd and differences."""

from typing import Any

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose
from scipy.integrate import quad
from scipy.stats import bernoulli, multivariate_normal, norm

from livenet.budget import Budget
from livenet.models.autoencoder import Vae
from livenet.pictures import Matrix
from livenet.probes.context import Context
from livenet.probes.steps.autoencoders import AutoencoderWalk, VaeWalk
from livenet.probes.steps.check import loss_of
from livenet.probes.steps.losses import gradients
from livenet.probes.steps.rows import StepByStepOptions
from livenet.spec.objective import Gaussian
from livenet.training import Trainer
from livenet.training.evidence import Evidence
from livenet.training.pixels import pixels
from tests.budgets import Ticking
from tests.models.every import EVERY, Document
from tests.probes.helpers import everything, mark
from tests.probes.steps.autoencoder_by_hand import ByHand
from tests.probes.steps.cnn_by_hand import Floats
from tests.probes.steps.holding import (
    all_hold,
    equations,
    near,
    result_of,
    run_of,
    stage,
    stages,
    worked,
)
from tests.training.runs import OPTIMIZERS, names, steps

DIGITS = EVERY["cnn"]["data"]
DROPOUT = {"dropout": 0.2}


def _model(kind: str, activation: Any, hidden: list[int], **more: Any) -> Document:
    sections: Document = {
        key: more.pop(key) for key in ("regularization", "objective") if key in more
    }
    model: Document = {"kind": kind, "activation": activation, "hidden": hidden, **more}
    return {"data": DIGITS, "model": model, **sections}


RUNS: dict[str, Document] = {
    **{name: EVERY[name] for name in ("autoencoder", "autoencoder conv", "vae", "vae conv")},
    "dropped": _model("autoencoder", "gelu", [9, 6], regularization=DROPOUT),
    "dropped vae": _model("vae", "tanh", [3, 4], form="conv", beta=2.5, regularization=DROPOUT),
    "by score": _model(
        "vae", "tanh", [12], reparameterized=False, beta=0.5, regularization=DROPOUT
    ),
    "soft": _model("vae", "softmax", [3, 4], form="conv", regularization=DROPOUT),
    "without hidden layers": _model("vae", "relu", [], objective={"kind": "gaussian"}),
}
VAES = [name for name, run in RUNS.items() if run["model"]["kind"] == "vae"]
ENTRIES: list[dict[str, Any]] = [
    {"example": 2},
    {"example": 5, "row": 3, "column": 4, "channel": 1, "input": 1},
    {"part": "test", "example": 1, "row": 6, "column": 2, "channel": 2, "input": 3},
    {"part": "train", "example": 4, "row": 99, "column": 99, "channel": 99, "input": 99},
]


def _walk(context: Context, options: dict[str, Any]) -> AutoencoderWalk:
    made = VaeWalk if isinstance(context.model, Vae) else AutoencoderWalk
    return made(context, StepByStepOptions(**options))


def _by_hand(one: Trainer, options: dict[str, Any]) -> tuple[ByHand, int]:
    """The forward pass of the options' example, and its place in the batch."""
    upcoming = Context.of(one).upcoming()
    row, batch = options["example"], "part" not in options
    draws = upcoming.draws()
    x = upcoming.x if batch else one.parts[options["part"]][0][row : row + 1]

    def mask(shape: tuple[int, ...]) -> Floats:
        return draws.mask(torch.zeros(shape)).numpy().astype(np.float64)

    def noise(shape: tuple[int, ...]) -> Floats:
        if batch:
            return draws.normal(torch.zeros(shape)).numpy().astype(np.float64)
        assert isinstance(one.objective, Evidence)
        return one.objective.noise(row, 1).numpy().astype(np.float64)

    drops = one.spec.regularization.dropout > 0 and batch
    found = ByHand(one.spec, one.weights(), x.numpy(), mask if drops else None, noise)
    return found, row if batch else 0


@pytest.mark.parametrize("name", RUNS)
@pytest.mark.parametrize("options", ENTRIES[1:3], ids=["batch", "test"])
def test_the_forward_pass_against_numpy(name: str, options: dict[str, Any]) -> None:
    one = run_of(RUNS[name], 2)
    by_hand, at = _by_hand(one, options)
    seen = 0
    for picture in stages(Context.of(one), **options):
        for plot, equation in equations(picture).items():
            expected = by_hand.values.get((picture.facts["stage"], plot))
            if expected is None:
                continue
            result, own = result_of(equation), expected[at]
            if own.ndim == 3 and plot == "h" and name == "soft":  # over the channels at a pixel
                height, width = own.shape[1:]
                own = own[:, min(options["row"], height - 1), min(options["column"], width - 1)]
            elif own.ndim == 3:
                own = own[min(options["channel"], len(own) - 1)]
            own = own.reshape(len(own), -1)
            assert (result.rows, result.columns) == own.shape
            part = own[result.row :, result.column :]
            part = part[: len(result.values), : result.values.shape[1]]
            assert_allclose(result.values, part, rtol=2e-4, atol=2e-5)
            seen += 1
    assert seen == len(by_hand.values)


@pytest.mark.parametrize("name", RUNS)
@pytest.mark.parametrize("options", ENTRIES[1:3], ids=["batch", "test"])
def test_the_image_stands_beside_what_is_made_of_it(name: str, options: dict[str, Any]) -> None:
    one = run_of(RUNS[name], 2)
    by_hand, at = _by_hand(one, options)
    x = _walk(Context.of(one), options).example.x[at, 0].numpy()
    mean = by_hand.values.get(("pixels", "prediction"), by_hand.theta)[at, 0]
    shown = stage(Context.of(one), "loss", **options)
    assert_allclose(mark(shown, Matrix, "mean").values, mean, rtol=2e-3, atol=2e-3)
    for id in ("loss", "code", "delta_code"):
        beside = stage(Context.of(one), id, **options)
        assert_allclose(mark(beside, Matrix, "image").values, x, rtol=1e-3)


@pytest.mark.parametrize("name", RUNS)
@pytest.mark.parametrize("options", ENTRIES[1:3], ids=["batch", "test"])
def test_the_loss_against_scipy(name: str, options: dict[str, Any]) -> None:
    one = run_of(RUNS[name], 2)
    by_hand, at = _by_hand(one, options)
    facts = stage(Context.of(one), "loss", **options).facts
    x = _walk(Context.of(one), options).example.y[at].numpy()
    if isinstance(one.spec.objective, Gaussian):
        log_p = norm(by_hand.theta[at], one.spec.objective.sigma).logpdf(x).sum()
    else:
        log_p = bernoulli(by_hand.values["pixels", "prediction"][at]).logpmf(x).sum()
    if "elbo" not in facts:
        assert_allclose(facts["loss"], -log_p, rtol=1e-5)
        return
    kl = 0.0
    for mu, log_variance in zip(by_hand.mu[at], by_hand.log_variance[at], strict=True):
        q = norm(mu, np.exp(0.5 * log_variance))
        ends = q.mean() - 12 * q.std(), q.mean() + 12 * q.std()
        kl += quad(lambda z, q=q: q.pdf(z) * (q.logpdf(z) - norm.logpdf(z)), *ends)[0]
    assert_allclose(facts["reconstruction"], log_p, rtol=1e-5)
    assert_allclose(facts["kl"], kl, rtol=1e-4, atol=1e-6)
    assert_allclose(facts["elbo"], log_p - kl, rtol=1e-5)
    beta = RUNS[name]["model"].get("beta", 1.0)
    assert_allclose(facts["loss"], beta * kl - log_p, rtol=1e-5)


@pytest.mark.parametrize("name", RUNS)
def test_the_recorded_pass_is_the_models(name: str) -> None:
    context = Context.of(run_of(RUNS[name], 2))
    walk = _walk(context, ENTRIES[1])
    theta = walk.layers[-1].operations[-1].result.tensor
    with torch.no_grad():
        assert torch.equal(theta, walk.model(walk.example.x, walk.upcoming.draws()))


@pytest.mark.parametrize("name", RUNS)
def test_derivatives_three_ways(name: str) -> None:
    one = run_of(RUNS[name], 2)
    checked, smooth = set(), 0
    for options in ENTRIES:
        for picture in stages(Context.of(one), **options):
            all_hold(picture)
            for check in picture.facts.get("checks", []):
                near(check["written"], check["autograd"], 1e-9)
                assert check["apart"] < 1e-9
                checked.add(check["parameter"])
                if not check["kink"]:
                    near(check["difference"], check["autograd"], 1e-5)
                    smooth += 1
    parameters = {name for name, _ in one.model.named_parameters()}
    assert checked == parameters
    assert smooth > len(parameters)


@pytest.mark.parametrize("name", [name for name in RUNS if name != "by score"])
def test_the_derivative_by_a_pixel_is_a_difference(name: str) -> None:
    one = run_of(RUNS[name], 2)
    context = Context.of(one)
    options = {"example": 3, "row": 4, "column": 3}
    walk = _walk(context, options)
    if RUNS[name]["model"].get("form") != "conv":
        options["row"] = 4 * 8 + 3  # of the image as a vector
    first = walk.layers[0].back
    found = worked(stage(context, first, **options), "e")
    width, ends = 1e-6, []
    for sign in (1, -1):
        x = walk.example.x.clone().double()
        x[3, 0, 4, 3] += sign * width
        example = walk.example.__class__(**{**vars(walk.example), "x": x})
        with torch.no_grad():
            ends.append(float(loss_of(context, walk.upcoming, example, walk.model.double())))
    near(found.value, (ends[0] - ends[1]) / (2 * width), 2e-3)


@pytest.mark.parametrize(
    ("name", "optimizer"),
    [*(("dropped vae", one) for one in OPTIMIZERS), ("by score", {"kind": "adam", "lr": 0.02})],
    ids=lambda one: one if isinstance(one, str) else names(one),
)
def test_the_update_is_the_next_step(name: str, optimizer: Document) -> None:
    document = {**RUNS[name], "optimizer": optimizer}
    document["regularization"] = {"l2": 0.01, "l1": 0.001, "dropout": 0.2}
    one = run_of(document, 3)
    context = Context.of(one)
    chosen, shown = {"row": 1, "column": 2}, {}
    for parameter in one.parameters():
        picture = stage(context, "update", parameter=parameter, **chosen)
        all_hold(picture)
        shown[parameter] = picture.facts
    one.step()
    after = one.weights()
    for parameter, facts in shown.items():
        expected = after[parameter][tuple(facts["index"])]
        assert_allclose(facts["updated"], expected, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("name", RUNS)
def test_each_examples_derivative(name: str) -> None:
    """Their mean is the minibatch's gradient, as the step computes it."""
    context = Context.of(run_of(RUNS[name], 2))
    upcoming = context.upcoming()
    found = gradients(context, upcoming)
    for parameter, weight in context.model.named_parameters():
        index = tuple(size - 1 for size in weight.shape)
        each = found.each(parameter, index)
        assert each.shape == (len(upcoming.x),)
        mean = float(found.mean[parameter][index])
        assert_allclose(float(each.mean()), mean, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("name", ["dropped", "dropped vae", "by score"])
def test_a_look_changes_nothing(name: str) -> None:
    seen, unseen = (run_of(RUNS[name], 2) for _ in range(2))
    before = everything(seen)
    for options in ENTRIES:
        for _ in stages(Context.of(seen), **options):
            pass
    assert everything(seen) == before
    assert everything(steps(seen, 3)) == everything(steps(unseen, 3))


def test_the_score_functions_gradient_has_the_samples_mean() -> None:
    """∂ℓ/∂μ of many draws of ε: both ways to it have one expectation."""
    mu, sigma = 0.4, 0.7
    noise = np.random.default_rng(0).standard_normal(400_000)
    z = mu + sigma * noise
    loss = (z - 1.0) ** 2  # its derivative by z is 2 (z − 1)
    by_score = loss * noise / sigma
    assert_allclose(by_score.mean(), 2 * (mu - 1.0), atol=0.02)
    by_variance = 0.5 * loss * (noise**2 - 1)
    assert_allclose(by_variance.mean(), (0.5 * sigma * noise * 2 * (z - 1.0)).mean(), atol=0.02)


def _linear_gaussian() -> tuple[Trainer, Document]:
    """A decoder without hidden layers: p(x) and p(z | x) are Gaussian, in closed form."""
    one = run_of(RUNS["without hidden layers"], 12)
    return one, {"example": 3}


def test_the_bound_of_a_linear_decoder_is_probabilistic_pca() -> None:
    """log p(x) of N(b, W Wᵀ + σ² I) (Tipping and Bishop 1999), and KL between two Gaussians."""
    one, options = _linear_gaussian()
    w, b = (one.weights()[f"decoder.0.{name}"].astype(np.float64) for name in ("weight", "bias"))
    assert isinstance(one.spec.objective, Gaussian)
    s2 = one.spec.objective.sigma**2
    context = Context.of(one)
    walk = _walk(context, options)
    x = walk.example.y[3].numpy().ravel().astype(np.float64)
    evidence = multivariate_normal(b, w @ w.T + s2 * np.eye(len(b))).logpdf(x)
    precision = np.eye(2) + w.T @ w / s2
    spread = np.linalg.inv(precision)
    mean = spread @ w.T @ (x - b) / s2
    by_hand, at = _by_hand(one, options)
    mu, variance = by_hand.mu[at], np.exp(by_hand.log_variance[at])
    kl = 0.5 * (
        np.trace(precision @ np.diag(variance))
        + (mean - mu) @ precision @ (mean - mu)
        - 2
        + np.log(np.linalg.det(spread) / variance.prod())
    )
    facts = stage(context, "bound", **options).facts
    assert_allclose(facts["log_evidence"], evidence, rtol=1e-5)
    assert_allclose(facts["divergence"], kl, rtol=1e-5)
    assert_allclose(facts["gap"], kl, rtol=1e-4)


@pytest.mark.parametrize("name", ["vae", "dropped vae", "by score", "soft"])
def test_what_the_bound_leaves_out_is_the_divergence(name: str) -> None:
    """Both sides of log p(x) − ELBO = KL(q ‖ p(z | x)); the ELBO by Gauss-Hermite quadrature."""
    one = run_of(RUNS[name], 5)
    model = one.model
    assert isinstance(model, Vae)
    nodes, weights = np.polynomial.hermite_e.hermegauss(60)
    for options in ENTRIES:
        context = Context.of(one)  # each with a budget of its own
        picture = stage(context, "bound", **options)
        facts = picture.facts
        assert_allclose(facts["gap"], facts["divergence"], atol=2e-3)
        assert facts["gap"] > 0
        all_hold(picture)
        at = options["example"]
        x, y = (tensor[at : at + 1] for tensor in _tensors(context, options))
        with torch.no_grad():
            mu, log_variance = (part[0].double() for part in model.posterior(x))
            grid = torch.cartesian_prod(torch.from_numpy(nodes), torch.from_numpy(nodes))
            z = mu + (0.5 * log_variance).exp() * grid
            theta = model.decode(z.float())
            each = pixels(one.spec).each(theta, y.expand(len(z), 1, 8, 8))
        both = np.outer(weights, weights).ravel() / weights.sum() ** 2
        kl = 0.5 * (mu**2 + log_variance.exp() - log_variance - 1).sum()
        assert_allclose(facts["elbo"], both @ each.numpy() - float(kl), atol=2e-2)


def _tensors(context: Context, options: dict[str, Any]) -> tuple[Any, Any]:
    if "part" in options:
        return context.parts[options["part"]]
    return context.upcoming().x, context.upcoming().y


def test_a_budget_ends_the_grids() -> None:
    one = run_of(RUNS["vae"], 2)
    picture = stage(Context.of(one, budget=Budget(40, Ticking())), "bound")
    assert "of a grid" in picture.facts["incomplete"]
    assert picture.facts["gap"] is None
    assert [plot.id for plot in picture.plots] == ["posterior"]


@pytest.mark.parametrize("name", VAES)
def test_the_bound_is_shown_on_a_plane(name: str) -> None:
    one = run_of(RUNS[name], 0)
    ids = [found["id"] for found in stage(Context.of(one), "input").facts["stages"]]
    assert ("bound" in ids) == (RUNS[name]["model"].get("latent", 2) == 2)


@pytest.mark.parametrize("name", ["autoencoder conv", "vae", "by score"])
def test_a_diverged_network_is_shown(name: str) -> None:
    one = run_of(RUNS[name], 1)
    one.flat.phi.fill_(float("nan"))
    for picture in stages(Context.of(one)):
        assert picture.plots
