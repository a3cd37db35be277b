from __future__ import annotations

import contextlib
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord import units
from accord.units import QuantityError

READ = [
    ("2 Mt/yr", units.MASS_RATE, 2e6),
    ("2 Mt per year", units.MASS_RATE, 2e6),
    ("2 000 kt/yr", units.MASS_RATE, 2e6),
    ("2_000 kt/a", units.MASS_RATE, 2e6),
    ("180 kt/month", units.MASS_RATE, 2.16e6),
    ("18 kt", units.MASS, 18e3),
    ("68 c/lb", units.PRICE, 68 * 22.046226218487757),
    ("1.1 c/kg", units.PRICE, 11.0),
    ("100 $/t", units.PRICE, 100.0),
    ("15 TWh", units.ENERGY, 15e6),
    ("36 GJ", units.ENERGY, 10.0),
    ("3 c/kWh", units.POWER_PRICE, 30.0),
    ("14200 kWh/t", units.POWER_INTENSITY, 14.2),
    ("4.5 t CO2/t", units.EMISSION_INTENSITY, 4.5),
    ("3 bn USD", units.MONEY, 3e9),
    ("200 %", units.SHARE, 2.0),
    ("57%", units.SHARE, 0.57),
    ("5 per cent", units.SHARE, 0.05),
    ("−5 %", units.SHARE, -0.05),
    (".5 %", units.SHARE, 0.005),
    ("1e3 t/yr", units.MASS_RATE, 1e3),
]


@pytest.mark.parametrize(("text", "dimension", "value"), READ, ids=[r[0] for r in READ])
def test_quantities_are_read_in_base_units(
    text: str, dimension: units.Dimension, value: float
) -> None:
    assert units.parse(text, dimension) == pytest.approx(value, rel=1e-12)


REFUSED = [
    ("2 Mt", units.MASS_RATE, '"2 Mt", a mass', 'write "2 Mt/yr"'),
    ("2 Mt/yr", units.MASS, '"2 Mt/yr", a mass per year', 'write "2 Mt"'),
    ("5 USD", units.PRICE, '"5 USD", an amount of money', 'write "5 USD/t"'),
    (
        5,
        units.SHARE,
        "the bare number 5",
        'write "5 %", or "500 %" if 5 times the whole is meant',
    ),
    ("5", units.SHARE, '"5"', 'write "5 %", or "500 %" if 5 times the whole is meant'),
    (2.5, units.MASS, "the bare number 2.5", 'write the unit, for example "2.5 t"'),
    (True, units.SHARE, "true", 'write for example "5 %"'),
    (float("nan"), units.SHARE, "nan", 'write for example "5 %"'),
    ("inf %", units.SHARE, '"inf %"', 'write a number and a unit: "5 %"'),
    (
        "2,000 kt/yr",
        units.MASS_RATE,
        '"2,000 kt/yr"',
        'write "2000 kt/yr" or "2.000 kt/yr": a comma can mean either',
    ),
    (
        "2 tons",
        units.MASS,
        '"2 tons"',
        'write "2 t" if tonnes of 1,000 kg are meant; a short ton is 907 kg',
    ),
    ("2 mtpa", units.MASS_RATE, '"2 mtpa"', 'write "2 Mt/yr"'),
    (
        "5 EUR/t",
        units.PRICE,
        '"5 EUR/t"',
        "convert EUR to USD and name the exchange rate in the term's reading",
    ),
    ("1e400 t", units.MASS, '"1e400 t"', "write a finite number"),
    (
        "3 furlongs",
        units.MASS,
        '"3 furlongs"',
        '"furlongs" is no unit accord knows; write for example "18 kt"',
    ),
]


@pytest.mark.parametrize(("value", "dimension", "found", "fix"), REFUSED)
def test_refusals_name_what_was_found_and_the_fix(
    value: object, dimension: units.Dimension, found: str, fix: str
) -> None:
    with pytest.raises(QuantityError) as caught:
        units.parse(value, dimension)
    assert (caught.value.found, caught.value.fix) == (found, fix)


@given(st.floats(min_value=1e-6, max_value=1e9), st.sampled_from(["t", "kt", "Mt"]))
def test_a_mass_is_its_number_times_its_unit(number: float, unit: str) -> None:
    parsed = units.parse(f"{number!r} {unit}", units.MASS)
    assert parsed == pytest.approx(number * units.factor(unit, units.MASS), rel=1e-12)


@given(st.text(max_size=20))
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(QuantityError):
        assert math.isfinite(units.parse(text, units.PRICE))
