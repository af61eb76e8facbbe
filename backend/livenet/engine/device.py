"""The device that runs train on, and whether torch supports it.

``python -m livenet.engine.device cuda:1`` checks it without loading torch into the caller.
"""

from __future__ import annotations

import subprocess
import sys

from livenet.errors import EngineFailure

ALWAYS_THERE = ("auto", "cpu")


def choose_device(wanted: str) -> str:
    """Returns the device for a setting: for ``auto``, a GPU if CUDA has one.

    Raises EngineFailure if torch does not have the device.
    """
    import torch

    gpus = torch.cuda.device_count() if torch.cuda.is_available() else 0
    if wanted == "auto":
        return "cuda" if gpus else "cpu"
    there = ["cpu"]
    if gpus:
        there += ["cuda", *(f"cuda:{number}" for number in range(gpus))]
    if torch.backends.mps.is_available():
        there.append("mps")
    if wanted not in there:
        raise EngineFailure(
            f"The device is {wanted!r}, and torch has {', '.join(there)} on this machine",
            path="device",
            hint="Set LIVENET_DEVICE or --device to one of those, or to auto, which chooses.",
        )
    return wanted


def check_device(wanted: str) -> None:
    """Raises EngineFailure if torch does not have a device. Blocks while torch is loaded."""
    if wanted in ALWAYS_THERE:
        return
    # A separate process, so that the server stays small and holds no GPU.
    command = [sys.executable, "-m", "livenet.engine.device", wanted]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        message, _, hint = done.stderr.strip().rpartition("\n")
        raise EngineFailure(message, path="device", hint=hint)


if __name__ == "__main__":
    try:
        choose_device(sys.argv[1])
    except EngineFailure as error:
        sys.exit(f"{error.message}\n{error.hint}")
