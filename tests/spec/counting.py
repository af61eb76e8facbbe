"""How much work something is, in counts that are the same on every machine."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

from livenet.errors import LivenetError
from livenet.spec import refusal, run

FINDING = 250  # operations that one of pydantic's findings stands for: some 8 µs


def operations(work: Callable[[], object], findings: list[int]) -> int:
    """Bytecodes and calls into C that ``work`` takes, and what pydantic finds wrong meanwhile (see
    ``counted_findings``). A refusal counts like an answer."""
    count = 0

    def traced(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal count
        frame.f_trace_opcodes = True
        count += event == "opcode"
        return traced

    def profiled(frame: FrameType, event: str, argument: Any) -> None:
        nonlocal count
        count += event == "c_call"

    findings.clear()
    before = sys.gettrace(), sys.getprofile()
    sys.settrace(traced)
    sys.setprofile(profiled)
    try:
        work()
    except LivenetError:
        pass
    finally:
        sys.settrace(before[0])
        sys.setprofile(before[1])
    return count + FINDING * sum(findings)


def counted_findings(monkeypatch: Any) -> list[int]:
    """How many findings each refusal is made of, from now on."""
    found: list[int] = []

    def counting(error: Any, *rest: Any) -> LivenetError:
        found.append(error.error_count())
        return refusal.refusal(error, *rest)

    monkeypatch.setattr(run, "refusal", counting)
    return found
