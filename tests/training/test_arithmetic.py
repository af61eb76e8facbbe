"""How a process that trains computes."""

from threading import Thread

import torch

from livenet.training.arithmetic import settle

SMALLEST = 2.0**-126  # the smallest float32 of full precision


def test_what_is_too_small_for_full_precision_is_nothing() -> None:
    found: list[float] = []

    def halve() -> None:
        smallest = torch.full((64,), SMALLEST)
        found.append(float((smallest * 0.5).max()))
        settle()
        found.append(float((smallest * 0.5).max()))
        found.append(float((smallest * 1.5).max()))

    one = Thread(target=halve)  # the rest of the tests keep their own
    one.start()
    one.join()
    assert found == [SMALLEST / 2, 0.0, SMALLEST * 1.5]
    assert torch.get_num_threads() == 1
