"""A viewer of some panels, in a process of its own: acknowledges once a display frame.

Prints the largest frame of each panel, in bytes, as JSON.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

from websockets.sync.client import connect

from livenet.wire.frame import decode

Panels = dict[str, dict[str, Any]]
PANELS: Panels = {"decision": {}, "neurons": {}, "network": {}, "weights": {"layer": 1}}
"""The default ones of a multilayer perceptron: probes and their options."""


def watch(address: str, run: str, seconds: float, panels: Panels, fps: float) -> dict[str, int]:
    """Subscribes to panels at so many pictures a second; the largest frame of each, in bytes."""
    largest = dict.fromkeys(panels, 0)
    url = address.replace("http", "ws", 1)
    with connect(f"{url}/api/runs/{run}/stream", max_size=None) as socket:
        names: dict[str, str] = {}
        for probe, options in panels.items():
            order = {"kind": "subscribe", "id": probe, "probe": probe, "options": options}
            socket.send(json.dumps({**order, "fps": fps}))
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
                name = names[frame["channel"]]
                seqs[name] = frame["seq"]
                largest[name] = max(largest[name], len(message))
            else:
                said = json.loads(message)
                if said["kind"] == "subscribed":
                    names[said["channel"]] = said["id"]
    return largest


if __name__ == "__main__":
    given = json.loads(sys.argv[4]) if len(sys.argv) > 4 else {}
    found = watch(sys.argv[1], sys.argv[2], float(sys.argv[3]), given.get("panels", PANELS),
                  given.get("fps", 30))  # fmt: skip
    print(json.dumps(found))
