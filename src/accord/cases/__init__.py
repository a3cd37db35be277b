"""Published results computed again: one file a case, with its numbers beside it."""

from accord.cases import (
    agtpa_ch2,
    caliendo_parro_2015,
    ces_four_suppliers,
    ge_gravity_eu,
    gegravity_sample,
    gsim_4x4,
    hansmcp,
    hosoe,
    ignatenko_2025,
    log_of_gravity,
    miranda_fackler,
    takayama_judge_1964,
    transmcp,
)
from accord.cases.case import Case, Row
from accord.errors import Fault, InputError

__all__ = ["CASES", "Case", "Row", "validate"]

CASES = (
    Case("takayama_judge_1964", takayama_judge_1964.quantities),
    Case("transmcp", transmcp.quantities),
    Case("miranda_fackler", miranda_fackler.quantities),
    Case("hansmcp", hansmcp.quantities),
    Case("gsim_4x4", gsim_4x4.quantities),
    Case("ces_four_suppliers", ces_four_suppliers.quantities),
    Case("hosoe", hosoe.quantities),
    Case("ge_gravity_eu", ge_gravity_eu.quantities),
    Case("gegravity_sample", gegravity_sample.quantities),
    Case("caliendo_parro_2015", caliendo_parro_2015.quantities),
    Case("ignatenko_2025", ignatenko_2025.quantities),
    Case("agtpa_ch2", agtpa_ch2.quantities),
    Case("log_of_gravity", log_of_gravity.quantities),
)


def validate(names: tuple[str, ...] = ()) -> tuple[Row, ...]:
    """Compute the named cases again, all of them without a name; rows in the order of the cases.

    Raises ``InputError`` for names that are not cases, ``NoCertifiedAnswer`` where a case's
    problem is not solved.
    """
    known = {case.name: case for case in CASES}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise InputError([_unknown(name) for name in unknown])
    chosen = [case for case in CASES if not names or case.name in names]
    return tuple(row for case in chosen for row in case.rows())


def _unknown(name: str) -> Fault:
    allowed = ", ".join(case.name for case in CASES)
    return Fault("command line", f'the case "{name}"', allowed, "name a case that there is")
