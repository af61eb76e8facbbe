"""Passing a subdivision through the steps of a network."""

from collections.abc import Sequence

from livenet.budget import Budget
from livenet.geometry.bend_cells import BendCells, Bent, cut_bends
from livenet.geometry.mesh import Mesh
from livenet.geometry.pool_cells import PoolCells, Pooled, cut_pools
from livenet.geometry.reached import Reached
from livenet.geometry.steps import Affine, Bend, Cutting, MaxPool, Plain, Residual, cutting

Cells = BendCells | PoolCells


class Sweep:
    """The mesh as cut so far, and the cells that each step has made.

    The outputs after the last cut are computed only if they are wanted.
    """

    def __init__(
        self,
        steps: Sequence[Plain],
        mesh: Mesh,
        max_faces: int,
        budget: Budget,
        *,
        outputs: bool = False,
    ) -> None:
        self.mesh = mesh
        self._wanted = outputs
        self.cells: list[Cells] = []
        self._steps = steps
        self._max_faces = max_faces
        self._budget = budget
        self._cutting = len(cutting(steps))
        self._beside: list[Reached] = []  # the shortcuts of the residual blocks in progress

    def run(self, reached: Reached) -> Reached | None:
        """Cut by all steps, or as far as max_faces and the budget allow. reached: the input of the
        first step.

        Returns the outputs at the vertices of the mesh, if they are wanted and all cuts are made.
        """
        left = self._through(self._steps, reached)
        return left if self._wanted else None

    def _through(self, steps: Sequence[Plain], reached: Reached) -> Reached | None:
        """The output of the steps at the vertices of the mesh after them; None at the end."""
        for step, after in zip(steps, [*steps[1:], None], strict=True):
            if len(self.cells) == self._cutting and not self._wanted:
                return None
            match step:
                case Affine():
                    left: Reached | None = reached.through(step, self._budget)
                case Residual():
                    left = self._around(step, reached)
                case _:
                    left = self._cut(step, reached, few=isinstance(after, MaxPool))
            if left is None:
                return None
            reached = left
        return reached

    def _around(self, block: Residual, reached: Reached) -> Reached | None:
        self._beside.append(reached)
        left = self._through(block.body, reached)
        beside = self._beside.pop()
        if left is None:
            return None
        across = beside.through(block.shortcut, self._budget) if block.shortcut else beside
        return None if across is None else left.plus(across)

    def _cut(self, step: Cutting, reached: Reached, *, few: bool) -> Reached | None:
        """few: whether only some of the step's outputs will be read."""
        last = len(self.cells) + 1 == self._cutting and not self._wanted
        made: Bent | Pooled
        if isinstance(step, Bend):
            made = cut_bends(step, reached, self.mesh, self._max_faces, self._budget, kept=not last)
        else:
            made = cut_pools(step, reached, self.mesh, self._max_faces, self._budget)
        self.mesh = made.mesh
        self.cells.append(made.cells)
        if last or not made.cells.complete:
            return None
        self._beside = [
            Reached(made.carried(b.values), b.terms, (b.low, b.high)) for b in self._beside
        ]
        if few and isinstance(made, Bent) and made.cells.step.cuts:
            return made.promised(reached)
        return made.leaving(reached, self._budget)
