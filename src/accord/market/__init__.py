"""What a market is: regions, goods, activities, lanes, wedges, limits, capacities. No equations."""

from accord.market.activity import Activity, Capacity
from accord.market.buyer import Buyer, FinalDemand
from accord.market.lane import Lane, LaneKey
from accord.market.limit import Limit
from accord.market.market import DutyColumn, Good, Hub, Market, Region, Tracer
from accord.market.wedge import Wedge

__all__ = [
    "Activity",
    "Buyer",
    "Capacity",
    "DutyColumn",
    "FinalDemand",
    "Good",
    "Hub",
    "Lane",
    "LaneKey",
    "Limit",
    "Market",
    "Region",
    "Tracer",
    "Wedge",
]
