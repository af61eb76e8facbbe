"""Translates the functions to LLVM's language, with Numba, in several processes.

Numba's own way compiles each function for itself, and once more in every function that calls it;
and its cache cannot be read without Numba, whose import takes longer than to link this code. Here
it only translates; livenet.machine_code optimises all functions together, once.
"""

from __future__ import annotations

import multiprocessing
import platform
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from types import FunctionType
from typing import Any

import numpy as np
import psutil
from llvmlite import binding
from numba import cfunc, njit, types
from numba.core import codegen, config

from livenet.machine_code.emission import host
from livenet.system import core_count
from livenet.training.compiled import elementary, kernels, loops
from livenet.training.compiled.layout import SIGNATURES, Real
from livenet.training.compiled.registries import ENTRIES, plain_functions, symbol, symbols
from livenet.training.compiled.translation import FAST

Function = Callable[..., Any]
GROUPS = (ENTRIES, ("update",), ("value", "slope"), ("loss",))
"""What is translated together, the longest first: functions of a group share what they call."""
MEMORY = 500_000_000  # bytes, of a process that translates


def translated(real: type[Real] = np.float32) -> bytes:
    """All functions for one type of numbers, as bitcode. Takes some seconds.

    Modules of different processes are linked after all that is not called from outside has become
    internal to each, since names that Numba makes up are unique in one process only.
    """
    with _only_translating():
        cfunc(types.void())(_nothing)  # loads what Numba loads late, once for all processes
    with _processes() as processes:
        groups = processes.map(_translated_group, [real] * len(GROUPS), GROUPS)
        first, *others = (binding.parse_bitcode(one) for one in groups)
    for other in others:
        first.link_in(other)
    _drop_unused(first)
    for number, one in enumerate((*first.functions, *first.global_variables)):
        if one.linkage.name == "internal":
            one.name = f"part_{number}"  # Numba's names differ from one process to the next
    return bytes(first.as_bitcode())


def _nothing() -> None:
    """The least that can be translated."""


def _processes() -> ProcessPoolExecutor:
    """As many as there are groups, cores and memory for; forked from this one, which has imported
    Numba, where that is safe."""
    room = psutil.virtual_memory().available // MEMORY
    count = max(1, min(len(GROUPS), core_count(), room))
    forks = "fork" in multiprocessing.get_all_start_methods() and platform.system() != "Darwin"
    return ProcessPoolExecutor(count, multiprocessing.get_context("fork" if forks else "spawn"))


def _translated_group(real: type[Real], group: tuple[str, ...]) -> bytes:
    """The functions of a group in one module, as bitcode."""
    with _only_translating():
        first, *others = (binding.parse_assembly(text) for text in _texts(real, group))
    for module in (first, *others):
        _link_as(module, "linkonce_odr")  # modules have functions in common
    for other in others:
        first.link_in(other)
    _link_as(first, "internal")
    return bytes(first.as_bitcode())


def _link_as(module: Any, linkage: str) -> None:
    """The linkage of all that is not called from outside the object code."""
    outside = set(symbols())
    for one in (*module.functions, *module.global_variables):
        if not one.is_declaration and one.name not in outside:
            one.linkage = linkage


def _drop_unused(module: Any) -> None:
    passes = binding.create_new_module_pass_manager()
    passes.add_global_dead_code_eliminate_pass()
    settings = binding.create_pipeline_tuning_options(speed_level=0)
    passes.run(module, binding.create_pass_builder(host(), settings))


@contextmanager
def _only_translating() -> Iterator[None]:
    """Within it, Numba neither optimises functions nor makes machine code of them: what it
    compiles cannot be called."""
    optimised: Any = config
    instead: list[tuple[Any, str, Any]] = [
        (config, "OPT", optimised._OptLevel(0)),
        (codegen.JITCodeLibrary, "_finalize_specific", lambda library: None),
        (codegen.JITCodeLibrary, "get_pointer_to_function", _no_pointer),
        (codegen.JITCPUCodegen, "set_env", lambda *_: None),
    ]
    before = [(holder, name, getattr(holder, name)) for holder, name, _ in instead]
    try:
        for holder, name, value in instead:
            setattr(holder, name, value)
        yield
    finally:
        for holder, name, value in before:
            setattr(holder, name, value)


def _no_pointer(library: Any, name: str) -> int:
    library._ensure_finalized()  # links what the function calls
    return 0


def _texts(real: type[Real], group: tuple[str, ...]) -> Iterator[str]:
    """Each function of a group in LLVM's language, with all that it calls."""
    for name in [name for name in ENTRIES if name in group]:
        made = _translated(real, name, getattr(kernels, name))
        yield made.inspect_llvm().replace(made.native_name, symbol(name))
    faster = elementary.SINGLE if real is np.float32 else {}
    loops_of: dict[tuple[str, Function], Any] = {}
    for of, choice, plain in plain_functions():
        if of not in group:
            continue
        if (of, plain) not in loops_of:
            own = FunctionType(plain.__code__, plain.__globals__ | faster, plain.__name__)
            one = njit(error_model="numpy", fastmath=FAST, inline="always")(own)
            loop = getattr(loops, of)
            looped = FunctionType(loop.__code__, loop.__globals__ | {"one": one}, loop.__name__)
            loops_of[of, plain] = _translated(real, of, looped)
        made = loops_of[of, plain]
        yield made.inspect_llvm().replace(made.native_name, symbol(of, choice))


def _translated(real: type[Real], of: str, function: Function) -> Any:
    """A C function that Numba has made."""
    numbers: dict[str, Any] = {
        "real": types.float32 if real is np.float32 else types.float64,
        "double": types.float64,
        "integer": types.int64,
        "word": types.uint64,
    }
    pointer: Any = types.CPointer
    kinds = numbers | {f"{name}s": pointer(kind) for name, kind in numbers.items()}
    signature = types.void(*(kinds[kind] for kind in SIGNATURES[of]))
    options: dict[str, Any] = {"error_model": "numpy", "fastmath": FAST, "_nrt": False}
    return cfunc(signature, **options)(function)
