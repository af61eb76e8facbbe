"""From LLVM's language to object code for this processor, by LLVM alone."""

from __future__ import annotations

from typing import Any

from llvmlite import binding

FUNCTIONS = ("atan", "cos", "erf", "exp", "expm1", "log", "log1p", "pow", "sin", "sqrt", "tanh")
LIBRARY = (*FUNCTIONS, *(f"{name}f" for name in FUNCTIONS), "memset", "memcpy")
"""What the code may call of the C library."""


def host() -> Any:
    """This machine, as LLVM needs to know it."""
    binding.initialize_native_target()
    binding.initialize_native_asmprinter()
    return binding.Target.from_default_triple().create_target_machine(
        cpu=binding.get_host_cpu_name(),
        features=binding.get_host_cpu_features().flatten(),
        opt=3,
        reloc="pic",
        codemodel="small",
    )


def emitted(bitcode: bytes) -> bytes:
    """The object code of a translation, optimised. Takes one or two seconds.

    Raises RuntimeError if it is no bitcode, or needs more than the C library has.
    """
    machine = host()
    module: Any = binding.parse_bitcode(bitcode)
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
