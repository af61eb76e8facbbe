"""What every data set has, whatever its family."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from livenet.spec.base import Kind

Family = Literal["points", "images", "sequences"]
Target = Literal["classes", "real", "tokens"]


class DataKind(Kind):
    """A data set. Its family says what an example is, its target what is predicted of it."""

    family: ClassVar[Family]
    target: ClassVar[Target] = "classes"
    model: ClassVar[str] = "mlp"
    """The kind of model that learns it where a spec names none."""
    batch_size: ClassVar[int] = 10
    """Examples a step where a spec does not say."""
    evaluated: ClassVar[int | None] = None
    """Examples of each part that a row of the series is over; None is all."""

    if TYPE_CHECKING:  # each family's own knobs, with its own words
        samples: int
        test_fraction: float
        seed: int

    @property
    def classes(self) -> int:
        """The number of classes (or symbols that may be predicted); 0 for a real target."""
        return 2 if self.target == "classes" else 0

    @property
    def train_count(self) -> int:
        """Examples for training: at least one."""
        return max(1, self.samples - round(self.samples * self.test_fraction))

    @property
    def numbers(self) -> int:
        """Numbers that one example's input has."""
        raise NotImplementedError

    def available(self) -> None:
        """Raises SpecError where what it is read from is not there; asked at the door alone."""
