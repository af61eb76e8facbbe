"""Probes of convolutional networks: each number again by hand, in NumPy or by another way."""

from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from livenet.errors import OptionError, ProbeUnfit
from livenet.models.cnn import Cnn
from livenet.pictures import Bars, Images, Matrix, Picture
from livenet.probes.images.theoretical_field import pixels_in_field, receptive_fields
from livenet.spec import resolve
from livenet.training import Trainer
from tests.probes.helpers import mark, parameters, picture_of, trained

DIGITS: dict[str, Any] = {"data": {"kind": "digits", "samples": 200}}
CONV: dict[str, Any] = {"kind": "conv", "channels": 4}


def net(*blocks: dict[str, Any], **model: Any) -> Trainer:
    return trained({**DIGITS, "model": {"blocks": list(blocks), **model}})


def of(picture: Picture, plot: str) -> NDArray[np.float64]:
    """The values of a plot's first mark."""
    (found,) = (p.marks[0] for p in picture.plots if p.id == plot)
    assert isinstance(found, Images | Matrix | Bars)
    return np.asarray(found.values, np.float64)


def maps(one: Trainer, x: NDArray[Any]) -> list[NDArray[np.float64]]:
    """What every layer gives for one image (H, W)."""
    assert isinstance(one.model, Cnn)
    with torch.no_grad():
        trace = one.model.trace(torch.from_numpy(x.astype(np.float32))[None, None])
    return [layer.h[0].double().numpy() for layer in trace]


def test_feature_maps_are_those_of_the_image() -> None:
    one = trained(DIGITS)
    picture = picture_of(one, "feature_maps", image=3, maps=64)
    x = one.data.test_x[3, 0]
    found = maps(one, x)
    assert np.array_equal(of(picture, "input")[0], x)
    for number in range(1, 5):
        assert of(picture, f"layer{number}") == pytest.approx(found[number - 1], abs=1e-6)
    shares = np.exp(found[-1]) / np.exp(found[-1]).sum()
    assert of(picture, "classes") == pytest.approx(shares, abs=1e-5)
    assert picture.facts["prediction"] == str(shares.argmax())
    assert picture.facts["truth"] == str(int(one.data.test_y[3]))


def test_a_drawing_takes_the_images_place() -> None:
    one = trained(DIGITS)
    drawing = np.linspace(0, 1, 64).round(3)
    picture = picture_of(one, "feature_maps", drawing=drawing.tolist())
    found = maps(one, drawing.reshape(8, 8))
    assert of(picture, "layer1") == pytest.approx(found[0][:8], abs=1e-5)
    assert picture.facts["truth"] is None


@pytest.mark.parametrize(
    ("options", "path"),
    [
        ({"image": 50}, "options.image"),
        ({"drawing": [0.0] * 63}, "options.drawing"),
        ({"drawing": [0.0] * 63 + [1.5]}, "options.drawing"),
        ({"layer": 6}, "options.layer"),
    ],
    ids=str,
)
def test_no_such_image(options: dict[str, Any], path: str) -> None:
    with pytest.raises(OptionError) as caught:
        picture_of(trained(DIGITS), "feature_maps", **options)
    assert caught.value.path == path
    assert caught.value.hint


def test_filters_are_the_kernels() -> None:
    one = trained(DIGITS)
    w = parameters(one)
    assert of(picture_of(one, "filters"), "filters") == pytest.approx(w["layers.0.weight"][:, 0])
    second = of(picture_of(one, "filters", layer=3, filters=5, inputs=7), "filters")
    assert second == pytest.approx(w["layers.2.weight"][:5, :7].reshape(35, 3, 3), abs=1e-6)
    with pytest.raises(OptionError) as caught:
        picture_of(one, "filters", layer=2)
    assert caught.value.hint == "Give 1 (Conv 1), 3 (Conv 2)."


