"""Places and the routes between them: areas built, opened, measured and checked."""

from eligibility.geography.area import Area
from eligibility.geography.build import build
from eligibility.geography.evidence import geojson
from eligibility.geography.inputs import Built, Inputs
from eligibility.geography.many import Distances, Reach, Unplaced, measure_many
from eligibility.geography.maps import reach_map, route_map
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
from eligibility.geography.opinion_said import opinion_object, opinion_sentences
from eligibility.geography.reach import Reached, reach, reach_geojson
from eligibility.geography.said import called, how_measured
from eligibility.geography.second_opinion import WITHIN_MM, Opinion, second_opinion
from eligibility.geography.tables import Reject
from eligibility.geography.walked import Walked

__all__ = [
    "WITHIN_MM",
    "Area",
    "Built",
    "Distances",
    "Home",
    "HomeMeasurement",
    "How",
    "Inputs",
    "Length",
    "Opinion",
    "Pupil",
    "Reach",
    "Reached",
    "Reject",
    "Route",
    "School",
    "SchoolDistance",
    "Step",
    "Unplaced",
    "Walked",
    "build",
    "called",
    "geojson",
    "how_measured",
    "measure_many",
    "opinion_object",
    "opinion_sentences",
    "reach",
    "reach_geojson",
    "reach_map",
    "route_map",
    "second_opinion",
]
