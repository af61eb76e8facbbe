"""A viewer of the default panels, in a process of its own: acknowledges once a display frame."""

from __future__ import annotations

import json
import sys
import time

from websockets.sync.client import connect

from livenet.wire.frame import decode

PANELS = ("decision", "neurons", "network", "weights")


def watch(address: str, run: str, seconds: float) -> None:
    """Subscribes to the default panels at 30 pictures a second."""
    url = address.replace("http", "ws", 1)
    with connect(f"{url}/api/runs/{run}/stream", max_size=None) as socket:
        names: dict[str, str] = {}
        for probe in PANELS:
            options = {"layer": 1} if probe == "weights" else {}
            order = {"kind": "subscribe", "id": probe, "probe": probe, "options": options}
            socket.send(json.dumps({**order, "fps": 30}))
        socket.send(json.dumps({"kind": "series", "after": 0}))
        end = time.monotonic() + seconds
        seqs: dict[str, int] = {}
        acknowledged = 0.0
        while (now := time.monotonic()) < end:
            if seqs and now - acknowledged > 1 / 60:
                socket.send(json.dumps({"kind": "ack", "seqs": seqs}))
                seqs, acknowledged = {}, now
            try:
                message = socket.recv(timeout=1 / 60)
            except TimeoutError:
                continue
            if isinstance(message, bytes):
                frame = decode(message)
                seqs[names[frame["channel"]]] = frame["seq"]
            else:
                said = json.loads(message)
                if said["kind"] == "subscribed":
                    names[said["channel"]] = said["id"]


if __name__ == "__main__":
    watch(sys.argv[1], sys.argv[2], float(sys.argv[3]))
