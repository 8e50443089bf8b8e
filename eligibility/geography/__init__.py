"""Places and the routes between them: areas built, opened, measured and checked."""

from eligibility.geography.area import Area
from eligibility.geography.build import build
from eligibility.geography.evidence import geojson, svg
from eligibility.geography.inputs import Built, Inputs
from eligibility.geography.many import Distances, Reach, Unplaced, measure_many
from eligibility.geography.measure import How
from eligibility.geography.model import (
    Home,
    HomeMeasurement,
    Length,
    Pupil,
    Route,
    School,
    SchoolDistance,
    Step,
)
from eligibility.geography.tables import Reject
from eligibility.geography.walked import Walked

__all__ = [
    "Area",
    "Built",
    "Distances",
    "Home",
    "HomeMeasurement",
    "How",
    "Inputs",
    "Length",
    "Pupil",
    "Reach",
    "Reject",
    "Route",
    "School",
    "SchoolDistance",
    "Step",
    "Unplaced",
    "Walked",
    "build",
    "geojson",
    "measure_many",
    "svg",
]
