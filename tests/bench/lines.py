"""Bytes: what a viewer elsewhere receives of the page's default panels, and what a thin line lets
through."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from dataclasses import dataclass, field
from math import inf
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

from livenet.wire.frame import decode
from livenet.wire.packed import Unpacker
from tests.bench.result import Result, Results
from tests.server import Server, start_server
from tests.slow_line import slow_line

SETTLES = 4.0
SECONDS = 8.0
PACE = 120.0  # steps a second, the page's own
ROUND_TRIP = 0.04  # seconds, to a viewer in another building
THIN = 125_000.0  # bytes a second: 1 Mbit/s
THIN_DELAY = 0.2
LEAST = 5.0  # pictures a second

Document = dict[str, Any]
Panels = dict[str, tuple[str, Document, float]]
"""By subscription: the probe, its options, and the rate that the page asks for."""

SEQUENCE: Document = {"text": None, "example": 0}
POINT: Document = {"point": [0.5, 0.5], "z": None, "image": None}
LATENT: Panels = {
    "latents": ("latents", {"samples": 12, "seed": 0}, 15),
    "reconstructions": ("reconstructions", {"count": 12}, 8),
    "latent_grid": ("latent_grid", {}, 8),
    "samples": ("samples", {"count": 12, "columns": 12, "seed": 0}, 8),
    "decode": ("decode", POINT, 30),
}
DIGITS: Document = {"data": {"kind": "digits"}}
PERCEPTRON: Panels = {
    "network": ("network", {}, 30),
    "neurons": ("neurons", {}, 30),
    "activity": ("activity", {}, 1),
    "output": ("decision", {"resolution": 64, "points": False}, 30),
}
PAGES: dict[str, tuple[Document, Panels]] = {
    "default page": ({}, PERCEPTRON),
    "CNN": (
        DIGITS,
        {
            "cnn-detail": ("convolution", {"layer": 1, "image": 0, "drawing": None, "part": 0}, 15),
            "cnn-maps": ("feature_maps", {"maps": 8, "image": 0, "drawing": None}, 15),
            "cnn-output": ("confusion", {}, 3),
        },
    ),
    "RNN": (
        {"data": {"kind": "delayed_recall"}, "model": {"kind": "rnn"}},
        {"middle": ("states", SEQUENCE, 15), "output": ("tokens", SEQUENCE, 15)},
    ),
    "transformer": (
        {"data": {"kind": "reverse", "length": 10}},
        {
            "tokens": ("tokens", SEQUENCE, 30),
            "middle": ("attention", {**SEQUENCE, "layer": None}, 15),
            "output": ("head", {**SEQUENCE, "layer": 2, "head": 1}, 15),
        },
    ),
    "autoencoder": ({**DIGITS, "model": {"kind": "autoencoder"}}, LATENT),
    "VAE": (
        {**DIGITS, "model": {"kind": "vae", "latent": 2}},
        LATENT | {"kl": ("kl", {}, 8)},
    ),
}
"""A spec of each family, and the default panels of its page."""
LARGE: tuple[Document, Panels] = (
    {"model": {"hidden": [64, 64, 64], "activation": "relu"}},
    PERCEPTRON | {"output-regions": ("regions", {"merge": True, "polygons": True}, 10)},
)


@dataclass
class Received:
    """What has come to a viewer within some seconds."""

    seconds: float
    frames: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    sizes: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    """Bytes of pictures, by subscription."""
    texts: int = 0

    def rate(self, panels: Panels) -> float:
        """kB/s, were every panel sent at the rate that the page asks for."""
        pictures = sum(
            self.sizes[name] / max(1, self.frames[name]) * fps
            for name, (_, _, fps) in panels.items()
        )
        return (pictures + self.texts / self.seconds) / 1000

    def slowest(self, panels: Panels) -> float:
        """Pictures a second of the slowest panel for which the page asks that many."""
        rates = [self.frames[name] / self.seconds for name in panels if panels[name][2] >= LEAST]
        return min(rates, default=inf)


async def _view(socket: ClientConnection, panels: Panels, seconds: float) -> Received:
    """Subscribes and acknowledges like the page, once a display frame."""
    for name, (probe, options, fps) in panels.items():
        order = {"kind": "subscribe", "id": name, "probe": probe, "options": options}
        await socket.send(json.dumps({**order, "fps": fps, "packed": True}))
    await socket.send(json.dumps({"kind": "series", "after": 0}))
    loop = asyncio.get_running_loop()
    start = loop.time() + SETTLES
    found = Received(seconds)
    names: dict[str, str] = {}
    seqs: dict[str, int] = {}
    unpacker = Unpacker()
    taken, reported = 0, 0

    async def acknowledge() -> None:
        nonlocal seqs, reported
        while True:
            await asyncio.sleep(1 / 60)
            if unpacker.received > reported:
                reported, painted, seqs = unpacker.received, seqs, {}
                said = {"kind": "ack", "seqs": painted, "received": reported}
                await socket.send(json.dumps(said))

    acknowledging = asyncio.create_task(acknowledge())
    sizes: dict[str, int] = defaultdict(int)
    try:
        async with asyncio.timeout_at(start + seconds):
            async for message in socket:
                counts = loop.time() >= start
                if isinstance(message, str):
                    found.texts += counts * len(message)
                    said = json.loads(message)
                    if said["kind"] == "subscribed":
                        names[said["channel"]] = said["id"]
                    continue
                data = unpacker(message)
                if message[0] % 8:
                    size = int.from_bytes(message[1:3], "little")
                    name = message[3 : 3 + size].decode()
                    sizes[name] += len(message)
                if data is None:
                    continue
                frame = decode(data)
                name = names[frame["channel"]]
                seqs[name] = frame["seq"]
                taken = sizes.pop(name, len(message))
                found.frames[name] += counts
                found.sizes[name] += counts * taken
    except TimeoutError:
        pass
    finally:
        acknowledging.cancel()
    return found


async def received(
    server: Server, spec: Document, panels: Panels, bytes_per_s: float, delay: float
) -> Received:
    """What a viewer receives over a line."""
    with server.client() as client:
        run = (
            client.post("/api/runs", json={"spec": spec, "pace": PACE})
            .raise_for_status()
            .json()["id"]
        )
        try:
            port = int(server.url.rpartition(":")[2])
            async with slow_line(port, bytes_per_s, delay) as nearer:
                url = f"ws://127.0.0.1:{nearer}/api/runs/{run}/stream"
                async with connect(url, proxy=None, compression=None, max_size=None) as socket:
                    return await _view(socket, panels, SECONDS)
        finally:
            client.delete(f"/api/runs/{run}")


def results() -> Results:
    server = start_server("--workers", "1")
    most = {"default page": 200, "transformer": 80, "VAE": 120}
    try:
        for name, (spec, panels) in PAGES.items():
            fast = asyncio.run(received(server, spec, panels, inf, ROUND_TRIP))
            rate = fast.rate(panels)
            yield Result(
                f"bytes to a viewer, {name}", rate, most.get(name), "kB/s", least=False, gates=True
            )
        for name, (spec, panels) in [*PAGES.items(), ("64-64-64 ReLU with regions", LARGE)]:
            thin = asyncio.run(received(server, spec, panels, THIN, THIN_DELAY))
            small = {one: panels[one] for one in panels if one != "output-regions"}
            slowest = thin.slowest(small)
            yield Result(
                f"1 Mbit/s and {1000 * THIN_DELAY:g} ms, {name}", slowest, LEAST, "pictures/s"
            )
            if name not in PAGES:
                large = thin.frames["output-regions"] / thin.seconds
                yield Result("the regions there", large, None, "pictures/s")
    finally:
        server.stop()
