"""Example runs for each family of models, and runs that show how training fails.

Each is a part of a spec. The page's gallery shows them with pictures of real runs, which
``python -m tests.thumbnails`` makes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Preset:
    """An example run: its name, its explanation, its spec, and the panel of the page that shows its
    subject, if that is not visible by default."""

    kind: str
    label: str
    explain: str
    spec: Mapping[str, Any]
    panel: str | None = None

    def document(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "label": self.label,
            "explain": self.explain,
            "spec": dict(self.spec),
            "panel": self.panel,
        }


ROWS = (
    Preset(
        "spiral",
        "Two spirals",
        "A ReLU network cuts the plane into straight pieces until they follow the spirals.",
        {
            "data": {"kind": "spiral", "samples": 400, "noise": 0.06},
            "model": {"kind": "mlp", "hidden": [12, 12, 8], "activation": "relu"},
            "optimizer": {"kind": "adam", "lr": 0.006},
            "training": {"batch_size": 32},
        },
    ),
    Preset(
        "sine",
        "A wave of straight lines",
        "On the line, every hidden unit adds one joint to the fitted curve.",
        {
            "data": {"kind": "sine"},
            "model": {"kind": "mlp", "hidden": [16], "activation": "relu"},
        },
    ),
    Preset(
        "overfitting",
        "Over-fitting",
        "Far more weights than its 60 noisy points: the training loss falls, the test loss rises.",
        {
            "data": {"kind": "moons", "samples": 120, "noise": 0.4, "test_fraction": 0.5},
            "model": {"kind": "mlp", "hidden": [64, 64], "activation": "relu"},
            "optimizer": {"kind": "adam", "lr": 0.003},
            "training": {"batch_size": 10},
        },
    ),
    Preset(
        "large_rate",
        "A learning rate too high",
        "The loss jumps and never settles. Set η to 0.003 while it trains: the loss falls.",
        {
            "data": {"kind": "sine"},
            "model": {"kind": "mlp", "hidden": [16], "activation": "tanh"},
            "optimizer": {"kind": "adam", "lr": 0.3},
            "training": {"batch_size": 10},
        },
    ),
    Preset(
        "dead_relus",
        "Dead ReLUs",
        "Large steps push units below 0 at every example. Their gradient is 0: they stay dead.",
        {
            "data": {"kind": "spiral"},
            "model": {"kind": "mlp", "hidden": [12, 12], "activation": "relu"},
            "optimizer": {"kind": "adam", "lr": 0.3},
            "training": {"batch_size": 10},
        },
    ),
    Preset(
        "deep",
        "Twenty layers deep",
        "Identity connections let the gradient through; without them it fades away.",
        {
            "data": {"kind": "circles"},
            "model": {"kind": "mlp", "hidden": [6] * 20, "activation": "tanh", "residual": True},
        },
        panel="gradients",
    ),
    Preset(
        "digits",
        "Handwritten digits",
        "Kernels slide over images of 8 × 8 pixels: see what each one looks for.",
        {"data": {"kind": "digits"}, "model": {"kind": "cnn"}},
    ),
    Preset(
        "shapes",
        "Shapes anywhere",
        "Circular convolutions and global pooling: shift the shape and the answer stays.",
        {
            "data": {"kind": "shapes"},
            "model": {
                "kind": "cnn",
                "blocks": [
                    {"kind": "conv", "channels": 12, "kernel": 5, "padding_mode": "circular"},
                    {"kind": "max_pool"},
                    {"kind": "conv", "channels": 24, "padding_mode": "circular"},
                    {"kind": "global_pool"},
                ],
            },
        },
    ),
    Preset(
        "recall",
        "Remember the first symbol",
        "An LSTM carries one symbol past thirty distractors in its cell state.",
        {
            "data": {"kind": "delayed_recall", "delay": 30, "distractors": True},
            "model": {"kind": "rnn", "cell": "lstm", "hidden": 48, "forget_bias": 4.0},
        },
    ),
    Preset(
        "characters",
        "Sentences, letter by letter",
        "A GRU learns the words and the grammar of small sentences, and writes its own.",
        {"data": {"kind": "characters"}, "model": {"kind": "rnn", "cell": "gru", "hidden": 64}},
    ),
    Preset(
        "reverse",
        "Say it backwards",
        "Attention heads find the mirrored place: watch the diagonal appear.",
        {
            "data": {"kind": "reverse", "length": 10},
            "model": {"kind": "transformer", "form": "encoder"},
        },
    ),
    Preset(
        "associative_recall",
        "Look it up",
        "Keys and values, then a key: one head finds the key, another fetches its value.",
        {"data": {"kind": "associative_recall"}, "model": {"kind": "transformer"}},
    ),
    Preset(
        "autoencoder",
        "Digits through a narrow gate",
        "An autoencoder squeezes every image into two numbers and back.",
        {
            "data": {"kind": "digits"},
            "model": {"kind": "autoencoder"},
            "regularization": {"l2": 0.02},
        },
    ),
    Preset(
        "vae",
        "A map of digits",
        "A variational autoencoder lays the digits out on a plane that one can walk through.",
        {
            "data": {"kind": "digits"},
            "model": {"kind": "vae"},
            "regularization": {"l2": 0.005},
        },
    ),
    Preset(
        "few_labels",
        "A few labels are enough",
        "A VAE learns what is noise without a label; then few labels go further on z than on x.",
        {
            "data": {"kind": "digits", "noise": 0.5},
            "model": {"kind": "vae", "latent": 6},
            "objective": {"kind": "gaussian", "sigma": 0.4},
            "regularization": {"l2": 0.003},
        },
        panel="semi_supervised",
    ),
)

PRESETS = {row.kind: row for row in ROWS}
