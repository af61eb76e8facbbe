"""The largest specs of every family that the default limits allow, and the most demanding options
of every probe."""

from __future__ import annotations

from typing import Any

Document = dict[str, Any]

ONE = {"batch_size": 1}  # a small batch leaves the most room for the net
PLANE = {"kind": "spiral", "samples": 10_000}
CLASSES = {"kind": "blobs", "samples": 10_000, "count": 8}
LINE = {"kind": "sine", "samples": 10_000}
SHAPES = {"kind": "shapes", "size": 32, "samples": 2000}
DIGITS = {"kind": "digits"}
RECALL = {"kind": "delayed_recall", "delay": 200}
TEXT = {"kind": "characters", "length": 200}
SOURCES = {"kind": "sort", "length": 40, "symbols": 30}


def mlp(data: Document, **fields: Any) -> Document:
    return {"data": data, "model": {"kind": "mlp", **fields}, "training": ONE}


def of(data: Document, kind: str, **fields: Any) -> Document:
    return {"data": data, "model": {"kind": kind, **fields}, "training": ONE}


def conv(channels: int, **fields: Any) -> Document:
    return {"kind": "conv", "channels": channels, **fields}


POOL = {"kind": "max_pool"}

SPECS: dict[str, Document] = {
    "mlp 512 × 20 relu": mlp(PLANE, hidden=[512] * 20, activation="relu"),
    "mlp 512 × 32 relu": mlp(PLANE, hidden=[512] * 32, activation="relu"),
    "mlp 512 × 32 residual": mlp(CLASSES, hidden=[512] * 32, activation="relu", residual=True),
    "mlp 512 × 32 leaky": mlp(CLASSES, hidden=[512] * 32, activation="leaky_relu"),
    "mlp 512 × 32 tanh residual": mlp(PLANE, hidden=[512] * 32, residual=True),
    "mlp 512 relu": mlp(PLANE, hidden=[512], activation="relu"),
    "mlp 512 linear, 512 relu": mlp(PLANE, hidden=[512, 512], activation=["linear", "relu"]),
    "mlp 64 × 6 relu": mlp(PLANE, hidden=[64] * 6, activation="relu"),
    "mlp 8 × 32 relu": mlp(PLANE, hidden=[8] * 32, activation="relu"),
    "line 512 × 32 relu": mlp(LINE, hidden=[512] * 32, activation="relu"),
    "line 512 × 32 residual": mlp(LINE, hidden=[512] * 32, activation="relu", residual=True),
    "line 512 × 32 tanh": mlp(LINE, hidden=[512] * 32),
    "line 512 relu": mlp(LINE, hidden=[512], activation="relu"),
    "cnn 512 × 2": of(DIGITS, "cnn", blocks=[conv(512), conv(512)]),
    "cnn shapes 32": of(SHAPES, "cnn", blocks=[conv(128), conv(128), POOL, conv(256), POOL]),
    "cnn shapes thin": of(SHAPES, "cnn", blocks=[conv(16), POOL, conv(32), POOL]),
    "cnn small kernels": of(SHAPES, "cnn", blocks=[conv(512, kernel=1)]),
    "cnn deep": of(DIGITS, "cnn", blocks=[conv(32)] * 32),
    "cnn residual": of(
        DIGITS,
        "cnn",
        blocks=[
            conv(64),
            *[{"kind": "residual", "channels": 64, "depth": 3, "norm": "batch"}] * 20,
        ],
    ),
    "cnn residual shapes": of(
        SHAPES,
        "cnn",
        blocks=[conv(16), *[{"kind": "residual", "channels": 16, "depth": 8}] * 8],
    ),
    "cnn dense": of(
        SHAPES, "cnn", blocks=[{"kind": "flatten"}, *[{"kind": "dense", "units": 512}] * 30]
    ),
    "cnn big pools": of(
        SHAPES, "cnn", blocks=[conv(64), {"kind": "max_pool", "kernel": 8, "stride": 1}]
    ),
    "cnn default": of(DIGITS, "cnn"),
    "cnn upsampled": of(
        DIGITS,
        "cnn",
        blocks=[
            {"kind": "upsample", "factor": 8},
            {"kind": "upsample", "factor": 8},
            {"kind": "upsample", "factor": 2},
            conv(1, kernel=5),
            {"kind": "global_pool"},
        ],
    ),
    "cnn large kernels": of(DIGITS, "cnn", blocks=[conv(128), conv(64, kernel=15)]),
    "rnn plain": of(RECALL, "rnn", cell="rnn", hidden=512, depth=3),
    "rnn deep": of(RECALL, "rnn", cell="rnn", hidden=64, depth=8),
    "lstm 512": of(TEXT, "rnn", cell="lstm", hidden=512, depth=1),
    "lstm recall": of(RECALL, "rnn", cell="lstm", hidden=512, depth=1),
    "gru 512": of(RECALL, "rnn", cell="gru", hidden=512, depth=1),
    "lstm deep": of(
        {"kind": "delayed_recall", "delay": 60}, "rnn", cell="lstm", hidden=16, depth=30
    ),
    "lstm waves": of({"kind": "waves"}, "rnn", cell="lstm", hidden=512, depth=3),
    "decoder text": of(TEXT, "transformer", depth=2, width=256, heads=64),
    "decoder deep text": of(TEXT, "transformer", depth=24, width=64, heads=64),
    "decoder wide text": of(TEXT, "transformer", depth=1, width=320, heads=64),
    "decoder pairs": of(SOURCES, "transformer", form="decoder", depth=1, width=512, heads=64),
    "encoder pairs": of(SOURCES, "transformer", depth=2, width=512, heads=64),
    "decoder recall": of(RECALL, "transformer", depth=24, width=64, heads=64),
    "autoencoder 512": of(DIGITS, "autoencoder", hidden=[512] * 16, latent=512),
    "autoencoder shapes": of(SHAPES, "autoencoder", hidden=[512] * 16, latent=512),
    "autoencoder conv": of(SHAPES, "autoencoder", form="conv", hidden=[128, 256], latent=256),
    "vae 512": of(DIGITS, "vae", hidden=[512] * 15, latent=512),
    "vae shapes": of(SHAPES, "vae", hidden=[512] * 14, latent=512),
    "vae wide": of(DIGITS, "vae", hidden=[8], latent=512),
    "vae conv": of(SHAPES, "vae", form="conv", hidden=[128, 256], latent=128),
}

