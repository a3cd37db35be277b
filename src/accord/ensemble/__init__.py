"""Many draws of one question: chunks, processes, clusters, and what they found together."""

from accord.ensemble.ask import MIXED, Ask
from accord.ensemble.ensemble import Ensemble, Failure, Range, Ranges
from accord.ensemble.run import DRAWS, How, run

__all__ = ["DRAWS", "MIXED", "Ask", "Ensemble", "Failure", "How", "Range", "Ranges", "run"]
