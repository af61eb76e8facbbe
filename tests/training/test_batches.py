"""Minibatches: every example exactly once an epoch, in an order that the seed alone decides."""

import pytest
import torch

from livenet.training.batches import Batches

CPU = torch.device("cpu")


def flat(batches: list[list[int]]) -> list[int]:
    return [row for batch in batches for row in batch]


def epoch(one: Batches, size: int) -> list[list[int]]:
    """The batches of the epoch that begins here."""
    number = one.epoch
    found: list[list[int]] = []
    while one.epoch == number:
        assert len(found) < one.count, "an epoch without an end"
        rows = one.peek(size)
        one.advance(len(rows))
        found.append(rows.tolist())
    return found


@pytest.mark.parametrize("count", [1, 7, 20])
@pytest.mark.parametrize("size", [1, 3, 7, 20, 50])
def test_every_example_once_an_epoch_and_a_partial_last_batch(count: int, size: int) -> None:
    one = Batches(count, 0, CPU)
    for number in range(4):
        assert one.epoch == number
        batches = epoch(one, size)
        assert sorted(flat(batches)) == list(range(count))
        assert {len(batch) for batch in batches[:-1]} <= {size}
        assert len(batches[-1]) == (count % size or size if size < count else count)


def test_epochs_differ_and_so_do_seeds() -> None:
    one = Batches(20, 0, CPU)
    orders = [flat(epoch(one, 20)) for _ in range(3)]
    other = flat(epoch(Batches(20, 1, CPU), 20))
    assert len({tuple(order) for order in (*orders, other)}) == 4


def test_the_order_does_not_depend_on_the_batch_size() -> None:
    assert flat(epoch(Batches(20, 0, CPU), 3)) == flat(epoch(Batches(20, 0, CPU), 20))


def test_a_batch_size_that_changes_within_an_epoch_leaves_no_one_out() -> None:
    one = Batches(20, 0, CPU)
    seen: list[int] = []
    for size in (3, 8, 1, 50):
        rows = one.peek(size)
        one.advance(len(rows))
        seen += rows.tolist()
    assert sorted(seen) == list(range(20))
    assert (one.epoch, one.position) == (1, 0)


def test_seeking_stands_where_another_stood() -> None:
    one, other = Batches(20, 0, CPU), Batches(20, 0, CPU)
    for _ in range(9):
        one.advance(len(one.peek(3)))
    other.seek(one.epoch, one.position)
    assert (one.epoch, one.position) == (1, 6)
    assert torch.equal(one.peek(3), other.peek(3))


def test_passes_count_the_share_of_the_epoch() -> None:
    one = Batches(20, 0, CPU)
    found = []
    for _ in range(4):
        found.append(one.passes)
        one.advance(len(one.peek(8)))
    assert found == [0.0, 0.4, 0.8, 1.0]


def test_looking_ahead_uses_nothing_up() -> None:
    one = Batches(20, 0, CPU)
    assert torch.equal(one.peek(5), one.peek(5))
    assert one.position == 0


@pytest.mark.parametrize("size", [1, 3, 20, 50])
def test_orders_ahead_are_those_of_the_epochs(size: int) -> None:
    one, other = Batches(20, 0, CPU), Batches(20, 0, CPU)
    for each in (one, other):
        each.seek(3, 6)
    known = one.ahead()
    assert len(known) > 1
    assert one.steps_left(size) == len(epoch(other, size))
    for order in known[1:]:
        assert flat(epoch(other, size)) == order.tolist()
    one.advance(14 + 2 * 20 + 5)  # the rest of this epoch, two more, and a part
    assert (one.epoch, one.position) == (6, 5)
    assert one.ahead()[0].tolist() == known[3].tolist()
    assert one.ahead() is one.ahead()
    one.seek(3, 0)  # to an earlier step
    assert one.ahead()[0].tolist() == known[0].tolist()


def test_first_places_are_fair() -> None:
    """Over many epochs every example comes first about equally often: χ² with 9 degrees."""
    counts = torch.zeros(10)
    one = Batches(10, 0, CPU)
    for number in range(1000):
        one.seek(number, 0)
        counts[one.peek(1)] += 1
    assert float((counts - 100).square().sum() / 100) < 33.7  # p = 0.0001
