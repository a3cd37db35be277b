from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from accord.market import Market


def _module() -> ModuleType:
    path = Path(__file__).parents[1] / "instruments" / "small_market.py"
    spec = importlib.util.spec_from_file_location("small_market", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def market() -> Market:
    return _module().small_market()
