"""Probes of autoencoders: the numbers in their pictures, against NumPy and the model itself."""

import json
from typing import Any

import numpy as np
import pytest
import torch

from livenet.errors import OptionError
from livenet.models.autoencoder import Autoencoder, Vae
from livenet.pictures import Area, Bars, Images, Line, Points
from livenet.presets import PRESETS
from livenet.probes.autoencoders.bound import log_weights
from livenet.probes.autoencoders.code_sampling import sample_codes
from livenet.probes.autoencoders.codes import Codes, codes, likelihood, plane
from livenet.probes.autoencoders.reconstructions import in_turns
from livenet.probes.autoencoders.rows import ROWS
from livenet.probes.autoencoders.semi_supervised import labelled, scores
from livenet.probes.context import Context
from livenet.spec import resolve
from livenet.training import Trainer
from livenet.wire.frame import document
from tests.probes.helpers import mark, picture_of, trained

KINDS: dict[str, dict[str, Any]] = {
    "vae": {"kind": "vae"},
    "wide vae": {"kind": "vae", "latent": 5},
    "autoencoder": {"kind": "autoencoder"},
    "conv vae": {"kind": "vae", "form": "conv"},
}
EACH = pytest.mark.parametrize("name", KINDS)


def made(name: str = "vae", steps: int = 3, **sections: Any) -> Trainer:
    return trained({"data": {"kind": "digits"}, "model": KINDS[name], **sections}, steps)


def model_of(one: Trainer) -> Autoencoder:
    assert isinstance(one.model, Autoencoder)
    return one.model


@pytest.mark.parametrize("part", ["train", "test"])
def test_images_are_black_and_white(part: str) -> None:
    """Images are drawn as the model reads them: black and white where pixels are Bernoulli."""
    one = made()
    values = mark(picture_of(one, "reconstructions", part=part), Images).values
    assert set(np.unique(values[:10])) == {0.0, 1.0}


@EACH
def test_the_scatter_is_where_images_are_encoded(name: str) -> None:
    one = made(name)
    model, picture = model_of(one), picture_of(one, "latents")
    with torch.no_grad():
        z = model.mean_code(one.parts["test"][0]).numpy()
    found = mark(picture, Points)
    assert found.values.tolist() == one.data.test_y.tolist()
    assert picture.facts["classes"] == [str(digit) for digit in range(10)]
    at = np.stack([found.x, found.y], axis=1)
    if z.shape[1] == 2:
        assert at == pytest.approx(z, abs=1e-5)
    else:  # principal directions: distances shrink, by as much as the facts say
        centred, shown = z - z.mean(0), at - at.mean(0)
        share = sum(picture.facts["explained variance"])
        assert (shown**2).sum() / (centred**2).sum() == pytest.approx(share, abs=1e-3)
    assert (found.ellipses is None) == (name == "autoencoder")
    circles = [m for m in picture.plots[0].marks if isinstance(m, Line)]
    assert len(circles) == (0 if name == "autoencoder" else 3)
    for radius, circle in enumerate(circles, start=1):
        assert np.hypot(circle.x, circle.y) == pytest.approx(radius, abs=1e-5)
    axes = picture.plots[0].x, picture.plots[0].y
    for axis, values in zip(axes, at.T, strict=True):
        assert axis is not None
        assert axis.low <= values.min() <= values.max() <= axis.high


def random_codes(width: int) -> Codes:
    draw = np.random.default_rng(0)
    mixed = draw.standard_normal((400, width)) @ draw.standard_normal((width, width)) + 3.0
    return Codes(mixed, draw.uniform(0.2, 2.0, (400, width)), np.zeros(400), "test")


def test_the_plane_is_that_of_the_largest_variances() -> None:
    """By the eigenvectors of the covariance."""
    found = random_codes(6)
    surface = plane(found)
    variances, directions = np.linalg.eigh(np.cov(found.mean.T))  # ascending
    first_two = directions[:, :-3:-1]
    assert np.abs(np.sum(surface.basis * first_two, axis=0)) == pytest.approx(1.0)
    assert surface.shares == pytest.approx(variances[:-3:-1] / variances.sum())
    centre = surface.project(found.mean.mean(0)[None])
    assert surface.lift(centre)[0] == pytest.approx(found.mean.mean(0))  # through the mean
    back = surface.project(surface.lift(np.array([[0.3, -2.0]])))
    assert back[0] == pytest.approx([0.3, -2.0])


