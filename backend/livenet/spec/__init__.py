"""The run spec: frozen pydantic models and tables of the kinds in them. No torch.

base          Frozen, Kind, knob: base classes and field declarations
activations   the table of activation functions
initializers  the table of weight initializers
features      the table of input features
choice        a row of a table, chosen by name or with its knobs
data          data sets           model      models
objective     likelihoods         optimizer  optimizers and schedules
training      regularization, batches, length
run           RunSpec, and resolve, which fills in defaults
paths         the fields that a spec may have
size          limits on the size of any document
check, cost   checks of combinations and cost
refusal       converts pydantic's errors to SpecError
change        changes of live fields
describe      layers, shapes and parameter counts of a spec
"""

from livenet.spec.change import changed, live_paths
from livenet.spec.describe import describe
from livenet.spec.run import RunSpec, resolve

__all__ = ["RunSpec", "changed", "describe", "live_paths", "resolve"]
