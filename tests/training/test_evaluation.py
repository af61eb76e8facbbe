"""An evaluation in chunks is the evaluation of the whole."""

from typing import Any

import pytest

from livenet.training import Trainer
from livenet.training.evaluation import Chunks, Evaluation
from tests.training.runs import run, steps, trainer

DOCUMENTS: list[dict[str, Any]] = [
    {"data": {"kind": "spiral", "samples": 101}},
    {"data": {"kind": "blobs", "samples": 101}},
    {"data": {"kind": "sine", "samples": 101}},
]


def chunked(document: dict[str, Any], size: int) -> Trainer:
    one = trainer(document)
    one.chunks = Chunks(one.parts, size)
    one.evaluation = one.evaluate()
    return one


@pytest.mark.parametrize("document", DOCUMENTS)
@pytest.mark.parametrize("chunk", [1, 7, 50, 51])
def test_chunks_add_up_to_the_whole(document: dict[str, Any], chunk: int) -> None:
    one = steps(trainer(document), 5)
    whole = one.metrics()
    one.chunks = Chunks(one.parts, chunk)
    assert one.metrics() == pytest.approx(whole, rel=1e-5)


def test_a_chunk_is_a_unit_of_work() -> None:
    one = trainer({"data": {"samples": 100, "test_fraction": 0.4}})
    evaluation = Evaluation(one.objective, Chunks(one.parts, 25))
    done = [evaluation.chunk() for _ in range(5)]  # 60 and 40 points: 3 chunks and 2
    assert done == [False, False, False, False, True]


def test_a_row_comes_when_its_last_chunk_is_done() -> None:
    one = chunked({"data": {"samples": 100}, "training": {"steps": 10}}, 25)
    found = [one.work() for _ in range(4 + 10 + 4)]
    assert [at for at, row in enumerate(found) if row] == [3, 17]


def test_a_row_is_of_one_step_however_it_is_chunked() -> None:
    """No step is taken while a row waits for its chunks."""
    document = {"data": {"samples": 100}, "training": {"steps": 20, "series_every": 5}}
    for a, b in zip(run(trainer(document)), run(chunked(document, 7)), strict=True):
        assert (a.step, a.epoch) == (b.step, b.epoch)
        assert {**b.metrics, "gradient_norm": 0.0} == pytest.approx(
            {**a.metrics, "gradient_norm": 0.0}, rel=1e-5
        )  # of no chunks, and None at step 0