@pytest.mark.parametrize("mode", ["zeros", "circular"])
@pytest.mark.parametrize(("stride", "dilation"), [(1, 1), (2, 1), (1, 2)])
def test_the_convolution_sums_up(mode: str, stride: int, dilation: int) -> None:
    """The products' sum and the bias are z, which the layer itself gives there."""
    block = CONV | {"stride": stride, "dilation": dilation, "padding_mode": mode}
    one = net({"kind": "conv", "channels": 3}, block)
    assert isinstance(one.model, Cnn)
    with torch.no_grad():
        trace = one.model.trace(one.parts["test"][0][5:6])[1]
    w = parameters(one)
    for row, column in ((0, 0), (1, 2), (3, 3)):
        picture = picture_of(
            one, "convolution", image=5, layer=2, channel=1, input=2, row=row, column=column
        )
        products = of(picture, "products")
        assert products == pytest.approx(of(picture, "patch") * of(picture, "kernel"), abs=1e-6)
        assert of(picture, "kernel") == pytest.approx(w["layers.1.weight"][1, 2], abs=1e-6)
        facts = picture.facts
        assert facts["sums"][2] == pytest.approx(products.sum(), abs=1e-5)
        assert facts["sum"] + facts["bias"] == pytest.approx(facts["z"])
        assert facts["bias"] == pytest.approx(w["layers.1.bias"][1])
        assert facts["z"] == pytest.approx(float(trace.z[0, 1, row, column]), abs=1e-4)
        assert of(picture, "output") == pytest.approx(trace.z[0, 1].numpy(), abs=1e-4)
        assert of(picture, "input") == pytest.approx(trace.input[0, 2].numpy(), abs=1e-6)


def scale_of(picture: Picture, plot: str) -> tuple[str, float]:
    """A plot's palette, and the largest value on its scale."""
    (found,) = (p.marks[0] for p in picture.plots if p.id == plot)
    assert isinstance(found, Images | Matrix)
    return found.colors, found.hi if isinstance(found, Images) else found.peak


def test_the_same_image_has_the_same_colours_in_every_picture() -> None:
    one = trained(DIGITS)
    everywhere = picture_of(one, "feature_maps", image=3, maps=64)
    for layer, source in ((1, "input"), (3, "layer2")):
        for channel in (0, 1):
            stepped = picture_of(one, "convolution", image=3, layer=layer, channel=channel)
            assert scale_of(stepped, "input") == scale_of(everywhere, source)
            assert scale_of(stepped, "patch") == scale_of(stepped, "input")
            filters = picture_of(one, "filters", layer=layer)
            assert scale_of(stepped, "kernel") == scale_of(filters, "filters")
            for plot in stepped.plots:
                assert isinstance(plot.marks[0], Matrix)
                assert plot.marks[0].pixels
    shifted = picture_of(one, "equivariance", image=3, layer=2, maps=1)
    (colors, peak), (own_colors, own_peak) = (
        scale_of(shifted, "maps"),
        scale_of(everywhere, "layer2"),
    )
    assert colors == own_colors
    assert peak == pytest.approx(own_peak, rel=1e-4)  # another batch, which rounds otherwise


@pytest.mark.parametrize("norm", ["none", "batch"])
def test_a_residual_blocks_convolutions_follow_one_another(norm: str) -> None:
    """Each one's input is σ of what the one before gives (normed by hand), and the last one's
    output is what the block adds to its input."""
    block = {"kind": "residual", "channels": 3, "depth": 3, "norm": norm}
    one = net({"kind": "conv", "channels": 3}, block)
    assert isinstance(one.model, Cnn)
    with torch.no_grad():
        trace = one.model.trace(one.parts["test"][0][4:5])[1]
    w = parameters(one)
    before = trace.input[0].double().numpy()
    kept = {name: value.double().numpy() for name, value in one.model.state().items()}
    for part in range(3):
        name = f"layers.1.norms.{part}"
        if norm == "batch":
            scale = w[f"{name}.weight"] / np.sqrt(kept[f"{name}.variance"] + 1e-5)
            before = (before - kept[f"{name}.mean"][:, None, None]) * scale[:, None, None]
            before += w[f"{name}.bias"][:, None, None]
        after = []
        for channel in range(3):
            picture = picture_of(
                one, "convolution", image=4, layer=2, part=part, channel=channel, input=1, row=2
            )
            assert of(picture, "input") == pytest.approx(before[1].clip(0), abs=1e-4)
            kernel = w[f"layers.1.convs.{part}.weight"][channel, 1]
            assert of(picture, "kernel") == pytest.approx(kernel, abs=1e-6)
            facts = picture.facts
            assert facts["z"] == pytest.approx(of(picture, "output")[2, facts["column"]], abs=1e-4)
            assert (facts["part"], facts["parts"]) == (part, 3)
            after.append(of(picture, "output"))
        before = np.stack(after)
    assert trace.z[0].numpy() - trace.input[0].numpy() == pytest.approx(before, abs=1e-4)
    shown = of(picture_of(one, "filters", layer=2, part=1), "filters")
    assert shown == pytest.approx(w["layers.1.convs.1.weight"].reshape(9, 3, 3), abs=1e-6)
    for probe in ("convolution", "filters"):
        with pytest.raises(OptionError, match="no convolution 3 in layer 2") as caught:
            picture_of(one, probe, layer=2, part=3)
        assert caught.value.hint == "0 to 2."


