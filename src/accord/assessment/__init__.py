"""One deal, answered: everything that people or programs are shown comes from an Assessment."""

from accord.assessment.assess import assess
from accord.assessment.assessment import Answer, Assessment

__all__ = ["Answer", "Assessment", "assess"]
