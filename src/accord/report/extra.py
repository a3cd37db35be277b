"""What an optional library is needed for, said where it is missing."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from accord.errors import Fault, InputError


@contextmanager
def needs(extra: str, library: str, what: str) -> Generator[None]:
    """Turn the absence of a library into a fault that says how to install it.

    ``library``  its name as it is installed; that in lower case is the name of its module
    """
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != library.lower():
            raise
        fault = Fault(
            "command line",
            f"{library} is not installed",
            f"{library} for {what}",
            f"install it with: pip install {library}   (it is accord's extra [{extra}])",
        )
        raise InputError([fault]) from None
