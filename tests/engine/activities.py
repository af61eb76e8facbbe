"""What people do with a run while it trains, for a simulated worker."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial
from typing import Any

from livenet.engine import messages as msg
from tests.engine.simulated import World

PANELS = {"network": 0.004, "neurons": 0.012, "decision": 0.006}
EXPENSIVE = 0.23  # seconds of a picture that a script asks for

Activity = Callable[[World, str], None]


def nobody(world: World, run: str) -> None:
    """Nobody looks."""


def viewer(world: World, run: str) -> None:
    """The default panels, watched at 30 pictures a second by somebody who takes each at once."""
    world.costs.pictures |= PANELS
    for number, probe in enumerate(PANELS):
        world.post(msg.Watch(run, 500 + number, probe, probe, {}, 30.0))

    def hear(message: Any) -> None:
        if isinstance(message, msg.ChannelFrame) and message.run == run:
            world.at(world.now + 0.005, lambda: msg.FrameAck(run, message.channel))

    world.listeners.append(hear)


def slider(world: World, run: str) -> None:
    """A knob that is dragged: a change every 85 ms."""
    for place in range(200):
        change = {"optimizer.lr": 0.001 + 1e-5 * place}
        world.at(world.now + 0.085 * place, partial(world.do, run, kind="set", changes=change))


def speed(world: World, run: str) -> None:
    """The pace, set to what it is over and over, as by a control that is moved back and forth."""

    def again() -> msg.CommandRequest:
        pace = world.worker.runs[run].pacer.pace
        return world.do(run, kind="pace", steps_per_second=pace)

    for place in range(200):
        world.at(world.now + 0.085 * place, again)


def scrubbing(world: World, run: str) -> None:
    """Three people who drag along the timeline, each with eight looks at a time."""
    places = random.Random(0)
    mine: set[int] = set()

    def request() -> msg.ProbeRequest:
        step = places.randrange(world.runs[run].step + 1)
        asked = world.probe_request(run, "decision", {}, step)
        mine.add(asked.ref)
        return asked

    def hear(message: Any) -> None:
        if isinstance(message, msg.Reply) and message.ref in mine:
            world.at(world.now + 0.001, request)

    world.listeners.append(hear)
    for _ in range(24):
        world.at(world.now + 0.5, request)


def rest_looks(world: World, run: str) -> None:
    """A script that asks for a hundred expensive pictures at once, each with options of its own."""
    world.costs.pictures["expensive"] = EXPENSIVE
    for number in range(100):
        world.at(
            world.now + 0.3, partial(world.probe_request, run, "expensive", {"n": number}, None)
        )


ACTIVITIES: dict[str, Activity] = {
    "nobody": nobody,
    "viewer": viewer,
    "slider": slider,
    "speed": speed,
    "scrubbing": scrubbing,
    "rest_looks": rest_looks,
}
