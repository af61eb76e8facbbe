"""The loop that anybody would write: PyTorch, fused Adam, one thread. Prints steps a second."""

from __future__ import annotations

import os
import sys
import time

os.environ["OMP_NUM_THREADS"] = "1"

import torch
from torch import nn

from livenet.data import load
from livenet.spec import resolve


def loop(seconds: float) -> float:
    """Steps a second of the default run: 2-8-8-1 tanh, batch 10, on the spiral."""
    torch.set_num_threads(1)
    data = load(resolve({}).data)
    x, y = torch.from_numpy(data.train_x), torch.from_numpy(data.train_y)[:, None]
    model = nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 8), nn.Tanh(), nn.Linear(8, 1))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01, fused=True)
    loss = nn.BCEWithLogitsLoss()

    def epoch() -> int:
        order = torch.split(torch.randperm(len(x)), 10)
        for rows in order:
            optimizer.zero_grad()
            loss(model(x[rows]), y[rows]).backward()
            optimizer.step()
        return len(order)

    for _ in range(20):
        epoch()
    steps, start = 0, time.perf_counter()
    while time.perf_counter() - start < seconds:
        steps += epoch()
    return steps / (time.perf_counter() - start)


if __name__ == "__main__":
    print(loop(float(sys.argv[1])))
