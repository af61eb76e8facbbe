"""Frames and the messages that carry them packed, for the page's tests.

``python -m tests.wire.packed_fixture`` writes tests/frontend/stream/packed-fixture.json. The bytes
of DEFLATE differ between versions of zlib, so that a test reads the file and does not compare it.
"""

from __future__ import annotations

import json
from base64 import b64encode
from pathlib import Path

import numpy as np

from livenet.pictures import Heatmap, Images, Line, Picture, Plot, Polygons
from livenet.wire.frame import encode
from livenet.wire.packed import pack, split

PATH = Path(__file__).parents[1] / "frontend" / "stream" / "packed-fixture.json"
NAMES = ("output", "é")


def pictures() -> list[tuple[str, Picture]]:
    """Of two subscriptions: maps that move a little, tensors of all item sizes, one that is resized
    and one whose packed frame takes several messages."""
    random = np.random.default_rng(0)
    values = random.normal(0, 1, (6, 5)).astype(np.float32)
    shape = Polygons(
        random.normal(0, 1, (7, 2)).astype(np.float32),
        np.array([0, 1, 2, 3, 4, 6, 5]),
        np.array([0, 3, 7]),
    )
    found: list[tuple[str, Picture]] = []
    for step in range(4):
        values = values + np.float32(0.01 * step)
        images = Images(random.random((3 + (step > 2), 4, 4)))
        line = Line(np.arange(5.0), values[0] * step)
        found.append((NAMES[0], Picture(step, (Plot("p", (Heatmap(values, -1, 1), images)),))))
        found.append((NAMES[1], Picture(step, (Plot("é", (line, shape)),), {"loss": 0.1 * step})))
    noise = random.normal(0, 1, 2500).astype(np.float32)
    found.append((NAMES[1], Picture(9, (Plot("p", (Line(np.arange(2500.0), noise),)),))))
    return found


def fixture() -> dict[str, list[str]]:
    """Messages and frames in order, in Base64; the first of each subscription is packed alone."""
    references: dict[str, bytes] = {}
    messages: list[bytes] = []
    frames: list[bytes] = []
    for seq, (name, picture) in enumerate(pictures()):
        frame = encode(picture, f"{name}-1", seq, 1.0)
        messages += split(name, pack(frame, references.get(name)))
        references[name] = frame
        frames.append(frame)
    messages.append(frames[0])  # a whole one is read as it is
    frames.append(frames[0])
    return {
        "messages": [b64encode(one).decode() for one in messages],
        "frames": [b64encode(one).decode() for one in frames],
    }


if __name__ == "__main__":
    PATH.write_text(json.dumps(fixture(), indent=1) + "\n", encoding="utf-8")
