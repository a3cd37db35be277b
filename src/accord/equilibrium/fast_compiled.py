"""Compile a function with numba where that is installed; leave it as it is where it is not.

So the kernels can be tested without numba, slowly, and read as the plain loops they are.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])

# Sums may be taken in another order, products and sums in one instruction. Numbers that are none
# stay what they are: a step that leads nowhere is seen by them.
SUMS = frozenset({"reassoc", "contract"})
EXACT = frozenset({"contract"})


def compiled(flags: frozenset[str], *, kept: bool = False) -> Callable[[F], F]:
    """Return a decorator that compiles a function; ``kept`` on disk, with all that it calls."""
    try:
        numba = import_module("numba")
    except ImportError:
        return _as_it_is
    return numba.njit(cache=kept, fastmath=set(flags), error_model="numpy")


def _as_it_is(function: F) -> F:
    return function
