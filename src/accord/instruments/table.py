"""Tables of TOML files, read as far as they can be with all that is wrong with them."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from accord.instruments.problem import (
    Problem,
    concerning,
    example_of,
    faulty_fields,
    problems_of,
)


class Table(BaseModel):
    """A table of a TOML file that accepts no field it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    def disagreements(self) -> list[Problem]:
        """Return what is wrong between the table's own fields."""
        return []


Model = TypeVar("Model", bound=Table)


def read_table(
    model: type[Model], table: Mapping[str, object]
) -> tuple[Model | None, list[Problem]]:
    """Return a table as its model, and everything wrong with it in itself.

    Where there are problems the model only stands in for the table, its faulty fields left out or
    filled with an example; it is ``None`` where nothing can stand in.
    """
    try:
        read = model.model_validate(dict(table))
    except ValidationError as error:
        problems = problems_of(error, model)
        faulty = faulty_fields(problems)
        stand_in = _stand_in(model, table, faulty)
        further = [] if stand_in is None else stand_in.disagreements()
        return stand_in, [*problems, *(p for p in further if not concerning(p, faulty))]
    return read, read.disagreements()


def _stand_in(
    model: type[Model], table: Mapping[str, object], faulty: Collection[str]
) -> Model | None:
    rest = {name: value for name, value in table.items() if name not in faulty}
    for name, info in model.model_fields.items():
        if info.is_required() and name not in rest:
            rest |= tomllib.loads(f"{name} = {example_of(model, name)}")
    try:
        return model.model_validate(rest)
    except ValidationError:
        return None
