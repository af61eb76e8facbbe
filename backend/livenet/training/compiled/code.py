"""The machine code in this process: object code that is linked, and called through ctypes."""

from __future__ import annotations

import ctypes
import ctypes.util
import os
from typing import Any

import numpy as np
from llvmlite import binding

from livenet.machine_code.emission import LIBRARY
from livenet.training.compiled.layout import SIGNATURES, Real
from livenet.training.compiled.registries import ENTRIES, symbol, symbols


class Code:
    """All functions for one type of numbers.

    Raises RuntimeError or OSError if the object code is not of this machine.
    """

    def __init__(self, object_code: bytes, real: type[Real] = np.float32) -> None:
        self.real = real
        binding.initialize_native_target()
        binding.initialize_native_asmprinter()
        linked = binding.JITLibraryBuilder().add_object_img(object_code)
        for name, address in _library():
            linked.import_symbol(name, address)
        for name in symbols():
            linked.export_symbol(name)
        # The code is in memory as long as these two are.
        self._linker = binding.create_lljit_compiler()
        self._linked = linked.link(self._linker, "livenet")
        self.train, self.evaluate, self.maps = (self._callable(name) for name in ENTRIES)

    def address(self, of: str, choice: str = "") -> int:
        """Where the function of a choice is, for a description of a network. Raises KeyError for a
        choice that has none."""
        return int(self._linked[symbol(of, choice)])

    def _callable(self, name: str) -> Any:
        kinds: dict[str, Any] = {"integer": ctypes.c_int64, "double": ctypes.c_double}
        arguments = (kinds.get(kind, ctypes.c_void_p) for kind in SIGNATURES[name])
        return ctypes.CFUNCTYPE(None, *arguments)(self.address(name))


def _library() -> list[tuple[str, int]]:
    """The functions of the C library, with their addresses."""
    here = ctypes.CDLL("ucrtbase" if os.name == "nt" else None)
    found = []
    for name in LIBRARY:
        # What this process has not loaded may be in a library of its own.
        holder = here if hasattr(here, name) else ctypes.CDLL(ctypes.util.find_library("m"))
        address = ctypes.cast(getattr(holder, name), ctypes.c_void_p).value
        assert address
        found.append((name, address))
    return found
