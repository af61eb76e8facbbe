"""Autoencoders' layers in numbers, by hand; that they are the real ones is tested by iteration."""

from typing import Any

import pytest

from livenet.errors import SpecError
from livenet.spec import resolve
from livenet.spec.layer import LayerShape

DIGITS = {"kind": "digits"}


def layers(**model: Any) -> dict[str, LayerShape]:
    document = {"data": DIGITS, "model": {"kind": "vae", **model}}
    return {layer.name: layer for layer in resolve(document, limits=None).layers}


def test_a_dense_vae() -> None:
    found = layers(hidden=[20, 10], latent=3)
    shapes = {name: layer.output for name, layer in found.items()}
    assert shapes == {
        "encoder.0": (20,),
        "encoder.1": (10,),
        "code": (6,),
        "sampling": (3,),
        "decoder.0": (10,),
        "decoder.1": (20,),
        "decoder.2": (1, 8, 8),
    }
    assert found["encoder.0"].parameters == 64 * 20 + 20
    assert found["decoder.2"].parameters == 20 * 64 + 64
    assert found["decoder.2"].activation == "linear"
    assert found["decoder.1"].activation == "relu"


def test_a_plain_one_has_one_number_a_dimension_and_draws_nothing() -> None:
    document = {"data": DIGITS, "model": {"kind": "autoencoder", "latent": 3}}
    found = {layer.name: layer for layer in resolve(document).layers}
    assert found["code"].output == (3,)
    assert "sampling" not in found


def test_convolutions_halve_and_come_back() -> None:
    document = {
        "data": {"kind": "shapes", "size": 18},
        "model": {"kind": "vae", "form": "conv", "hidden": [4, 6, 8]},
    }
    found = [layer.output for layer in resolve(document).layers]
    down = [(4, 9, 9), (6, 5, 5), (8, 3, 3)]
    assert found == [*down, (4,), (2,), (8, 3, 3), (6, 5, 5), (4, 9, 9), (1, 18, 18)]


def test_no_hidden_layer_is_a_linear_autoencoder() -> None:
    assert list(layers(hidden=[])) == ["code", "sampling", "decoder.0"]


@pytest.mark.parametrize(
    ("hidden", "path"), [([], "model.hidden"), ([2, 2, 2, 2], "model.hidden.3")]
)
def test_convolutions_that_cannot_be(hidden: list[int], path: str) -> None:
    with pytest.raises(SpecError) as caught:
        layers(form="conv", hidden=hidden)
    assert caught.value.path == path
    assert caught.value.hint


def test_defaults_follow_what_is_written() -> None:
    def model(**given: Any) -> Any:
        return resolve({"data": DIGITS, "model": {"kind": "vae", **given}}).model

    assert model().initializer.kind == "he_normal"
    assert model(activation="tanh").initializer.kind == "xavier_normal"
    assert model(form="conv").hidden != model().hidden


def test_the_gaussians_sigma_fits_pixels() -> None:
    document = {"data": DIGITS, "model": {"kind": "vae"}, "objective": {"kind": "gaussian"}}
    assert resolve(document).document()["objective"] == {"kind": "gaussian", "sigma": 0.2}
    assert resolve({"data": {"kind": "sine"}}).document()["objective"]["sigma"] == 1.0
    written = {**document, "objective": {"kind": "gaussian", "sigma": 0.5}}
    assert resolve(written).document()["objective"]["sigma"] == 0.5


def test_images_alone() -> None:
    with pytest.raises(SpecError, match="learns images"):
        resolve({"data": {"kind": "spiral"}, "model": {"kind": "vae"}})


def test_pixels_have_no_classes() -> None:
    with pytest.raises(SpecError, match="predicts pixels"):
        resolve({"data": DIGITS, "model": {"kind": "vae"}, "objective": {"kind": "categorical"}})
