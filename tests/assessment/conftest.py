from __future__ import annotations

from functools import cache

import pytest

from accord.assessment import Assessment
from accord.assessment.assess import assess_named


@cache
def answer(name: str) -> Assessment:
    return assess_named(name)


@pytest.fixture(scope="session")
def common() -> Assessment:
    return answer("us-russia-2025:common-duty")


@pytest.fixture(scope="session")
def two_million() -> Assessment:
    return answer("us-russia-2025:two-million")


@pytest.fixture(scope="session")
def only_200() -> Assessment:
    return answer("us-russia-2025:only-200-lifted")