WINDOWS = {"window": [-30.0, 30.0, -30.0, 30.0]}
OPTIONS: dict[str, list[Document]] = {
    "decision": [{"resolution": 256}],
    "neurons": [
        {"resolution": 256, "units": 512},
        {"resolution": 256, "units": 512, "layer": 1},
        {"units": 512},
    ],
    "network": [{"units": 512}],
    "weights": [{"layer": 1}],
    "regions": [
        {"merge": True, "max_faces": 20_000},
        {"polygons": False},
        {"max_faces": 20_000, "narrow": False},
    ],
    "feature_maps": [{"maps": 512}],
    "filters": [{"filters": 512, "inputs": 512}],
    "convolution": [{"channel": 0}],
    "receptive_field": [{"images": 256}],
    "equivariance": [{"maps": 64, "dx": 3}],
    "confusion": [{"part": "train"}],
    "wrong": [{"count": 100}],
    "gradient_depth": [{"examples": 512}],
    "gradient_correlation": [{"points": 512}],
    "latents": [{"part": "train"}],
    "latent_grid": [{"size": 40}],
    "reconstructions": [{"count": 40, "part": "train"}],
    "samples": [{"count": 100}],
    "decode": [{"point": [0.5, 0.5]}],
    "kl": [{"part": "train"}],
    "bound": [{"samples": 256, "images": 500}],
    "gradient_variance": [{"draws": 256, "images": 256}],
    "semi_supervised": [
        {"labels": [1, 3, 10, 30, 100], "draws": 5},
        {"labels": [1], "draws": 20},
        {"labels": [1000], "draws": 1},
        {"draws": 1},
    ],
    "tokens": [{"text": "a" * 5}],
    "states": [{"units": 512}],
    "gates": [{"units": 512}],
    "gradient_lag": [{"sequences": 256}, {"sequences": 256, "relative": True}],
    "continuations": [{"length": 400, "count": 8}],
    "attention": [{"layer": 1}],
    "head": [{"head": 1}],
    "entropy": [{"sequences": 256}],
    "attention_cost": [{"most": 100_000}],
}
"""Beside the defaults."""
