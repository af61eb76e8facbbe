"""What Numba is given for the kernels: functions that neither allocate nor raise, calls by address,
and numbers for all examples of a block at once.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic, models, overload, register_model
from numba.np import arrayobj

from livenet.training.compiled.layout import LANES, PLANES

Function = Callable[..., Any]
SIZE = ir.IntType(64)
FAST = {"reassoc", "contract", "nsz"}
"""What LLVM may assume: sums in any order (vectorised, and the same at every call), and fused
multiplications. Infinities and NaN keep their meaning: they show a step that is not finite."""
OPTIONS: dict[str, Any] = {
    "error_model": "numpy",
    "_nrt": False,
    "no_cpython_wrapper": True,
    "no_cfunc_wrapper": True,
}
compiled = njit(fastmath=FAST, **OPTIONS)
"""For functions that other compiled functions call."""


def translated_by(generator: Function) -> Function:
    """A function for compiled code, from one that gives its types, and what generates it."""
    made: Function = intrinsic(generator)
    return made


@translated_by
def call(typing: Any, address: Any, arguments: Any) -> Any:
    """Calls the C function at an address with the members of a tuple. It returns nothing."""

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        kinds = [context.get_value_type(kind) for kind in arguments]
        function = ir.FunctionType(ir.VoidType(), kinds).as_pointer()
        members = cgutils.unpack_tuple(builder, given[1])
        builder.call(builder.inttoptr(given[0], function), members)
        return context.get_dummy_value()

    return types.void(address, arguments), generate


def bitcast(to: Any, of: Any) -> Function:
    """A function that takes the bits of a number as another type of the same size."""

    @translated_by
    def taken(typing: Any, number: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
            return builder.bitcast(given[0], context.get_value_type(to))

        return to(of), generate

    return taken


@translated_by
def array_at(typing: Any, pointer: Any, shape: Any) -> Any:
    """The contiguous array of a shape, a tuple, that begins at a pointer."""
    kind = types.Array(pointer.dtype, len(shape), "C")

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        sizes = cgutils.unpack_tuple(builder, given[1])
        size = context.get_abi_sizeof(context.get_data_type(pointer.dtype))
        strides = [context.get_constant(types.intp, size)]
        for one in reversed(sizes[1:]):
            strides.insert(0, builder.mul(one, strides[0]))
        array = context.make_array(kind)(context, builder)
        itemsize = context.get_constant(types.intp, size)
        arrayobj.populate_array(array, given[0], sizes, strides, itemsize, None)
        return array._getvalue()

    return kind(pointer, shape), generate


@translated_by
def part(typing: Any, array: Any, start: Any, count: Any) -> Any:
    """``count`` numbers of a contiguous array (N,) from ``start`` on, as an array. Numba translates
    a call sooner than a slice, and no bounds are checked."""

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        return _part(context, builder, array, *given)

    return array(array, types.intp, types.intp), generate


@translated_by
def rows_of(typing: Any, values: Any, plane: Any, first: Any, count: Any) -> Any:
    """``count`` rows of a plane of a block's values (PLANES · rows · LANES,), flat."""

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        whole = context.make_array(values)(context, builder, given[0])
        size = builder.udiv(builder.extract_value(whole.shape, 0), SIZE(PLANES))
        lanes = SIZE(LANES)
        start = builder.add(builder.mul(given[1], size), builder.mul(given[2], lanes))
        return _part(context, builder, values, given[0], start, builder.mul(given[3], lanes))

    return values(values, types.intp, types.intp, types.intp), generate


def _part(context: Any, builder: Any, kind: Any, array: Any, start: Any, count: Any) -> Any:
    whole = context.make_array(kind)(context, builder, array)
    made = context.make_array(kind)(context, builder)
    begin = builder.gep(whole.data, [start])
    strides = cgutils.unpack_tuple(builder, whole.strides)
    arrayobj.populate_array(made, begin, [count], strides, whole.itemsize, None)
    return made._getvalue()


class Lanes(types.Type):
    """LANES numbers in registers of the processor: one for each example of a block."""

    def __init__(self, real: Any) -> None:
        super().__init__(name=f"Lanes({real})")
        self.real = real


@register_model(Lanes)
class LanesModel(models.PrimitiveModel):
    """A vector of LLVM's."""

    def __init__(self, manager: Any, kind: Lanes) -> None:
        one = ir.FloatType() if kind.real == types.float32 else ir.DoubleType()
        super().__init__(manager, kind, ir.VectorType(one, LANES))


@translated_by
def lanes_of(typing: Any, array: Any, row: Any) -> Any:
    """LANES neighbouring numbers of a contiguous array (N,), from a place on."""

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        pointer = _pointer(context, builder, signature, given)
        loaded = builder.load(pointer)
        loaded.align = context.get_abi_sizeof(context.get_data_type(array.dtype))
        return loaded

    return Lanes(array.dtype)(array, row), generate


@translated_by
def put_lanes(typing: Any, array: Any, row: Any, lanes: Any) -> Any:
    """Writes them there."""

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        pointer = _pointer(context, builder, signature, given)
        stored = builder.store(given[2], pointer)
        stored.align = context.get_abi_sizeof(context.get_data_type(array.dtype))
        return context.get_dummy_value()

    return types.void(array, row, lanes), generate


def _pointer(context: Any, builder: Any, signature: Any, given: Any) -> Any:
    kind = signature.args[0]
    array = context.make_array(kind)(context, builder, given[0])
    vector = context.get_value_type(Lanes(kind.dtype))
    return builder.bitcast(builder.gep(array.data, [given[1]]), vector.as_pointer())


@translated_by
def each(typing: Any, number: Any) -> Any:
    """The same number in every lane."""

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        kind = context.get_value_type(signature.return_type)
        first = builder.insert_element(ir.Constant(kind, ir.Undefined), given[0], ir.IntType(32)(0))
        order = ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES)
        return builder.shuffle_vector(first, first, order)

    return Lanes(number)(number), generate


@translated_by
def total(typing: Any, lanes: Any) -> Any:
    """The sum over all lanes."""

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        real = context.get_value_type(lanes.real)
        function = cgutils.get_or_insert_function(
            builder.module,
            ir.FunctionType(real, [real, given[0].type]),
            f"llvm.vector.reduce.fadd.v{LANES}f{lanes.real.bitwidth}",
        )
        return builder.call(function, [real(0), given[0]], fastmath=("reassoc",))

    return lanes.real(lanes), generate


def _elementwise(name: str, instruction: str) -> None:
    @translated_by
    def applied(typing: Any, one: Any, other: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
            return getattr(builder, instruction)(*given, flags=("contract",))

        return one(one, other), generate

    @overload(getattr(operator, name), inline="always")
    def choose(one, other):
        if isinstance(one, Lanes) and one == other:
            return lambda one, other: applied(one, other)
        return None


_elementwise("add", "fadd")
_elementwise("mul", "fmul")
