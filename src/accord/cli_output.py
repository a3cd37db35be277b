"""How commands write: text for the stream it goes to, one JSON object, a quiet end."""

from __future__ import annotations

import errno
import json
import os
import sys
from contextlib import suppress
from typing import Any, NoReturn

import click

# What an old terminal cannot show, in characters that it can.
PLAIN = str.maketrans(
    {"−": "-", "…": "...", "→": "->", "—": "-", "–": "-", "·": "*", "“": '"', "”": '"', "’": "'",
     "×": "x", "≤": "<=", "≥": ">="}
)  # fmt: skip


def terminal() -> dict[str, Any]:
    """Width and colour of where the answer will be read."""
    if not sys.stdout.isatty():
        return {"width": 100, "colour": False}
    import shutil

    colour = "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"
    return {"width": shutil.get_terminal_size().columns, "colour": colour}


def print_json(value: object) -> None:
    """Write one JSON object and nothing else."""
    print_text(json.dumps(value, allow_nan=False, ensure_ascii=False, indent=1) + "\n")


def print_text(text: str) -> None:
    """Write an answer; end quietly where nobody reads it any more."""
    try:
        click.echo(encodable(text, sys.stdout), nl=False)
    except BrokenPipeError:
        reader_left()
    except OSError as error:
        if error.errno in {errno.EPIPE, errno.EINVAL}:
            reader_left()
        raise


def reader_left() -> NoReturn:
    """End quietly: whoever read the output has had enough of it."""
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    raise click.exceptions.Exit(0)


def encodable(text: str, stream: Any) -> str:  # noqa: ANN401 - any text stream
    """Return text as a stream can show it."""
    encoding = getattr(stream, "encoding", None) or "utf-8"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return text.translate(PLAIN).encode(encoding, "replace").decode(encoding)
    return text


def say(text: str) -> None:
    """Write a message for people, to standard error."""
    click.echo(encodable(text, sys.stderr), err=True)