def test_the_kernels_pixels_are_outlined() -> None:
    picture = picture_of(trained(DIGITS), "convolution", row=0, column=7)
    (plot,) = (p for p in picture.plots if p.id == "input")
    assert isinstance(plot.marks[0], Matrix)
    assert plot.marks[0].outlined is not None
    assert sorted(map(tuple, plot.marks[0].outlined)) == [(0, 6), (0, 7), (1, 6), (1, 7)]


NETS: dict[str, list[dict[str, Any]]] = {
    "default": [CONV, {"kind": "max_pool"}, CONV, {"kind": "max_pool"}],
    "strides": [CONV | {"stride": 2}, CONV | {"kernel": 2, "dilation": 3, "padding": 1}],
    "circular": [CONV | {"padding_mode": "circular"}, CONV | {"padding_mode": "circular"}],
    "dilated circular": [CONV | {"padding_mode": "circular", "dilation": 3, "kernel": 2}],
    "upsampled": [CONV, {"kind": "avg_pool"}, {"kind": "upsample"}, CONV],
    "residual": [CONV, {"kind": "residual", "channels": 4, "depth": 1}, {"kind": "max_pool"}],
    "normed": [CONV, {"kind": "batch_norm"}, {"kind": "max_pool", "kernel": 3}],
    "layer norm": [CONV, {"kind": "layer_norm"}],
}


