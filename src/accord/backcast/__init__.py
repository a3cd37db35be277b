"""What the model would have said about the years since its base, beside what happened."""

from accord.backcast.backcast import Backcast, backcast
from accord.backcast.score import ScoredRow

__all__ = ["Backcast", "ScoredRow", "backcast"]
