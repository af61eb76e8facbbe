"""Points of the plane and of the line.

To add a set, add a class here, also to the union at the end, and its function in livenet.data.

Points lie in the window [-3, 3]² (or on [-3, 3]), so that networks see inputs of about unit size.
"""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from livenet.spec.base import knob
from livenet.spec.data.base import (
    DataKind,
    Family,
    Target,
    held_out_of,
    noise_on,
    samples_of,
    seed_of,
)


def _samples(default: int) -> Any:
    return samples_of("Points", default, ge=4, shown=(20, 2000), step=10)


def _noise(default: float, where: str) -> Any:
    return noise_on(where, default, le=2.0, shown=(0.0, 1.0))


class Points(DataKind):
    """The base class of data sets of points."""

    family: ClassVar[Family] = "points"
    inputs: ClassVar[int] = 2
    samples: int = _samples(500)
    noise: float = _noise(0.0, "on the points of a class, or on a target")
    test_fraction: float = held_out_of("points", 0.5)
    seed: int = seed_of("other points")

    @property
    def numbers(self) -> int:
        return self.inputs


class Circles(Points):
    kind: Literal["circles"] = "circles"
    label: ClassVar[str] = "Circles"
    explain: ClassVar[str] = "A disc inside a ring: no straight line separates them."
    formula: ClassVar[str] = r"y=[\lVert x\rVert < r]"


class Xor(Points):
    kind: Literal["xor"] = "xor"
    label: ClassVar[str] = "XOR"
    explain: ClassVar[str] = (
        "Opposite quadrants share a class: the least that needs a hidden layer."
    )
    formula: ClassVar[str] = "y=[x_1 x_2 > 0]"


class Gaussians(Points):
    kind: Literal["gaussians"] = "gaussians"
    label: ClassVar[str] = "Two Gaussians"
    explain: ClassVar[str] = "Two clouds that a straight line can separate while noise is low."
    formula: ClassVar[str] = r"x\mid y\sim\mathcal N(\mu_y, s^2 I)"


class Spiral(Points):
    kind: Literal["spiral"] = "spiral"
    label: ClassVar[str] = "Spiral"
    explain: ClassVar[str] = "Arms wound around each other: the hardest of the classics."
    formula: ClassVar[str] = r"r\propto\varphi - 2\pi y/K"
    arms: int = knob(2, ge=2, le=8, label="Arms", symbol="K", explain="One class per arm.")
    turns: float = knob(
        1.25, ge=0.25, le=4.0, step=0.05, shown=(0.5, 3.0),
        label="Turns", explain="How often an arm winds around the centre.",
    )  # fmt: skip

    @property
    def classes(self) -> int:
        return self.arms


class Moons(Points):
    kind: Literal["moons"] = "moons"
    label: ClassVar[str] = "Moons"
    explain: ClassVar[str] = "Two half circles that reach into each other."
    formula: ClassVar[str] = r"x=\pm(\cos t,\sin t)+c_y"


class Checkerboard(Points):
    kind: Literal["checkerboard"] = "checkerboard"
    label: ClassVar[str] = "Checkerboard"
    explain: ClassVar[str] = "Squares of alternating class: more cells need more units."
    formula: ClassVar[str] = r"y=(\lfloor x_1/a\rfloor+\lfloor x_2/a\rfloor) \bmod 2"
    cells: int = knob(4, ge=2, le=10, label="Cells a side", explain="Squares along an edge.")


class Blobs(Points):
    kind: Literal["blobs"] = "blobs"
    label: ClassVar[str] = "Blobs"
    explain: ClassVar[str] = "One cloud a class, around a circle."
    formula: ClassVar[str] = r"x\mid y=k\sim\mathcal N(\mu_k, s^2 I)"
    count: int = knob(
        4, ge=2, le=8, label="Classes", symbol="K", explain="Clouds around the circle."
    )

    @property
    def classes(self) -> int:
        return self.count


class Line(Points):
    """A real target on the line."""

    inputs: ClassVar[int] = 1
    target: ClassVar[Target] = "real"
    samples: int = _samples(200)
    noise: float = _noise(0.1, "on the target")


class Sine(Line):
    kind: Literal["sine"] = "sine"
    label: ClassVar[str] = "Sine"
    explain: ClassVar[str] = "A smooth wave."
    formula: ClassVar[str] = r"y=\sin(2\pi f x/6)"
    cycles: float = knob(
        2.0, ge=0.25, le=8.0, step=0.25, label="Cycles", symbol="f",
        explain="Waves within the window.",
    )  # fmt: skip


class Step(Line):
    kind: Literal["step"] = "step"
    label: ClassVar[str] = "Step"
    explain: ClassVar[str] = "A jump, which no continuous net can follow exactly."
    formula: ClassVar[str] = r"y=\operatorname{sign} x"


class Sawtooth(Line):
    kind: Literal["sawtooth"] = "sawtooth"
    label: ClassVar[str] = "Sawtooth"
    explain: ClassVar[str] = "A zigzag: a ReLU net can be exact, with one joint per corner."
    formula: ClassVar[str] = r"y=\text{triangle}(f x/6)"
    teeth: int = knob(3, ge=1, le=12, label="Teeth", symbol="f", explain="Zigzags in the window.")


class Polynomial(Line):
    kind: Literal["polynomial"] = "polynomial"
    label: ClassVar[str] = "Polynomial"
    explain: ClassVar[str] = "A Chebyshev polynomial: as many wiggles as its degree allows."
    formula: ClassVar[str] = "y=T_n(x/3)"
    degree: int = knob(3, ge=1, le=9, label="Degree", symbol="n", explain="Degree of T.")


class Heteroscedastic(Line):
    kind: Literal["heteroscedastic"] = "heteroscedastic"
    label: ClassVar[str] = "Growing noise"
    explain: ClassVar[str] = "A wave whose noise grows from left to right (heteroscedastic)."
    formula: ClassVar[str] = r"y\sim\mathcal N(\sin\tfrac{2\pi x}{6}, (\sigma\,\tfrac{x+3}{3})^2)"
    noise: float = _noise(0.2, "in the middle")


class Surface(Points):
    """A real target in the plane."""

    target: ClassVar[Target] = "real"


class Plane(Surface):
    kind: Literal["plane"] = "plane"
    label: ClassVar[str] = "Plane"
    explain: ClassVar[str] = "A tilted plane, which a single linear unit can learn."
    formula: ClassVar[str] = "y=(x_1+x_2)/6"


class Bumps(Surface):
    kind: Literal["bumps"] = "bumps"
    label: ClassVar[str] = "Gaussian bumps"
    explain: ClassVar[str] = "Hills and valleys of Gaussian shape."
    formula: ClassVar[str] = r"y=\sum_k s_k\,e^{-\lVert x-c_k\rVert^2/2w^2}"


PointData = (
    Spiral | Circles | Xor | Gaussians | Moons | Checkerboard | Blobs
    | Sine | Step | Sawtooth | Polynomial | Heteroscedastic | Plane | Bumps
)  # fmt: skip
