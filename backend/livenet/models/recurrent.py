"""A layer of recurrent cells: plain, LSTM or GRU.

With z = W_x x_t + W_h h_{t-1} + b, in blocks of D rows named in order:

    plain  h_t = σ(z)
    LSTM   i, f, o = sigmoid(z_i, z_f, z_o)    C̃ = tanh(z_C̃)     blocks i, f, C̃, o
           C_t = f C_{t-1} + i C̃               h_t = o tanh(C_t)
    GRU    r, z = sigmoid(z_r, z_z)            n = tanh(x_n + r s_n)   blocks r, z, n
           h_t = (1 - z) n + z h_{t-1}

where x_n and s_n are the contributions of the input (with b) and of the state to the block n (Cho
et al. 2014 as in torch: the state's contribution is gated after its matrix). LSTM: Hochreiter and
Schmidhuber 1997 with the forget gate of Gers et al. 2000.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from livenet.models.initial import draw
from livenet.spec.choice import Choice
from livenet.spec.model.rnn import GATES

XAVIER = Choice("xavier_normal", {"gain": 1.0})  # initializer of W_x and the output layer
State = tuple[Tensor, ...]


class Weight(nn.Module):
    """One matrix."""

    def __init__(self, rows: int, columns: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(rows, columns))


class Recurrent(nn.Module):
    """W_x (g·D, D_in), W_h (g·D, D) and b (g·D,) of a layer with g blocks in its cell.

    ``cell`` is "rnn", "lstm" or "gru"; ``activation`` ("tanh" or "relu") is the plain cell's.
    """

    def __init__(self, cell: str, d_in: int, width: int, activation: str) -> None:
        super().__init__()
        self.cell = cell
        self.width = width
        self.activation = activation
        rows = len(GATES[cell]) * width
        self.input = Weight(rows, d_in)
        self.state = Weight(rows, width)
        self.bias = nn.Parameter(torch.zeros(rows))

    @torch.no_grad()
    def initialize(self, chosen: Choice, forget_bias: float, generator: torch.Generator) -> None:
        """Draws each block separately: W_x by Xavier's rule, W_h as chosen; b is 0 except for the
        LSTM's forget gate."""
        fed_by = Choice(self.activation, {}) if self.cell == "rnn" else None
        for block in torch.split(self.input.weight, self.width):
            draw(block, XAVIER, None, generator)
        for block in torch.split(self.state.weight, self.width):
            draw(block, chosen, fed_by, generator)
        if self.cell == "lstm":
            self.bias[self.width : 2 * self.width] = forget_bias

    def forward(self, x: Tensor) -> Tensor:
        """The states h (B, T, D) of inputs x (B, T, D_in), from h_0 = 0."""
        return self.run(x, None)[0]

    def run(self, x: Tensor, state: State | None) -> tuple[Tensor, State]:
        """The states h (B, T, D), and the state to continue from; uses torch's fused loops.

        A state is h (1, B, D), and in an LSTM also C of that shape; None starts a sequence.
        """
        if state is None:
            start = x.new_zeros(1, len(x), self.width)
            state = (start, start) if self.cell == "lstm" else (start,)
        # torch's cells have a second bias; it is 0 and not a parameter, so that only b counts.
        none = torch.zeros_like(self.bias)
        flat = [self.input.weight, self.state.weight, self.bias, none]
        if self.cell == "lstm":
            h, last, carried = torch.lstm(x, state, flat, True, 1, 0.0, False, False, True)
            return h, (last, carried)
        plain = torch.rnn_tanh if self.activation == "tanh" else torch.rnn_relu
        fused = torch.gru if self.cell == "gru" else plain
        h, last = fused(x, state[0], flat, True, 1, 0.0, False, False, True)
        return h, (last,)

    def contributions(self, x: Tensor, h: Tensor) -> tuple[Tensor, Tensor]:
        """What z_t consists of, W_x x_t + b and W_h h_{t-1}, for known states h (B, T, D): both
        (B, T, g·D)."""
        from_x = functional.linear(x, self.input.weight, self.bias)
        return from_x, functional.linear(shifted(h), self.state.weight)

    def gates(self, x: Tensor, h: Tensor) -> dict[str, Tensor]:
        """The cell's intermediate values for known states h (B, T, D), each (B, T, D).

        Every z_t needs only h_{t-1}, so all time steps are computed at once; only C is accumulated
        step by step. The names are those of ``GATES``, with C and h added.
        """
        from_x, from_h = (torch.split(one, self.width, 2) for one in self.contributions(x, h))
        if self.cell == "rnn":
            return {"h": h}
        if self.cell == "gru":
            r = (from_x[0] + from_h[0]).sigmoid()
            z = (from_x[1] + from_h[1]).sigmoid()
            n = (from_x[2] + r * from_h[2]).tanh()
            return {"r": r, "z": z, "n": n, "h": h}
        i, f, o = ((from_x[k] + from_h[k]).sigmoid() for k in (0, 1, 3))
        candidate = (from_x[2] + from_h[2]).tanh()
        added = i * candidate
        c = torch.empty_like(h)
        carried = torch.zeros_like(h[:, 0])  # C_{t-1}: (B, D)
        for t in range(h.shape[1]):
            carried = torch.addcmul(added[:, t], f[:, t], carried)
            c[:, t] = carried
        return {"f": f, "i": i, "C̃": candidate, "C": c, "o": o, "h": h}


def shifted(h: Tensor) -> Tensor:
    """h_{t-1} for every t, with h_0 = 0: (B, T, D)."""
    return functional.pad(h, (0, 0, 1, 0))[:, :-1]
