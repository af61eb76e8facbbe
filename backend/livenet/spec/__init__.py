"""The run spec: frozen pydantic models and tables of what they may name. No torch.

base          Frozen, Kind, knob: what every spec is made of
activations   the table of activation functions
initializers  the table of weight initializers
features      the table of input features
choice        a row of a table, chosen by name or with its knobs
data          data sets           model      models
objective     likelihoods         optimizer  optimizers and schedules
training      regularization, batches, length
run           RunSpec, and resolve: a whole spec from any part of one
size          how large a document may be at all
check, cost   what does not go together, what would cost too much
refusal       pydantic's findings as errors for a person
change        what may change while a run goes on
describe      a spec in numbers
"""

from livenet.spec.change import changed, live_paths
from livenet.spec.describe import describe
from livenet.spec.run import RunSpec, resolve

__all__ = ["RunSpec", "changed", "describe", "live_paths", "resolve"]
