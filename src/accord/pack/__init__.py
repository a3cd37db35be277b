"""Data packs: tables with sources become calibrated markets under the law of a day."""

from accord.pack.balance import BalanceRow
from accord.pack.calibrate import Calibration, LaneWeights
from accord.pack.contents import Adjustment, Observation
from accord.pack.fixed import FixedNumber, Wished
from accord.pack.law import Measure
from accord.pack.load import kind_of, load, shipped
from accord.pack.pack import Pack, PackReport
from accord.pack.priors import Prior, PriorKey
from accord.pack.regimes import Regime
from accord.pack.uncertain import Uncertain, Uncertainty

__all__ = [
    "Adjustment",
    "BalanceRow",
    "Calibration",
    "FixedNumber",
    "LaneWeights",
    "Measure",
    "Observation",
    "Pack",
    "PackReport",
    "Prior",
    "PriorKey",
    "Regime",
    "Uncertain",
    "Uncertainty",
    "Wished",
    "kind_of",
    "load",
    "shipped",
]
