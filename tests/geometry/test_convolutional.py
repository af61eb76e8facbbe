"""Regions of convolutional networks, against torch's own forward pass and against dense ones."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from livenet.geometry import (
    LINEAR,
    RELU,
    Affine,
    Bend,
    InputMap,
    Layer,
    PlaneRegions,
    Residual,
    Step,
    dense,
    leaky_relu,
    network_bounds,
    outputs_at,
    plane_regions,
    region_at,
)
from livenet.geometry.arrays import Bytes, Floats
from tests.geometry.convolutional import Shape, affine, conv, pooling
from tests.geometry.test_pool import whole

WINDOW = (-0.5, 1.5, -0.5, 1.5)
IMAGE: Shape = (1, 6, 6)


def plane(seed: int = 0, shape: Shape = IMAGE) -> InputMap:
    """Through three random images, the first at (0, 0), the others at (1, 0) and (0, 1)."""
    images = np.random.default_rng(seed).random((3, int(np.prod(shape))))
    images[:, ::5] = 0.0  # pixels that are dark in all three
    return InputMap((images[1:] - images[0]).T, images[0])


@dataclass
class Case:
    """The same network as steps, and as torch modules that note their own patterns."""

    steps: list[Step]
    modules: list[nn.Module]
    shape: Shape = IMAGE


def case(*modules: nn.Module, shape: Shape = IMAGE) -> Case:
    """The steps of a row of modules: convolutions, poolings, ReLUs, blocks, a dense layer."""
    start, steps = shape, []
    for module in modules:
        step, shape = step_of(module, shape)
        steps.append(step)
    return Case(steps, list(modules), start)


class Block(nn.Module):
    """P h + f(h)."""

    def __init__(self, body: Sequence[nn.Module], shortcut: nn.Module | None = None) -> None:
        super().__init__()
        self.body, self.shortcut = nn.ModuleList(body), shortcut


def moves(module: nn.MaxPool2d) -> tuple[int, int, int]:
    """Kernel, stride and padding of a square pooling."""
    kernel, stride, padding = (
        int(np.ravel(v)[0]) for v in (module.kernel_size, module.stride, module.padding)
    )
    return kernel, stride, padding


def step_of(module: nn.Module, shape: Shape) -> tuple[Step, Shape]:
    match module:
        case nn.ReLU():
            return Bend(RELU), shape
        case nn.LeakyReLU():
            return Bend(leaky_relu(module.negative_slope)), shape
        case nn.MaxPool2d():
            return pooling(shape, *moves(module))
        case Block():
            after, body = shape, []
            for inner in module.body:
                step, after = step_of(inner, after)
                body.append(step)
            shortcut = affine(module.shortcut, shape)[0] if module.shortcut else None
            return Residual(tuple(body), shortcut), after  # type: ignore[arg-type]  # no layers
        case _:
            return affine(module, shape)


def forward(modules: Sequence[nn.Module], h: torch.Tensor, pattern: list[Bytes]) -> torch.Tensor:
    """Torch's forward pass; which ReLUs are on and which pixel each pool took, flat (N, units)."""
    for module in modules:
        if isinstance(module, nn.ReLU | nn.LeakyReLU):
            pattern.append((h > 0).flatten(1).numpy().astype(np.uint8))
            h = module(h)
        elif isinstance(module, nn.MaxPool2d):
            width = h.shape[-1]
            kernel, stride, padding = moves(module)
            h, at = functional.max_pool2d(h, kernel, stride, padding, return_indices=True)
            rows = torch.arange(h.shape[2])[:, None] * stride - padding
            columns = torch.arange(h.shape[3]) * stride - padding
            place = (at // width - rows) * kernel + at % width - columns
            pattern.append(place.flatten(1).numpy().astype(np.uint8))
        elif isinstance(module, Block):
            beside = module.shortcut(h) if module.shortcut else h
            h = beside + forward(list(module.body), h, pattern)
        else:
            h = module(h)
    return h


def dense_after(seed: int, shape: Shape, outputs: int = 3) -> nn.Module:
    """A linear layer over all that a shape holds."""
    width = int(np.prod(shape))
    layer = nn.Linear(width, outputs).double()
    random = np.random.default_rng(seed)
    with torch.no_grad():
        layer.weight.copy_(torch.from_numpy(random.normal(size=(outputs, width)) / width**0.5))
        layer.bias.copy_(torch.from_numpy(random.normal(size=outputs)))
    return nn.Sequential(nn.Flatten(), layer)


def batch_norm(seed: int, channels: int) -> nn.Module:
    """In evaluation, with running figures and parameters of its own."""
    norm = nn.BatchNorm2d(channels).double().eval()
    random = np.random.default_rng(seed)
    for value in (norm.weight.data, norm.bias.data, norm.running_mean, norm.running_var):
        assert value is not None
        value.copy_(torch.from_numpy(random.uniform(0.3, 1.5, channels)))
    return norm.requires_grad_(False)


CASES = {
    "relu, max pool": case(
        conv(1, 1, 2), nn.ReLU(), nn.MaxPool2d(2), conv(2, 2, 3), nn.ReLU(), nn.MaxPool2d(3),
        dense_after(0, (3, 1, 1)),
    ),
    "max pool, relu": case(
        conv(3, 1, 2), nn.MaxPool2d(2), nn.ReLU(), conv(4, 2, 3, padding=0), nn.ReLU(),
        dense_after(1, (3, 1, 1)),
    ),
    "pools that overlap": case(
        conv(5, 1, 2), nn.MaxPool2d(3, 1), nn.ReLU(), conv(6, 2, 2, 2, padding=0),
        dense_after(2, (2, 3, 3)),
    ),
    "pools with padding": case(
        conv(7, 1, 2, padding=0), nn.ReLU(), nn.MaxPool2d(3, 2, 1), dense_after(3, (2, 2, 2)),
    ),
    "average, stride, dilation, batch norm, upsampling": case(
        conv(8, 1, 3, stride=2), batch_norm(0, 3), nn.LeakyReLU(0.2), nn.AvgPool2d(2, 1),
        nn.Upsample(scale_factor=2), conv(19, 3, 2, 2, padding=0, dilation=2), nn.ReLU(),
        dense_after(4, (2, 2, 2)),
    ),
    "residual blocks": case(
        conv(9, 1, 2, stride=2),
        Block([nn.ReLU(), conv(10, 2, 2), nn.ReLU(), conv(11, 2, 2)]),
        Block([batch_norm(1, 2), nn.ReLU(), conv(12, 2, 3)], conv(13, 2, 3, 1, padding=0)),
        nn.ReLU(), nn.MaxPool2d(3), dense_after(5, (3, 1, 1)),
    ),
    "a pool in a block": case(
        conv(14, 1, 2, stride=2), Block([conv(15, 2, 2), nn.MaxPool2d(3, 1, 1), nn.ReLU()]),
        dense_after(6, (2, 3, 3)), nn.ReLU(), dense_after(7, (3, 1, 1)),
    ),
    "dead channels": case(
        Block([conv(16, 1, 1), nn.ReLU()]), conv(18, 1, 2, padding=0, bias=False), nn.ReLU(),
        nn.Upsample(scale_factor=2), nn.MaxPool2d(2), nn.MaxPool2d(4), dense_after(8, (2, 1, 1)),
    ),
}  # fmt: skip


@pytest.fixture(params=CASES, scope="module")
def found(request: pytest.FixtureRequest) -> tuple[Case, PlaneRegions]:
    """A case and its regions."""
    one = CASES[request.param]
    return one, plane_regions(one.steps, WINDOW, input_map=plane())


def images(one: Case, regions: PlaneRegions, points: Floats) -> torch.Tensor:
    return torch.from_numpy(regions.input_map(points)).reshape(-1, *one.shape)


def test_a_subdivision(found: tuple[Case, PlaneRegions]) -> None:
    _, regions = found
    whole(regions)
    assert not regions.truncated
    assert len(regions.mesh.lengths) == regions.by_layer[-1] > 20
    assert list(regions.by_layer) == sorted(regions.by_layer)


def test_random_points_fall_in_listed_patterns(found: tuple[Case, PlaneRegions]) -> None:
    """20,000 of them, each in its own pattern's face, and as many as the face is large."""
    one, regions = found
    points = np.random.default_rng(0).uniform(-0.5, 1.5, (20_000, 2))
    pattern: list[Bytes] = []
    with torch.no_grad():
        forward(one.modules, images(one, regions, points), pattern)
    met = np.concatenate(pattern, axis=1)
    assert met.shape[1] == regions.patterns.shape[1]
    listed = {row.tobytes(): face for face, row in enumerate(regions.patterns)}
    faces = np.array([listed[row.tobytes()] for row in met])
    assert [regions.mesh.find(p) for p in points[:300]] == faces[:300].tolist()
    share = np.bincount(faces, minlength=len(regions.mesh.areas)) / len(points)
    assert share == pytest.approx(regions.mesh.areas / 4, abs=0.02)


def test_every_center_has_its_pattern(found: tuple[Case, PlaneRegions]) -> None:
    """So no region is listed that is empty. The smallest ones are left to rounding."""
    one, regions = found
    large = regions.mesh.areas > 1e-12
    pattern: list[Bytes] = []
    with torch.no_grad():
        forward(one.modules, images(one, regions, regions.mesh.centers[large]), pattern)
    assert np.array_equal(np.concatenate(pattern, axis=1), regions.patterns[large])
    assert large.mean() > 0.95


def test_maps_against_autograd(found: tuple[Case, PlaneRegions]) -> None:
    one, regions = found

    def network(point: torch.Tensor) -> torch.Tensor:
        matrix, offset = (
            torch.from_numpy(a) for a in (regions.input_map.matrix, regions.input_map.offset)
        )
        return forward(one.modules, (matrix @ point + offset).reshape(1, *one.shape), [])[0]

    for face in np.argsort(regions.mesh.areas)[-25:]:
        at = regions.mesh.centers[face]
        point = torch.from_numpy(at)
        value = network(point.requires_grad_()).detach().numpy()
        jacobian = torch.autograd.functional.jacobian(network, point)  # type: ignore[no-untyped-call]
        assert regions.maps.matrix[face] == pytest.approx(jacobian.numpy(), abs=1e-10)
        assert regions.maps.matrix[face] @ at + regions.maps.offset[face] == pytest.approx(value)
        here = region_at(one.steps, at, input_map=regions.input_map)
        assert here.matrix == pytest.approx(jacobian.numpy(), abs=1e-10)
        assert np.concatenate(here.pattern).tolist() == regions.patterns[face].tolist()


def test_maps_are_the_network(found: tuple[Case, PlaneRegions]) -> None:
    one, regions = found
    centers = regions.mesh.centers
    expected = outputs_at(one.steps, regions.input_map, centers)
    assert regions.maps(centers) == pytest.approx(expected, abs=1e-9)
    with torch.no_grad():
        by_torch = forward(one.modules, images(one, regions, centers), []).numpy()
    assert expected == pytest.approx(by_torch, abs=1e-9)


def test_counts_stay_below_the_bounds(found: tuple[Case, PlaneRegions]) -> None:
    one, regions = found
    limits = network_bounds(one.steps, 2)
    for depth, count in enumerate(regions.by_layer, start=1):
        assert count <= limits[f"bound_through_{depth}"]


def matrix(step: Affine) -> tuple[Floats, Floats]:
    """An affine step's W and b, one unit at a time."""
    bias = step.apply(np.zeros((1, step.inputs)))[0]
    return (step.apply(np.eye(step.inputs)) - bias).T, bias


def test_a_convolution_is_a_dense_layer() -> None:
    """ReLU nets of convolutions with stride, cut by both engines' ways in."""
    one = case(
        conv(1, 1, 2, stride=2), nn.ReLU(), conv(2, 2, 3, 2, padding=0), nn.ReLU(),
        dense_after(0, (3, 2, 2)),
    )  # fmt: skip
    affines = [matrix(step) for step in one.steps if isinstance(step, Affine)]
    layers = [
        Layer(weight, bias, LINEAR if number == 2 else RELU)
        for number, (weight, bias) in enumerate(affines)
    ]
    as_steps = plane_regions(one.steps, WINDOW, input_map=plane())
    as_layers = plane_regions(layers, WINDOW, input_map=plane())
    assert as_steps.by_layer == as_layers.by_layer
    assert as_steps.counts == as_layers.counts
    order, other = (np.lexsort(r.patterns.T) for r in (as_steps, as_layers))
    assert np.array_equal(as_steps.patterns[order], as_layers.patterns[other])
    assert as_steps.mesh.areas[order] == pytest.approx(as_layers.mesh.areas[other], abs=1e-12)
    assert as_steps.linear.count == as_layers.linear.count
    assert network_bounds(one.steps, 2) == network_bounds(layers, 2)


def test_sizes_bound_the_terms() -> None:
    """What rounding is measured against: |A| s + |c|."""
    cases: list[tuple[nn.Module, Shape]] = [
        (conv(1, 2, 3), (2, 5, 5)),
        (batch_norm(0, 2), (2, 3, 3)),
    ]
    for module, shape in cases:
        step, _ = affine(module, shape)
        weight, bias = matrix(step)
        sizes = np.random.default_rng(0).random(step.inputs)
        if isinstance(module, nn.Conv2d):
            assert step.sizes(sizes) == pytest.approx(np.abs(weight) @ sizes + np.abs(bias))
        assert step.apply(np.ones((1, step.inputs)))[0] == pytest.approx(weight.sum(axis=1) + bias)


@pytest.mark.parametrize("same", ["all three", "two", "in a line"])
def test_images_that_make_no_plane(same: str) -> None:
    """Equal ones: the network changes along one direction, or along none."""
    across = plane().matrix.copy()
    if same == "in a line":
        across[:, 1] = 2 * across[:, 0]
    else:
        across[:, 1] = 0.0
        across[:, 0] *= same == "two"
    slice_map = InputMap(across, plane().offset)
    one = CASES["relu, max pool"]
    regions = plane_regions(one.steps, WINDOW, input_map=slice_map)
    whole(regions)
    if same == "all three":
        assert regions.counts == (4, 4, 1)
    else:
        assert len(regions.mesh.lengths) > 10
        inner = regions.mesh.edges.faces[:, 1] >= 0
        ends = regions.mesh.vertices[regions.mesh.edges.vertices[inner]]
        along = ends[:, 1] - ends[:, 0]
        turn = along[:, 0] if same == "two" else along @ np.array([1.0, 2.0])
        assert turn == pytest.approx(0.0, abs=1e-9)  # all edges run the other way


def test_a_dead_network_has_one_region() -> None:
    one = case(conv(1, 1, 2), nn.ReLU(), nn.MaxPool2d(2), dense_after(0, (2, 3, 3)))
    dead = [dense(np.zeros((36, 36)), -np.ones(36)), Bend(RELU), *one.steps[0:]]
    regions = plane_regions(dead, WINDOW, input_map=plane())
    assert regions.counts == (4, 4, 1)
    assert np.abs(regions.maps.matrix).max() == 0
    assert regions.linear.count == 1


@pytest.mark.parametrize("max_faces", [5, 50, 400])
def test_truncation_at_any_step(max_faces: int) -> None:
    one = CASES["relu, max pool"]
    regions = plane_regions(one.steps, WINDOW, input_map=plane(), max_faces=max_faces)
    vertices, edges, faces = regions.counts
    assert vertices - edges + faces == 1
    assert faces <= max_faces
    assert regions.truncated
    assert regions.mesh.areas.sum() == pytest.approx(4)
    complete = sum(1 for cells in regions.cells if cells.complete)
    assert len(regions.by_layer) == complete == regions.complete_layers
    with pytest.raises(ValueError, match="raise max_faces"):
        regions.linear  # noqa: B018
