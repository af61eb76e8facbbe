"""How fast exact regions come: faces a second, on one thread.

Three hidden layers of 64 ReLU with He weights and torch's default biases,
U(−1/√D_in, 1/√D_in), over the window [−3, 3]². Timed is all that a live picture of the regions
needs: from the weights to the faces with their vertices, counts by layer and patterns, as the
compact arrays that go on the wire.
"""

from statistics import median
from time import perf_counter, thread_time

import numpy as np
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped] # it has none

from livenet.geometry import LINEAR, RELU, Layer, plane_regions

TARGET = 150_000
"""faces a second"""

WINDOW = (-3.0, 3.0, -3.0, 3.0)
SEEDS = 7
REPEATS = 7


def network(seed: int) -> list[Layer]:
    """2 – 64 – 64 – 64 – 1."""
    random = np.random.default_rng(seed)
    layers = []
    for before, width in ((2, 64), (64, 64), (64, 64), (64, 1)):
        weight = random.normal(0.0, np.sqrt(2 / before), (width, before))
        bias = random.uniform(-1.0, 1.0, width) / np.sqrt(before)
        layers.append(Layer(weight, bias, LINEAR if width == 1 else RELU))
    return layers


def measure() -> dict[str, float]:
    """The median over seeds of each seed's median over repeats.

    Returns regions_faces_per_s, regions_faces_per_cpu_s (the same by the thread's own clock,
    which a busy machine slows less), regions_ms (one whole answer), regions_faces (in one).
    """
    rates: list[float] = []
    cpu_rates: list[float] = []
    times: list[float] = []
    faces: list[int] = []
    with threadpool_limits(limits=1):
        for seed in range(SEEDS):
            layers = network(seed)
            taken: list[float] = []
            cpu: list[float] = []
            count = 0
            for repeat in range(REPEATS + 1):
                start, cpu_start = perf_counter(), thread_time()
                regions = plane_regions(layers, WINDOW)
                polygons = regions.polygons()
                patterns = regions.patterns
                if repeat:  # the first warms up
                    taken.append(perf_counter() - start)
                    cpu.append(thread_time() - cpu_start)
                count = regions.by_layer[-1]
                assert len(polygons.offsets) - 1 == len(patterns) == count
            times.append(median(taken))
            faces.append(count)
            rates.append(count / times[-1])
            cpu_rates.append(count / median(cpu))
    return {
        "regions_faces_per_s": median(rates),
        "regions_faces_per_cpu_s": median(cpu_rates),
        "regions_ms": 1000 * median(times),
        "regions_faces": median(faces),
    }


if __name__ == "__main__":
    for name, value in measure().items():
        print(f"{name:24} {value:12,.1f}")
