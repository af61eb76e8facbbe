"""Training: turns a spec into a sequence of snapshots.

trainer       the loop                      evaluation    losses over all the data
batches       minibatches, epochs           streams       random numbers as pure functions
flat          all parameters as one tensor  snapshot      a run's whole state
likelihoods   −log p(y | θ) and measures    optimizers    rules of descent, schedules
regularizers  penalties, dropout            diverged      explains a non-finite loss
replay        from a snapshot to any step
"""

from livenet.training.snapshot import Snapshot
from livenet.training.trainer import Row, Trainer

__all__ = ["Row", "Snapshot", "Trainer"]