def test_ellipses_are_projected_covariances() -> None:
    found = random_codes(5)
    surface = plane(found)
    assert found.sigma is not None
    for sigma, (a, b, angle) in zip(found.sigma, surface.ellipses(found.sigma), strict=True):
        expected = surface.basis.T @ np.diag(sigma**2) @ surface.basis
        turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        assert turn @ np.diag([a**2, b**2]) @ turn.T == pytest.approx(expected)
        assert a >= b


@EACH
def test_the_grid_decodes_its_own_coordinates(name: str) -> None:
    one = made(name)
    picture = picture_of(one, "latent_grid", size=5)
    found = mark(picture, Images)
    surface = plane(codes(Context.of(one)))
    x, y = picture.facts["x"], picture.facts["y"]
    assert x == sorted(x)
    assert y == sorted(y, reverse=True)  # the first row is on top
    for place in (0, 7, 24):
        point = np.array([[x[place % 5], y[place // 5]]])
        with torch.no_grad():
            theta = model_of(one).decode(torch.from_numpy(surface.lift(point)).float())
        assert found.values[place] == pytest.approx(theta.sigmoid()[0, 0].numpy(), abs=1e-3)


def test_grid_quantiles_are_the_priors() -> None:
    x = picture_of(made(), "latent_grid", size=3).facts["x"]
    assert x == pytest.approx([-2.0537, 0.0, 2.0537], abs=1e-4)  # of 2%, 50% and 98%


def test_large_images_have_a_smaller_grid() -> None:
    one = trained({"data": {"kind": "shapes", "size": 32, "samples": 40}, "model": {"kind": "vae"}})
    assert len(mark(picture_of(one, "latent_grid"), Images).values) == 25


def test_classes_take_turns() -> None:
    labels = np.array([3, 3, 1, 3, 1, 2])
    assert in_turns(labels).tolist() == [2, 5, 0, 4, 1, 3]


@EACH
def test_reconstructions_are_of_the_mean_code(name: str) -> None:
    one = made(name)
    picture = picture_of(one, "reconstructions", count=4, start=2)
    rows = picture.facts["images"]
    assert [int(one.data.test_y[row]) for row in rows] == [2, 3, 4, 5]
    inputs = one.parts["test"][0][rows]
    with torch.no_grad():
        back = model_of(one).decode(model_of(one).mean_code(inputs)).sigmoid()
    values = mark(picture, Images).values
    assert values[:4] == pytest.approx(inputs[:, 0].numpy())
    assert values[4:] == pytest.approx(back[:, 0].numpy(), abs=1e-6)
    assert picture.facts["mse"] == pytest.approx(float(((back - inputs) ** 2).mean()), abs=1e-6)


def test_samples_are_of_the_prior_and_stay_from_step_to_step() -> None:
    one = made()
    z = np.random.default_rng(7).standard_normal((6, 2))
    with torch.no_grad():
        expected = model_of(one).decode(torch.from_numpy(z).float()).sigmoid()[:, 0].numpy()
    found = mark(picture_of(one, "samples", count=6, seed=7), Images).values
    assert found == pytest.approx(expected, abs=1e-6)
    assert not np.allclose(mark(picture_of(one, "samples", count=6, seed=8), Images).values, found)


def test_samples_of_a_plain_autoencoder_are_of_its_codes_unless_asked_otherwise() -> None:
    one = made("autoencoder")
    fitted, prior = picture_of(one, "samples"), picture_of(one, "samples", source="prior")
    assert fitted.facts["source"] == "codes"
    assert "fitted to the codes" in fitted.plots[0].title
    assert "N(0, I)" in prior.plots[0].title
    assert picture_of(made(), "samples").facts["source"] == "prior"
    z = torch.from_numpy(np.random.default_rng(0).standard_normal((10, model_of(one).latent)))
    with torch.no_grad():
        expected = likelihood(Context.of(one)).mean(model_of(one).decode(z.float()))[:, 0].numpy()
    assert mark(prior, Images).values == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("name", ["vae", "wide vae", "autoencoder"])
@pytest.mark.parametrize("source", ["prior", "codes"])
def test_each_sample_is_marked_with_its_distance_to_a_code(name: str, source: str) -> None:
    one = made(name)
    picture = picture_of(one, "samples", source=source, seed=3, count=7)
    found = codes(Context.of(one))
    z = sample_codes(Context.of(one), source, 7, 3, found)  # type: ignore[arg-type]  # of its values
    nearest = [min(float(np.linalg.norm(code - point)) for code in found.mean) for point in z]
    assert picture.facts["distances"] == pytest.approx(nearest, abs=1e-6)
    assert mark(picture, Images).labels == tuple(f"{one:.2g}" for one in nearest)
    latents = picture_of(one, "latents", samples=7, source=source, seed=3)
    assert latents.facts["distances"] == pytest.approx(nearest, abs=1e-6)
    (crosses,) = (m for m in latents.plots[0].marks if isinstance(m, Line) and m.color == "ink")
    middles = np.stack([crosses.x, crosses.y], axis=1).reshape(7, 6, 2)[:, [0, 1, 3, 4]].mean(1)
    assert middles == pytest.approx(plane(found).project(z), abs=1e-5)


@pytest.mark.parametrize("name", ["vae", "wide vae"])
def test_a_code_is_decoded(name: str) -> None:
    one = made(name)
    width = model_of(one).latent
    z = [0.5, -1.0, 0.2, 0.0, 2.0][:width]
    picture = picture_of(one, "decode", z=z)
    with torch.no_grad():
        expected = model_of(one).decode(torch.tensor([z])).sigmoid()[0, 0].numpy()
        at = model_of(one).mean_code(one.parts["test"][0]).numpy()
    assert mark(picture, Images, "decoded").values[0] == pytest.approx(expected, abs=1e-6)
    distances = np.linalg.norm(at - np.array(z), axis=1)
    assert picture.facts["distance"] == pytest.approx(distances.min(), abs=1e-5)
    assert picture.facts["nearest"] == str(int(one.data.test_y[distances.argmin()]))
    nearest = one.parts["test"][0][int(distances.argmin()), 0].numpy()
    assert mark(picture, Images, "nearest").values[0] == pytest.approx(nearest)
    log_prior = log_density(torch.tensor(z), torch.zeros(width), torch.ones(width)).sum()
    assert picture.facts["log_prior"] == pytest.approx(float(log_prior), abs=1e-5)


@pytest.mark.parametrize("name", ["wide vae", "autoencoder"])
def test_an_images_own_code_is_decoded(name: str) -> None:
    one = made(name)
    picture = picture_of(one, "decode", image=17)
    inputs = one.parts["test"][0]
    with torch.no_grad():
        z = model_of(one).mean_code(inputs)
    assert picture.facts["z"] == pytest.approx(z[17].tolist(), abs=1e-4)
    assert picture.facts["distance"] == 0.0
    assert mark(picture, Images, "nearest").values[0] == pytest.approx(inputs[17, 0].numpy())
    reach = np.array(picture.facts["reach"])
    low, high = z.numpy().min(0), z.numpy().max(0)
    if name == "wide vae":  # the prior's ±3.5 at least
        low, high = np.minimum(low, -3.5), np.maximum(high, 3.5)
    assert reach == pytest.approx(np.stack([low, high], axis=1), abs=1e-3)


def test_a_point_of_the_plane_is_decoded() -> None:
    one = made("wide vae")
    picture = picture_of(one, "decode", point=[0.4, -0.3])
    assert picture.facts["point"] == pytest.approx([0.4, -0.3])
    assert len(picture.facts["z"]) == 5


@pytest.mark.parametrize(
    ("options", "path"),
    [
        ({"z": [1.0]}, "options.z"),
        ({"point": [1e9, 0.0]}, "options.point"),
        ({"point": []}, "options.point"),
        ({"image": 449}, "options.image"),
    ],
)
def test_a_code_of_another_size_is_refused(options: dict[str, Any], path: str) -> None:
    with pytest.raises(OptionError) as caught:
        picture_of(made(), "decode", **options)
    assert caught.value.path == path


def test_kl_by_dimension_and_what_is_in_use() -> None:
    one = made("wide vae")
    model = one.model
    assert isinstance(model, Vae)
    with torch.no_grad():  # two dimensions that say nothing: μ = 0 and σ = 1 for all
        for row in (1, 3, 6, 8):
            model.code.weight[row] = 0.0
            assert model.code.bias is not None
            model.code.bias[row] = 0.0
        q = torch.distributions.Normal(*spread(model, one.parts["test"][0]))
    expected = torch.distributions.kl_divergence(q, torch.distributions.Normal(0.0, 1.0)).mean(0)
    picture = picture_of(one, "kl")
    assert mark(picture, Bars).values == pytest.approx(expected.numpy(), abs=1e-5)
    assert picture.facts["kl"] == pytest.approx(float(expected.sum()), abs=1e-4)
    assert (picture.facts["active"], picture.facts["dimensions"]) == (3, 5)
    assert picture.facts["collapsed"] == [2, 4]


def test_a_dimension_that_says_next_to_nothing_has_collapsed() -> None:
    """By hand: with σ = 1 the KL is μ²/2, so |μ| = 0.3 is 0.045 nats, and 0.33 is 0.054."""
    one = made()
    model = one.model
    assert isinstance(model, Vae)
    assert model.code.bias is not None
    with torch.no_grad():
        model.code.weight.zero_()
        model.code.bias.copy_(torch.tensor([0.3, 0.33, 0.0, 0.0]))
    facts = picture_of(one, "kl").facts
    assert (facts["active"], facts["collapsed"]) == (1, [1])


def spread(model: Vae, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    mu, log_variance = model.posterior(x)
    return mu, (0.5 * log_variance).exp()


def log_density(z: torch.Tensor, mean: torch.Tensor, sigma: torch.Tensor) -> torch.Tensor:
    """log N(z; mean, σ²), from the definition."""
    return -0.5 * ((z - mean) / sigma) ** 2 - sigma.log() - 0.5 * float(np.log(2 * np.pi))


def test_importance_weights_are_the_joint_over_the_posterior() -> None:
    """With one sample of each image: log p(x | z) + log p(z) − log q(z | x), by distributions."""
    one = made()
    model = one.model
    assert isinstance(model, Vae)
    found = log_weights(Context.of(one), images=7, samples=3, seed=5)
    noise = np.random.default_rng([5, 1]).standard_normal((7, 3, 2), dtype=np.float32)
    x = one.parts["test"][0][:7]
    with torch.no_grad():
        mu, sigma = spread(model, x)
        z = mu[:, None] + sigma[:, None] * torch.from_numpy(noise)
        theta = model.decode(z.flatten(0, 1)).view(7, 3, 64)
        shares = torch.where(x.view(7, 1, 64) > 0.5, theta.sigmoid(), 1 - theta.sigmoid())
        pixels = shares.log().sum(2)
        prior = log_density(z, torch.zeros(2), torch.ones(2)).sum(2)
        posterior = log_density(z, mu[:, None], sigma[:, None]).sum(2)
    assert found == pytest.approx((pixels + prior - posterior).numpy(), abs=1e-3)


def test_more_samples_tighten_the_bound() -> None:
    one = made(steps=60)
    picture = picture_of(one, "bound", samples=12, images=40)
    weights = log_weights(Context.of(one), 40, 12, 0)
    _, bound = (m for m in picture.plots[0].marks if isinstance(m, Line))
    assert bound.x.tolist() == [1, 2, 4, 8, 12]
    assert picture.facts["elbo"] == pytest.approx(weights.mean())
    whole = np.logaddexp.reduce(weights, axis=1) - np.log(12)
    assert picture.facts["bound"] == pytest.approx(whole.mean())
    assert picture.facts["gap"] > 0
    pairs = np.logaddexp(weights[:, 0::2], weights[:, 1::2]) - np.log(2)
    assert bound.y[1] == pytest.approx(pairs.mean(), abs=1e-4)


def test_labels_are_a_few_of_each_class() -> None:
    classes = np.array([0] * 5 + [1] * 2 + [2] * 9)
    rows = labelled(classes, 3, seed=1)
    assert sorted(classes[rows].tolist()) == [0] * 3 + [1] * 2 + [2] * 3
    assert len(set(rows.tolist())) == len(rows)
    assert labelled(classes, 3, seed=2).tolist() != rows.tolist()


def test_a_code_that_knows_the_class_needs_few_labels() -> None:
    """Against codes of which it is known: far apart by class, all right; of noise, by chance."""
    draw = np.random.default_rng(0)
    y = np.arange(600) % 3
    good = np.eye(3)[y] * 8 + draw.standard_normal((600, 3))
    noise = draw.standard_normal((600, 3))
    assert scores(good, y, good, y, (2, 5), 4, 0).min() > 0.97
    by_chance = scores(noise[:300], y[:300], noise[300:], y[300:], (5,), 4, 0).mean()
    assert by_chance == pytest.approx(1 / 3, abs=0.1)


def test_the_scale_of_the_code_is_one_for_all_dimensions() -> None:
    """Codes of unit variance in all, whatever their units; what says nothing stays small."""
    found = {}
    for factor in (1.0, 1000.0):
        one = made("wide vae", steps=40)
        model = one.model
        assert isinstance(model, Vae)
        with torch.no_grad():
            model.code.weight.mul_(factor)
            assert model.code.bias is not None
            model.code.bias.mul_(factor)
        found[factor] = picture_of(one, "semi_supervised", labels=[3], draws=2).facts["z"]
    assert found[1.0] == found[1000.0]


def test_few_labels_go_further_on_z_where_pixels_are_noisy() -> None:
    """The preset's promise, early in its run; with 1 to 10 labels a class it grows from here."""
    one = Trainer(resolve(PRESETS["few_labels"].spec))
    for _ in range(4000):
        one.step()
    facts = picture_of(one, "semi_supervised", labels=[1, 3], draws=10).facts
    for (_, on_z, _), (_, on_x, _) in zip(facts["z"], facts["x"], strict=True):
        assert on_z > on_x + 0.04


def test_the_picture_has_means_and_spreads() -> None:
    one = made()
    picture = picture_of(one, "semi_supervised", labels=[5, 1], draws=3)
    data = one.data
    x, test_x = data.train_x.reshape(-1, 64), data.test_x.reshape(-1, 64)
    raw = scores(x, data.train_y, test_x, data.test_y, (1, 5), 3, 0)
    expected = [[n, row.mean(), row.std()] for n, row in zip((1, 5), raw, strict=True)]
    assert np.array(picture.facts["x"]) == pytest.approx(np.array(expected), abs=1e-4)
    lines = [m for m in picture.plots[0].marks if isinstance(m, Line)]
    areas = [m for m in picture.plots[0].marks if isinstance(m, Area)]
    for line, area, name in zip(lines, areas, ("x", "z"), strict=True):
        table = np.array(picture.facts[name])
        assert line.x.tolist() == [1, 5]
        assert line.y == pytest.approx(table[:, 1], abs=1e-4)
        assert area.low == pytest.approx(table[:, 1] - table[:, 2], abs=2e-4)


@pytest.mark.parametrize("value", [np.nan, np.inf, 1e30, 0.0])
@pytest.mark.parametrize("name", ["vae", "wide vae", "autoencoder"])
def test_a_model_that_has_blown_up_can_still_be_looked_at(name: str, value: float) -> None:
    one = made(name)
    one.flat.phi.fill_(value)
    for row in ROWS:
        if row.suits(one.spec):
            json.dumps(document(picture_of(one, row.kind)), allow_nan=False)


@pytest.mark.parametrize("name", ["wide vae", "autoencoder"])
def test_samples_of_codes_that_are_no_numbers_are_none(name: str) -> None:
    """A code whose layers overflow is NaN: it is left out of the fitted normal, and where none is
    left, samples and distances are no numbers either."""
    one = made(name)
    one.parameters()["code.weight"].fill_(torch.inf)
    for probe, options in (("samples", {}), ("latents", {"samples": 3})):
        picture = picture_of(one, probe, source="codes", **options)
        assert np.isnan(picture.facts["distances"]).all()
        json.dumps(document(picture), allow_nan=False)


def test_the_nearest_code_is_told_among_which_images_it_is() -> None:
    one = made()
    count = len(one.data.test_x)
    picture = picture_of(one, "samples")
    assert picture.facts["searched"] == f"{count:,} test images"
    assert picture.plots[0].note.endswith(picture.facts["searched"])
    few = picture_of(one, "latents", samples=2, images=10, part="train")
    assert few.facts["searched"] == "10 train images"
    assert picture_of(one, "decode").facts["searched"] == f"{count:,} test images"


@pytest.mark.parametrize("probe", ["reconstructions", "latents", "kl"])
def test_test_images_that_are_not_there_are_training_images(probe: str) -> None:
    data = {"kind": "digits", "samples": 60, "test_fraction": 0.0}
    one = trained({"data": data, "model": {"kind": "vae"}})
    asked = [document(picture_of(one, probe, part=part)) for part in ("test", "train")]
    assert asked[0] == asked[1]


@pytest.mark.parametrize("fraction", [0.0, 0.9])
def test_without_test_images_training_ones_are_shown(fraction: float) -> None:
    data = {"kind": "digits", "samples": 60, "test_fraction": fraction}
    one = trained({"data": data, "model": {"kind": "vae"}})
    for row in ROWS:
        json.dumps(document(picture_of(one, row.kind)), allow_nan=False)
    expected = 60 if fraction == 0 else 54
    assert picture_of(one, "latents").facts["images"] == expected
