"""A convolutional network in numbers, against real tensors, and the blocks that are refused."""

from typing import Any

import pytest
import torch

from livenet.errors import SpecError
from livenet.models import build
from livenet.models.cnn import Cnn
from livenet.spec import changed, resolve

CONV: dict[str, Any] = {"kind": "conv", "channels": 3}
SIZES = [
    {"kind": kind, **size}
    for kind in ("conv", "max_pool", "avg_pool")
    for size in (
        {"kernel": 2},
        {"kernel": 3},
        {"kernel": 3, "stride": 2},
        {"kernel": 5, "stride": 3},
    )
] + [
    CONV | {"kernel": 3, "dilation": 2, "padding": 0},
    CONV | {"kernel": 4, "dilation": 2, "padding": 5, "stride": 2},
    CONV | {"kernel": 3, "padding": 8, "padding_mode": "circular"},
    {"kind": "upsample", "factor": 3},
]


def spec_of(*blocks: dict[str, Any], **model: Any) -> Any:
    return resolve({"data": {"kind": "digits"}, "model": {"blocks": list(blocks), **model}})


@pytest.mark.parametrize("block", SIZES, ids=str)
def test_sizes_are_those_of_the_real_tensors(block: dict[str, Any]) -> None:
    """And the formula, read back, gives the same number."""
    spec = spec_of(block)
    model = build(spec)
    assert isinstance(model, Cnn)
    found = [tuple(layer.h.shape[1:]) for layer in model.trace(torch.zeros(1, 1, 8, 8))]
    assert [layer.output for layer in spec.layers] == found
    left, right = spec.layers[0].size.replace(r"\cdot", "*").replace(r"\,", "*").split("=")
    left = left.replace(r"\left\lfloor\frac{", "((").replace("}{", ")//(")
    left = left.replace(r"}\right\rfloor", "))")
    assert eval(left) == int(right) == spec.layers[0].output[1]  # noqa: S307  # our own text


def test_terms_are_kernels_and_biases() -> None:
    layers = spec_of(CONV | {"channels": 16}, CONV | {"channels": 32}).layers
    assert [layer.terms for layer in layers] == [
        r"3\cdot3\cdot1\cdot16+16", r"3\cdot3\cdot16\cdot32+32", r"2048\cdot10+10",
    ]  # fmt: skip
    assert [layer.parameters for layer in layers] == [160, 4640, 20_490]
    assert [layer.label for layer in layers] == ["Conv 1", "Conv 2", "Output"]
    assert spec_of(CONV, bias=False).layers[0].parameters == 27


def test_a_norm_takes_the_activation_over() -> None:
    layers = spec_of(
        CONV, {"kind": "batch_norm"}, {"kind": "max_pool"}, {"kind": "layer_norm"}
    ).layers
    assert [layer.activation for layer in layers] == [
        "linear",
        "relu",
        "linear",
        "linear",
        "linear",
    ]


POOL = {"kind": "max_pool"}
REFUSED: list[tuple[list[dict[str, Any]], int, str]] = [
    ([POOL, POOL, POOL, POOL], 3, "reaches over 2 pixels, but only 1 × 1 pixels come in"),
    ([CONV | {"kernel": 9, "padding": 0}], 0, "reaches over 9 pixels"),
    ([CONV | {"kernel": 5, "dilation": 3, "padding": 2}], 0, r"with padding 12\) come in"),
    ([CONV | {"padding": 9, "padding_mode": "circular"}], 0, "circular padding of 9"),
    ([CONV, {"kind": "residual", "kernel": 4}], 1, "only an odd one keeps the size"),
    ([{"kind": "flatten"}, CONV], 1, "what comes in is a vector of 64"),
    ([{"kind": "global_pool"}, POOL], 1, "a vector of 1"),
    ([{"kind": "dense"}, {"kind": "residual"}], 1, "a vector of 64"),
    ([{"kind": "dense"}, {"kind": "upsample"}], 1, "needs feature maps"),
    ([{"kind": "flatten"}, {"kind": "flatten"}], 1, "needs feature maps"),
    ([{"kind": "flatten"}, {"kind": "global_pool"}], 1, "needs feature maps"),
    ([CONV, {"kind": "batch_norm"}, {"kind": "layer_norm"}], 2, "follows another norm"),
    ([{"kind": "global_pool"}, {"kind": "layer_norm"}], 1, "a single number"),
]


@pytest.mark.parametrize(("blocks", "place", "words"), REFUSED, ids=lambda value: str(value)[-40:])
def test_a_block_that_cannot_stand_there(
    blocks: list[dict[str, Any]], place: int, words: str
) -> None:
    with pytest.raises(SpecError, match=words) as caught:
        spec_of(*blocks)
    assert caught.value.path == f"model.blocks.{place}"
    assert caught.value.hint


def test_the_learning_rate_and_initializer_suit_it() -> None:
    spec = spec_of(CONV)
    assert spec.optimizer.lr == 0.003
    assert spec.model.initializer.kind == "he_normal"
    assert spec_of(CONV, activation="tanh").model.initializer.kind == "xavier_normal"


BATCH_NORM, DENSE = {"kind": "batch_norm"}, {"kind": "dense", "units": 4}
RESIDUAL = {"kind": "residual", "channels": 3, "depth": 1, "norm": "batch"}
POINT = [CONV, {"kind": "max_pool", "kernel": 8}]  # of 8 × 8 pixels, one is left


@pytest.mark.parametrize("blocks", [[DENSE, BATCH_NORM], [*POINT, BATCH_NORM], [*POINT, RESIDUAL]])
def test_a_batch_norm_over_one_value_is_refused(blocks: list[Any]) -> None:
    """It would pass on what it is given, so that nothing is normalised, in silence."""
    document = {"data": {"kind": "digits"}, "model": {"blocks": blocks}}
    two = resolve(document | {"training": {"batch_size": 2}})
    with pytest.raises(SpecError, match="minibatch of 1"):
        changed(two, {"training.batch_size": 1})
    with pytest.raises(SpecError, match="minibatch of 1") as caught:
        resolve(document | {"training": {"batch_size": 1}})
    assert caught.value.path == f"model.blocks.{len(blocks) - 1}"
    assert "batch_size" in caught.value.hint


def test_a_batch_norm_over_places_has_its_variance_from_them() -> None:
    blocks = [CONV, BATCH_NORM, RESIDUAL, DENSE, {"kind": "layer_norm"}]
    one = {"data": {"kind": "digits"}, "model": {"blocks": blocks}, "training": {"batch_size": 1}}
    assert resolve(one).batch_size == 1
