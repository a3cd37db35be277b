from __future__ import annotations

import pytest

from accord.assessment import words


@pytest.mark.parametrize(
    ("function", "value", "text"),
    [
        (words.tonnes, 263_400.0, "263 kt"),
        (words.tonnes, 999_600.0, "1.00 Mt"),
        (words.tonnes, 999.6, "1 kt"),
        (words.tonnes, 12.0, "12 t"),
        (words.dollars, -82_925_677.8, "−83 mn USD"),
        (words.dollars, 1.5e9, "1.50 bn USD"),
        (words.dollars, 700.0, "1 thousand USD"),
        (words.per_tonne, -40.69, "−41 USD/t"),
        (words.per_tonne, 2.71, "2.7 USD/t"),
        (words.percent, 0.114, "0.11 %"),
        (words.percent, 42.33, "42.3 %"),
        (words.percent, 201.2, "201 %"),
    ],
)
def test_numbers_in_words(function: object, value: float, text: str) -> None:
    assert callable(function)
    assert function(value) == text


def test_a_plus_only_where_there_is_something() -> None:
    assert words.signed("41 USD/t") == "+41 USD/t"
    assert words.signed("−41 USD/t") == "−41 USD/t"
    assert words.signed("0.0 USD/t") == "0.0 USD/t"
