"""One step of training: every number of the forward pass, the backward pass and the update."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np

from livenet.errors import OptionError, did_you_mean
from livenet.models import Mlp, Network
from livenet.models.autoencoder import Autoencoder, Vae
from livenet.models.cnn import Cnn
from livenet.models.rnn import Rnn
from livenet.models.transformer import Transformer
from livenet.pictures import Picture
from livenet.probes.context import Context
from livenet.probes.steps.autoencoders import AutoencoderWalk, VaeWalk
from livenet.probes.steps.images import CnnWalk
from livenet.probes.steps.perceptron import PerceptronWalk
from livenet.probes.steps.recurrent import RecurrentWalk
from livenet.probes.steps.rows import USED_BY, StepByStepOptions
from livenet.probes.steps.transformer import TransformerWalk
from livenet.probes.steps.walk import Example, Stage, facts_of, sectioned
from livenet.spec.model import KINDS
from livenet.training.upcoming import Upcoming


class Walk(Protocol):
    """A family's walk through one step."""

    upcoming: Upcoming
    example: Example

    def stages(self) -> list[Stage]:
        """In their order."""
        ...


WALKS: dict[type[Network], Callable[[Context, StepByStepOptions], Walk]] = {
    Mlp: PerceptronWalk,
    Rnn: RecurrentWalk,
    Transformer: TransformerWalk,
    Cnn: CnnWalk,
    Autoencoder: AutoencoderWalk,
    Vae: VaeWalk,
}


def step_by_step(context: Context, options: StepByStepOptions) -> Picture:
    """The plots of one stage, most of them an equation with its numbers; the entry that the options
    name is worked out.

    Facts: ``stages`` (of each its ``id``, ``group``, ``section``, ``label``, unique in the section,
    and ``title``) and ``stage``, the present one's id; ``example`` of ``part``, which is ``row`` of
    the data; ``batch``, the rows of the next minibatch; ``step``, its number; ``eta``, its learning
    rate; ``arithmetic``, the run's; and those of the stage.
    """
    _check(context, options)
    with np.errstate(all="ignore"):  # a net that has diverged is shown as it is
        return _picture(context, options)


def _check(context: Context, options: StepByStepOptions) -> None:
    """Refuses an option that is for other models, unless it has its default value."""
    model = context.spec.model
    for name, kinds in USED_BY.items():
        default = StepByStepOptions.model_fields[name].default
        if model.kind not in kinds and getattr(options, name) != default:
            labels = [one.label for one in KINDS if one.model_fields["kind"].default in kinds]
            others = " and ".join(f"{label.lower()}s" for label in labels)
            raise OptionError(
                f"{name} is for {others}; this run's model is a {model.label.lower()}",
                path=f"options.{name}",
                hint="Leave it out.",
            )


def _picture(context: Context, options: StepByStepOptions) -> Picture:
    walk = WALKS[type(context.model)](context, options)
    stages = sectioned(walk.stages())
    names = [stage.id for stage in stages]
    chosen = options.stage or names[0]
    if chosen not in names:
        raise OptionError(
            f"There is no stage {chosen!r}",
            path="options.stage",
            hint=did_you_mean(chosen, names) or f"Stages of this run: {', '.join(names)}.",
        )
    stage = stages[names.index(chosen)]
    shown = stage.show()
    facts = {
        "stages": [
            {
                "id": one.id,
                "group": one.group,
                "section": one.section,
                "label": one.label,
                "title": one.title,
            }
            for one in stages
        ],
        "stage": chosen,
        **facts_of(context, walk.upcoming, walk.example),
        **shown.facts,
    }
    return Picture(context.step, shown.plots, facts)
