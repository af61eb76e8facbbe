"""Settings come from the environment, and a slip there is named."""

import pytest

from livenet.errors import LivenetError
from livenet.settings import Limits, Settings


def test_a_limit_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIVENET_MAX_SAMPLES", "2000")
    monkeypatch.setenv("LIVENET_WORKERS", "3")
    found = Settings.from_environment()
    assert found.limits == Limits(max_samples=2000)
    assert found.worker_count == 3


def test_an_argument_wins_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIVENET_WORKERS", "3")
    assert Settings.from_environment(workers=2).workers == 2
    assert Settings.from_environment(workers=None).workers == 3


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LIVENET_WORKERS", "many"),
        ("LIVENET_MAX_WIDTH", "0"),
        ("LIVENET_DEVICE", "tpu"),
        ("LIVENET_DEVICE", "cuda:"),
        ("LIVENET_DEVICE", "cuda:x"),
        ("LIVENET_DEVICE", "mps:1"),
    ],
)
def test_a_variable_that_cannot_be_understood_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(LivenetError, match=name) as caught:
        Settings.from_environment()
    assert value in caught.value.message


@pytest.mark.parametrize("device", ["auto", "cpu", "cuda", "cuda:0", "cuda:11", "mps"])
def test_devices(monkeypatch: pytest.MonkeyPatch, device: str) -> None:
    monkeypatch.setenv("LIVENET_DEVICE", device)
    assert Settings.from_environment().device == device


def test_a_device_that_is_none_is_told_which_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIVENET_DEVICE", "gpu")
    with pytest.raises(LivenetError, match="'gpu' is none of auto, cpu, cuda, cuda:N"):
        Settings.from_environment()


def test_without_a_number_of_workers_there_is_at_least_one() -> None:
    assert Settings().worker_count >= 1
