"""Makes the object code: Numba translates the functions to LLVM's language, and LLVM optimises them
together, once.

Numba's own way compiles each function for itself, and once more in every function that calls it;
and its cache cannot be read without Numba, whose import takes longer than to link this code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FunctionType
from typing import Any

import numpy as np
from llvmlite import binding
from numba import cfunc, njit, types
from numba.core import config

from livenet.training.compiled import elementary, kernels, loops
from livenet.training.compiled.code import LIBRARY
from livenet.training.compiled.layout import SIGNATURES, Real
from livenet.training.compiled.registries import ENTRIES, plain_functions, symbol, symbols
from livenet.training.compiled.translation import FAST

Function = Callable[..., Any]


def object_code(real: type[Real] = np.float32) -> bytes:
    """The object code of all functions for one type of numbers. Takes some seconds.

    Raises RuntimeError if it needs more than the C library has.
    """
    binding.initialize_native_target()
    binding.initialize_native_asmprinter()
    machine = binding.Target.from_default_triple().create_target_machine(
        cpu=binding.get_host_cpu_name(),
        features=binding.get_host_cpu_features().flatten(),
        opt=3,
        reloc="pic",
        codemodel="small",
    )
    module = _linked(real)
    tuning = binding.create_pipeline_tuning_options(speed_level=3)
    tuning.loop_vectorization = tuning.slp_vectorization = tuning.loop_unrolling = True
    passes = binding.create_pass_builder(machine, tuning)
    passes.getModulePassManager().run(module, passes)
    called = {one.name for one in module.functions if one.is_declaration}
    if needed := sorted(name for name in called - set(LIBRARY) if not name.startswith("llvm.")):
        raise RuntimeError(
            f"the code calls {', '.join(needed)}: a plain function may neither raise nor allocate, "
            "as a power with a whole exponent may"
        )
    return bytes(machine.emit_object(module))


def _linked(real: type[Real]) -> Any:
    """All functions in one module; only those with a symbol can be called from outside it."""
    with _not_optimised():
        first, *others = (binding.parse_assembly(text) for text in _texts(real))
    for module in (first, *others):
        _link_as(module, "linkonce_odr")  # modules have functions in common
    for other in others:
        first.link_in(other)
    _link_as(first, "internal")
    return first


def _link_as(module: Any, linkage: str) -> None:
    outside = set(symbols())
    for one in (*module.functions, *module.global_variables):
        if not one.is_declaration and one.name not in outside:
            one.linkage = linkage


@contextmanager
def _not_optimised() -> Iterator[None]:
    """Within it, Numba only translates."""
    settings: Any = config
    before = settings.OPT
    settings.OPT = settings._OptLevel(0)
    try:
        yield
    finally:
        settings.OPT = before


def _texts(real: type[Real]) -> Iterator[str]:
    """Each function in LLVM's language, with all that it calls."""
    faster = elementary.SINGLE if real is np.float32 else {}
    for name in ENTRIES:
        made = _translated(real, name, getattr(kernels, name))
        yield made.inspect_llvm().replace(made.native_name, symbol(name))
    loops_of: dict[tuple[str, Function], Any] = {}
    for of, choice, plain in plain_functions():
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
