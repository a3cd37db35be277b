"""What is wrong with one term: where in it, what was found, what is allowed, the likely fix."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from accord.units import QuantityError

if TYPE_CHECKING:
    from pydantic import BaseModel, ValidationError

    from accord.instruments.term import Term

Path = tuple[str | int, ...]
LONGEST_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a table of an input file.

    ``path`` leads from the table to the place, for example ``("ramp", 0)``; the reader of the file
    adds file, line and term. ``concerns`` names the fields that
    a problem between fields is about.
    """

    path: Path
    found: str
    allowed: str
    fix: str
    concerns: tuple[str, ...] = ()

    @property
    def field(self) -> str:
        """The place within the table, as a person writes it: ``ramp[0]``."""
        text = "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in self.path)
        return text.removeprefix(".")


class FieldError(ValueError):
    """Raised by a field's reader: what was found, what is allowed, the likely fix."""

    def __init__(self, found: str, allowed: str, fix: str) -> None:
        self.found = found
        self.allowed = allowed
        self.fix = fix
        super().__init__(f"found {found}; allowed {allowed}; {fix}")


class TermError(ValueError):
    """A term that cannot be read; ``problems`` holds everything wrong with it.

    ``stand_in`` is the term with its faulty fields left out or filled with an example, for checks
    of the other fields; it is ``None`` where nothing can stand in.
    """

    def __init__(self, problems: Iterable[Problem], stand_in: Term | None = None) -> None:
        self.problems = tuple(problems)
        self.stand_in = stand_in
        super().__init__(f"{len(self.problems)} problems")

    @property
    def faulty(self) -> frozenset[str]:
        """The fields that are known to be wrong."""
        return faulty_fields(self.problems)


def shown(value: object) -> str:
    """Return a TOML value as a person would write it, shortened."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        cut = value if len(value) <= LONGEST_SHOWN else f"{value[: LONGEST_SHOWN - 3]}..."
        return f'"{cut}"'
    if isinstance(value, list | tuple):
        entries = cast("list[object]", value)
        if entries and all(isinstance(x, dict) for x in entries):
            return f"{len(entries)} tables" if len(entries) > 1 else "[a table]"
        items = [shown(x) for x in entries[:4]]
        return "[" + ", ".join(items) + (", ..." if len(entries) > len(items) else "") + "]"
    if isinstance(value, dict):
        return "a table"
    return str(value)


def nearest(word: str, known: Collection[str], cutoff: float = 0.65) -> str | None:
    """Return the known word most like this one, or ``None`` where none is close."""
    close = difflib.get_close_matches(word, known, n=1, cutoff=cutoff)
    if close:
        return close[0]
    lowered = {k.lower(): k for k in known}
    close = difflib.get_close_matches(word.lower(), lowered, n=1, cutoff=cutoff)
    return lowered[close[0]] if close else None


def listed(words: Collection[str], conjunction: str = "or") -> str:
    """Return ``a, b or c``."""
    items = list(words)
    if len(items) < 2:  # noqa: PLR2004 - one word needs no conjunction
        return "".join(items)
    return f"{', '.join(items[:-1])} {conjunction} {items[-1]}"


def problems_of(error: ValidationError, model: type[BaseModel]) -> list[Problem]:
    """Return pydantic's errors as problems in accord's words."""
    return [_problem(item, model) for item in cast("list[dict[str, Any]]", error.errors())]


def _problem(item: Mapping[str, Any], model: type[BaseModel]) -> Problem:
    path: Path = tuple(p for p in item["loc"] if p != "function-plain")
    cause = item.get("ctx", {}).get("error")
    if isinstance(cause, FieldError | QuantityError):
        return Problem(path, cause.found, cause.allowed, cause.fix)
    owner, name = _owner(model, path)
    kind = item["type"]
    if kind == "extra_forbidden":
        return unknown_field(path, owner)
    if kind == "missing":
        return Problem(path, "nothing", _described(owner, name), f"add {_example(owner, name)}")
    if kind == "literal_error":
        return _wrong_word(path, item)
    return Problem(
        path, shown(item["input"]), _described(owner, name), f"write {_example(owner, name)}"
    )


def _wrong_word(path: Path, item: Mapping[str, Any]) -> Problem:
    words = re.findall(r"'([^']*)'", item["ctx"]["expected"])
    likely = nearest(str(item["input"]), words)
    allowed = listed([f'"{w}"' for w in words])
    fix = f'write "{likely}"' if likely else f'write one of them, for example "{words[0]}"'
    return Problem(path, shown(item["input"]), allowed, fix)


def unknown_field(path: Path, model: type[BaseModel]) -> Problem:
    """Return the problem of a field that the table does not have."""
    name = str(path[-1])
    fields = field_names(model)
    likely = nearest(name, fields, cutoff=0.75)
    fix = f'write "{likely}"' if likely else f'take "{name}" out'
    concerns = (likely,) if likely else ()
    return Problem(path, f'the unknown field "{name}"', listed(fields), fix, concerns)


def faulty_fields(problems: Iterable[Problem]) -> frozenset[str]:
    """Return the fields that problems are about."""
    return frozenset(str(name) for p in problems for name in (*p.path[:1], *p.concerns))


def concerning(problem: Problem, faulty: Collection[str]) -> bool:
    """Return whether a problem says no more than that these fields are faulty already."""
    about = [*map(str, problem.path[:1]), *problem.concerns]
    return bool(faulty) and (not about or bool(set(faulty).intersection(about)))


def field_names(model: type[BaseModel]) -> list[str]:
    """Return the names of a table's fields as written in files."""
    return [info.alias or name for name, info in model.model_fields.items()]


def _owner(model: type[BaseModel], path: Path) -> tuple[type[BaseModel], str]:
    """Return the (nested) model and field that a path leads to."""
    names = [p for p in path if isinstance(p, str)]
    for name in names[:-1]:
        info = _info(model, name)
        inner = None if info is None else _inner(info.annotation)
        if inner is None:
            return model, name
        model = inner
    return model, names[-1] if names else ""


def _inner(annotation: object) -> type[BaseModel] | None:
    if hasattr(annotation, "model_fields"):
        return cast("type[BaseModel]", annotation)
    arguments = cast("tuple[object, ...]", getattr(annotation, "__args__", ()))
    return next((found for a in arguments if (found := _inner(a)) is not None), None)


def _info(model: type[BaseModel], name: str) -> Any:  # noqa: ANN401 - pydantic's FieldInfo, late
    fields = model.model_fields
    return fields.get(name) or next((i for i in fields.values() if i.alias == name), None)


def _described(model: type[BaseModel], name: str) -> str:
    info = _info(model, name)
    return getattr(info, "description", None) or "text"


def _example(model: type[BaseModel], name: str) -> str:
    return f"{name} = {example_of(model, name) or '...'}"


def example_of(model: type[BaseModel], name: str) -> str | None:
    """Return a field's example as TOML text."""
    examples = getattr(_info(model, name), "examples", None)
    return examples[0] if examples else None
