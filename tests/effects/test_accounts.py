"""Who gets and who pays, worked out by hand on single lanes; what is absent; the order of rows."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from pathlib import Path

import pytest
from test_worlds_effects import effects_of  # type: ignore[import-not-found]
from worlds import LANE_AB, banned, duty, limit, origin_duty, quota, toy, with_duty

from accord.effects import MEASURES, accounts_of
from accord.effects.measures import WORLD, Row
from accord.equilibrium import Equilibrium, solve_market
from accord.market import Market, Wedge
from accord.market.market import set_capacity
