"""The device of the setting, or what to set instead."""

from __future__ import annotations

import pytest
import torch

from livenet.engine.device import check_device, choose_device
from livenet.errors import EngineFailure


@pytest.fixture
def gpus(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with two."""
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)


@pytest.fixture
def none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)


@pytest.mark.usefixtures("gpus")
def test_a_gpu_by_number() -> None:
    assert choose_device("auto") == "cuda"
    for wanted in ("cpu", "cuda", "cuda:0", "cuda:1"):
        assert choose_device(wanted) == wanted
    with pytest.raises(EngineFailure, match="'cuda:2', and torch has cpu, cuda, cuda:0, cuda:1"):
        choose_device("cuda:2")


@pytest.mark.usefixtures("none")
@pytest.mark.parametrize("wanted", ["cuda", "cuda:0", "cuda:1", "mps"])
def test_a_device_that_is_not_there(wanted: str) -> None:
    with pytest.raises(EngineFailure, match=f"{wanted!r}, and torch has cpu on") as refused:
        choose_device(wanted)
    assert "LIVENET_DEVICE" in refused.value.hint


@pytest.mark.usefixtures("none")
def test_the_processor_is_always_there() -> None:
    assert choose_device("auto") == choose_device("cpu") == "cpu"


def test_the_server_is_told_before_it_starts() -> None:
    for wanted in ("auto", "cpu"):
        check_device(wanted)
    with pytest.raises(EngineFailure, match="'cuda:99', and torch has cpu") as refused:
        check_device("cuda:99")
    assert "to auto, which chooses" in refused.value.hint
