"""The common fields of all data sets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from livenet.spec.base import Kind, knob

Family = Literal["points", "images", "sequences"]
Target = Literal["classes", "real", "tokens"]


def samples_of(
    what: str,
    default: int,
    *,
    ge: int = 20,
    le: int = 1_000_000_000,
    shown: tuple[int, int] = (100, 10_000),
    step: int = 100,
) -> Any:
    """The knob of how many examples there are."""
    return knob(
        default, ge=ge, le=le, shown=shown, step=step, scale="log", label="Samples",
        explain=f"{what} in all, for training and testing together.",
    )  # fmt: skip


def held_out_of(what: str, default: float) -> Any:
    """The knob of the share of examples that are for testing."""
    return knob(
        default, ge=0.0, le=0.9, step=0.05, unit="share", label="Held out for testing",
        explain=f"Share of the {what} that training never sees.",
    )  # fmt: skip


def seed_of(what: str) -> Any:
    """The knob of the draw."""
    return knob(
        0, ge=0, le=2**31 - 1, label="Data seed", explain=f"Another seed draws {what}.",
    )  # fmt: skip


def noise_on(
    what: str, default: float, *, le: float = 1.0, shown: tuple[float, float] | None = None
) -> Any:
    """The knob of the noise that examples have."""
    return knob(
        default, ge=0.0, le=le, shown=shown, step=0.01, label="Noise",
        symbol=r"\sigma_\mathrm{noise}", explain=f"Standard deviation of the noise {what}.",
    )  # fmt: skip


class DataKind(Kind):
    """A data set; ``family`` is the form of an example, ``target`` the kind of its target."""

    family: ClassVar[Family]
    target: ClassVar[Target] = "classes"
    model: ClassVar[str] = "mlp"
    """The default kind of model."""
    batch_size: ClassVar[int] = 10
    """The default number of examples a step."""
    evaluated: ClassVar[int | None] = None
    """Examples of each part that a row of the series is over; None is all."""

    if TYPE_CHECKING:  # made by each family in its own words, see samples_of and the others
        samples: int
        test_fraction: float
        seed: int

    @property
    def classes(self) -> int:
        """The number of classes (or symbols that may be predicted); 0 for a real target."""
        return 2 if self.target == "classes" else 0

    @property
    def described(self) -> str:
        """The targets, for an error message."""
        if self.target == "classes":
            return f"{self.classes} classes"
        return {"real": "a real target", "tokens": "symbols to predict"}[self.target]

    @property
    def train_count(self) -> int:
        """Examples for training: at least one."""
        return max(1, self.samples - round(self.samples * self.test_fraction))

    @property
    def numbers(self) -> int:
        """Numbers that one example's input has."""
        raise NotImplementedError

    def available(self) -> None:
        """Raises SpecError if its files are missing; called only for new specs."""
