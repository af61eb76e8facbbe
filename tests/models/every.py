"""A run of every family, small, and what is peculiar of each: for tests by iteration."""

from __future__ import annotations

from typing import Any

Document = dict[str, Any]
IMAGES: Document = {"kind": "digits", "samples": 60}
RECALL: Document = {"kind": "delayed_recall", "samples": 60, "delay": 6}
PAIRS: Document = {"kind": "reverse", "samples": 60, "length": 4, "symbols": 5}
WAVES: Document = {"kind": "waves", "samples": 60, "length": 8}

EVERY: dict[str, Document] = {
    "mlp": {"data": {"kind": "spiral", "samples": 60}},
    "mlp residual": {
        "data": {"kind": "sine", "samples": 60},
        "model": {"hidden": [5, 5], "residual": True, "activation": "relu"},
    },
    "cnn": {"data": IMAGES},
    "cnn of every block": {
        "data": IMAGES,
        "model": {
            "activation": "leaky_relu",
            "blocks": [
                {"kind": "conv", "channels": 4, "padding_mode": "circular", "dilation": 2},
                {"kind": "batch_norm"},
                {"kind": "upsample"},
                {"kind": "conv", "channels": 6, "stride": 2, "kernel": 5, "padding": 2},
                {"kind": "layer_norm"},
                {"kind": "residual", "channels": 6, "norm": "batch"},
                {"kind": "residual", "channels": 8, "depth": 1},
                {"kind": "max_pool", "kernel": 3, "stride": 2},
                {"kind": "avg_pool"},
                {"kind": "flatten"},
                {"kind": "dense", "units": 12},
            ],
        },
    },
    "cnn that pools first": {
        "data": IMAGES,
        "model": {"blocks": [{"kind": "max_pool"}, {"kind": "conv", "channels": 4}]},
    },
    "cnn of shapes": {
        "data": {"kind": "shapes", "samples": 60},
        "model": {"blocks": [{"kind": "conv", "channels": 4}, {"kind": "global_pool"}]},
    },
    "rnn": {"data": RECALL, "model": {"cell": "rnn", "hidden": 8}},
    "rnn relu": {"data": {"kind": "parity", "samples": 60},
                 "model": {"cell": "rnn", "activation": "relu", "depth": 2, "hidden": 6}},
    "lstm": {"data": RECALL, "model": {"cell": "lstm", "hidden": 8, "forget_bias": 4.0}},
    "lstm of reals": {"data": WAVES, "model": {"cell": "lstm", "hidden": 6, "depth": 2}},
    "gru": {"data": {"kind": "addition", "samples": 60}, "model": {"cell": "gru", "hidden": 8}},
    "gru of pairs": {"data": PAIRS, "model": {"kind": "rnn", "cell": "gru", "hidden": 8}},
    "lstm of characters": {"data": {"kind": "characters", "samples": 60, "length": 8},
                           "model": {"hidden": 8}},
    "transformer": {"data": PAIRS, "model": {"width": 16, "heads": 2}},
    "transformer encoder": {"data": PAIRS, "model": {
        "form": "encoder", "width": 16, "heads": 4, "positions": "sinusoidal", "norm": "after"}},
    "transformer bare": {
        "data": {"kind": "associative_recall", "samples": 60},
        "model": {"width": 12, "heads": 1, "depth": 1, "positions": "none", "norm": "none"},
    },
    "transformer of reals": {"data": WAVES, "model": {"kind": "transformer", "width": 16}},
    "autoencoder": {"data": IMAGES, "model": {"kind": "autoencoder", "hidden": [16]}},
    "autoencoder conv": {
        "data": IMAGES,
        "model": {"kind": "autoencoder", "form": "conv", "hidden": [4, 6], "latent": 3},
        "objective": {"kind": "gaussian"},
    },
    "vae": {"data": IMAGES, "model": {"kind": "vae", "hidden": [16, 8]}},
    "vae conv": {"data": IMAGES,
                 "model": {"kind": "vae", "form": "conv", "hidden": [4], "latent": 3},
                 "objective": {"kind": "gaussian"}},
}  # fmt: skip


def small(document: Document, **sections: Any) -> Document:
    """The document with a course for tests: a few steps, a row often; ``sections`` on top."""
    return {"training": {"batch_size": 7, "steps": 12, "series_every": 5}, **document, **sections}
