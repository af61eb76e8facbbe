"""What would cost too much is refused before anything is allocated."""

import subprocess
import sys
import tracemalloc

import pytest

from livenet.errors import SpecError
from livenet.settings import Limits
from livenet.spec import resolve
from livenet.spec.cost import CHUNK_SECONDS, FLOPS, evaluation_chunk, forward_flops, step_seconds

LARGEST = {"model": {"hidden": [512] * 20}, "training": {"batch_size": 10}}


def test_twenty_layers_of_512_are_allowed() -> None:
    spec = resolve(LARGEST)
    assert spec.parameter_count == 2 * 512 + 512 + 19 * (512 * 512 + 512) + 513
    assert step_seconds(spec) < 0.1


def test_every_length_of_a_pair_is_allowed_to_a_decoder() -> None:
    """The default transformer, every knob of the task where it ends, 32 examples a step."""
    for kind in ("copy", "reverse", "sort"):
        resolve(
            {
                "data": {"kind": kind, "length": 40, "symbols": 30},
                "model": {"kind": "transformer", "form": "decoder"},
                "training": {"batch_size": 32},
            }
        )


@pytest.mark.parametrize(
    ("limits", "path"),
    [
        (Limits(max_samples=400), "data.samples"),
        (Limits(max_layers=19), "model.hidden"),
        (Limits(max_width=511), "model.hidden.0"),
        (Limits(max_parameters=4_000_000), "model.hidden"),
        (Limits(max_batch=9), "training.batch_size"),
        (Limits(max_step_seconds=0.01), "training.batch_size"),
    ],
)
def test_every_limit_of_the_settings_is_held(limits: Limits, path: str) -> None:
    with pytest.raises(SpecError) as caught:
        resolve(LARGEST, limits)
    assert caught.value.path == path
    assert "allows" in caught.value.message
    assert caught.value.hint


def test_what_is_too_large_is_refused_before_anything_is_allocated() -> None:
    document = {"model": {"hidden": [512] * 32}, "training": {"batch_size": None}}
    resolve({})
    tracemalloc.start()
    with pytest.raises(SpecError):
        resolve(document)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2 * 2**20  # the weights alone would be 32 MB


def test_refusing_needs_no_torch() -> None:
    program = (
        "import sys\n"
        "from livenet.spec import resolve\n"
        "from livenet.errors import SpecError\n"
        "try:\n"
        "    resolve({'model': {'hidden': [512] * 32}, 'training': {'batch_size': None}})\n"
        "except SpecError:\n"
        "    sys.exit('torch' in sys.modules)\n"
        "sys.exit('not refused')\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr


def test_a_chunk_of_an_evaluation_is_a_power_of_two_that_takes_little_time() -> None:
    for hidden in ([], [8, 8], [512] * 4, [512] * 20):
        spec = resolve({"model": {"hidden": hidden}, "training": {"batch_size": 1}})
        chunk = evaluation_chunk(spec)
        assert chunk & (chunk - 1) == 0
        assert 32 <= chunk <= 4096
        assert chunk == 32 or chunk * forward_flops(spec) / FLOPS <= CHUNK_SECONDS