@pytest.mark.parametrize("name", NETS)
def test_the_gradients_support_is_the_theoretical_field(name: str) -> None:
    """On random images, in a smooth net, every pixel of the field has a gradient, and no other has;
    of max pooling one in each window has."""
    one = net(*NETS[name], activation="softplus")
    pooled = "max_pool" in str(NETS[name])
    for number in range(1, len(NETS[name]) + 1):
        _, height, width = one.spec.layers[number - 1].output
        for row, column in ((0, 0), (height // 2, width // 2), (height - 1, 0)):
            picture = picture_of(
                one, "receptive_field", layer=number, row=row, column=column, channel=1, images=200
            )
            support = of(picture, "gradient") > 0
            theory = np.zeros((8, 8), bool)
            rows, columns = (pixels_in_field(one.spec, number, place) for place in (row, column))
            theory[np.ix_(rows, columns)] = True
            assert not (support & ~theory).any()
            assert pooled or (support == theory).all()
            assert picture.facts["inside"] in (None, pytest.approx(1.0))


def test_the_fields_side_follows_the_formula() -> None:
    """r ← r + (k − 1) d j, j ← s j, by hand."""
    spec = resolve({**DIGITS, "model": {"blocks": NETS["default"]}})
    assert [(field.size, float(field.jump)) for field in receptive_fields(spec)] == [
        (3, 1),
        (4, 2),
        (8, 2),
        (10, 4),
    ]
    spec = resolve({**DIGITS, "model": {"blocks": NETS["strides"]}})
    assert [(field.size, float(field.jump)) for field in receptive_fields(spec)] == [(3, 2), (9, 2)]


@pytest.mark.parametrize(("dx", "dy"), [(1, 0), (-3, 2), (7, 7)])
def test_circular_padding_and_stride_1_are_equivariant(dx: int, dy: int) -> None:
    circular = CONV | {"padding_mode": "circular"}
    one = net(circular, circular | {"kernel": 5, "dilation": 2}, {"kind": "layer_norm"})
    for layer in (1, 2, 3):
        picture = picture_of(one, "equivariance", layer=layer, dx=dx, dy=dy)
        assert picture.facts["largest"] < 1e-5
        assert picture.facts["whole"]
        assert of(picture, "of_shifted").any()


def test_zeros_at_the_edge_break_equivariance() -> None:
    one = net(CONV)
    x = one.data.test_x[0, 0]
    picture = picture_of(one, "equivariance", dx=3, maps=4)
    shifted = np.roll(maps(one, x)[0], 3, axis=2)
    of_shifted = maps(one, np.roll(x, 3, axis=1))[0]
    assert of(picture, "shifted") == pytest.approx(shifted, abs=1e-5)
    assert of(picture, "of_shifted") == pytest.approx(of_shifted, abs=1e-5)
    assert of(picture, "difference") == pytest.approx(of_shifted - shifted, abs=1e-5)
    assert picture.facts["largest"] == pytest.approx(np.abs(of_shifted - shifted).max(), abs=1e-5)
    assert picture.facts["largest"] > 0.01


def test_strides_make_shifts_fractions() -> None:
    one = net(CONV | {"padding_mode": "circular"}, {"kind": "max_pool"})
    assert picture_of(one, "equivariance", layer=2, dx=2).facts["largest"] < 1e-5
    facts = picture_of(one, "equivariance", layer=2, dx=1).facts
    assert facts["shift"] == [0.5, 0.0]
    assert not facts["whole"]


@pytest.mark.parametrize(
    "document",
    [DIGITS, {"data": {"kind": "blobs", "count": 4}}, {"data": {"kind": "spiral"}}],
    ids=["cnn", "categorical", "bernoulli"],
)
def test_confusion_counts(document: dict[str, Any]) -> None:
    one = trained(document, steps=20)
    x, y = one.parts["test"]
    with torch.no_grad():
        theta = one.model(x).numpy()
    said = theta.argmax(1) if theta.shape[1] > 1 else (theta[:, 0] > 0).astype(int)
    wanted = np.zeros((one.spec.data.classes,) * 2)
    for true, guess in zip(y.numpy().astype(int), said, strict=True):
        wanted[true, guess] += 1
    picture = picture_of(one, "confusion")
    assert np.array_equal(mark(picture, Matrix).values, wanted)
    assert picture.facts["accuracy"] == pytest.approx((said == y.numpy()).mean())


def test_no_confusion_of_a_real_target() -> None:
    with pytest.raises(ProbeUnfit, match="sine has a real target"):
        picture_of(trained({"data": {"kind": "sine"}}), "confusion")


def test_the_most_wrong_have_the_largest_losses() -> None:
    one = trained(DIGITS, steps=15)
    x, y = one.parts["test"]
    with torch.no_grad():
        theta = one.model(x).double().numpy()
    log_p = theta - np.log(np.exp(theta).sum(axis=1, keepdims=True))
    losses = -log_p[np.arange(len(y)), y.numpy()]
    order = np.argsort(-losses)[:6]
    picture = picture_of(one, "wrong", count=6)
    found = mark(picture, Images)
    assert found.ids == tuple(map(str, order))
    assert np.array_equal(found.values, one.data.test_x[order, 0])
    assert picture.facts["losses"] == pytest.approx(losses[order], rel=1e-4)
    assert picture.facts["errors"] == int((theta.argmax(1) != y.numpy()).sum())
    assert found.right is not None
    for place, row in enumerate(order):
        true, guess = int(y[row]), int(theta[row].argmax())
        assert found.labels[place] == (str(true) if true == guess else f"{true} → {guess}")
        assert found.right[place] == (true == guess)


def test_shapes_are_the_real_ones() -> None:
    one = trained(DIGITS)
    picture = picture_of(one, "shapes")
    found = maps(one, one.data.test_x[0, 0])
    rows = picture.facts["layers"]
    assert [tuple(row["output"]) for row in rows] == [h.shape for h in found]
    counts = of(picture, "parameters")
    assert counts.sum() == picture.facts["parameters"] == one.spec.parameter_count
    assert of(picture, "values").tolist() == [h.size for h in found]


def test_a_net_without_maps_says_so() -> None:
    one = net({"kind": "dense", "units": 5})
    for probe in ("filters", "convolution", "receptive_field", "equivariance"):
        with pytest.raises(ProbeUnfit) as caught:
            picture_of(one, probe)
        assert caught.value.hint
