"""What a map draws of each ward: its border where an area holds it, otherwise what lies nearest to its postcodes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import shapely

from eligibility.geography import Area
from eligibility.geography.geopackage import shape
from eligibility.geography.ground import Floats, grid_of
from eligibility.modelling.generate.data_files import DataFolder
from eligibility.modelling.generate.open_data import postcodes_of
from eligibility.modelling.report.ward_names import in_metres, where_they_lie

_AROUND_METRES = 1_000.0
"""How far from its postcodes a ward is drawn at most, where its border is not known."""
_SIMPLER_METRES = 40.0
BORDERS = "Borders of wards as the area holds them."
ROUND_POSTCODES = (
    "Wards are drawn round their postcodes, which are public: a place belongs to the ward of the postcode nearest to "
    "it. These are not the legal borders."
)
BY_OLDER_WARDS = (
    "The population knows wards by code. Before a code stands the ward of the borders that the data have in which more "
    "of its postcodes lie than in any other, to say where it is; it is not the ward's own name."
)


@dataclass(frozen=True)
class WardAreas:
    """The shape of each ward in metres of the British National Grid, and what is to be said of how they were drawn."""

    shapes: Mapping[str, shapely.Geometry]
    said: str
    names: Mapping[str, str] = field(default_factory=dict)
    """What a ward is called that the population knows by its code."""
    about_names: str = ""

    def called(self, ward: str) -> str:
        """The ward as a table names it."""
        return f"{self.names[ward]} ({ward})" if ward in self.names else ward

    def named(self, names: Mapping[str, str]) -> WardAreas:
        """The same with the names of a council's own list before any other."""
        return replace(
            self, names={**self.names, **names}, about_names=self.about_names if self.names.keys() - names else ""
        )

    @classmethod
    def of_area(cls, area: Area, wards: Collection[str]) -> WardAreas:
        """The borders that an area holds, by code or by name; where it holds those of no ward, round its postcodes."""
        drawn = {str(key): row for row in area.rows("ward") for key in row[:2] if str(key) in wards}
        if drawn:
            shapes = {ward: shapely.transform(shape(row[-1]), in_metres) for ward, row in drawn.items()}
            names = {ward: str(row[1]) for ward, row in drawn.items() if row[1] and str(row[1]) != ward}
            return cls({ward: _simple(found) for ward, found in shapes.items()}, BORDERS, names)
        rows = area.rows("postcode")
        lon, lat = (np.array([row[place] for row in rows], dtype=np.float64) for place in (3, 4))
        points = np.stack(grid_of(lon, lat), axis=1).astype(np.float64) if rows else np.empty((0, 2))
        return cls.round_postcodes([str(row[2]) for row in rows], points, wards)

    @classmethod
    def of_data(cls, data: DataFolder, wards: Collection[str]) -> WardAreas:
        """Round the postcodes of a folder of open data."""
        rows = postcodes_of(data).drop_nulls(["easting", "northing"])
        points = rows.select("easting", "northing").to_numpy().astype(np.float64)
        names = where_they_lie(data, wards, rows["ward"].to_list(), points)
        found = cls.round_postcodes(rows["ward"].to_list(), points, wards)
        return replace(found, names=names, about_names=BY_OLDER_WARDS) if names else found

    @classmethod
    def round_postcodes(cls, names: list[str], points: Floats, wards: Collection[str]) -> WardAreas:
        """What lies nearer to a postcode of a ward than to one of another, and not far from it."""
        chosen = [place for place, name in enumerate(names) if name in wards]
        if not chosen:
            return cls({}, "")
        # Two wards may share a point; the first of them has it.
        own, first = np.unique(points[chosen], axis=0, return_index=True)
        ward = np.array([names[chosen[place]] for place in first.tolist()])
        marks = np.asarray(shapely.points(own))
        near = shapely.union_all(shapely.buffer(marks, _AROUND_METRES, quad_segs=4))
        if len(own) == 1:
            return cls({str(ward[0]): near}, ROUND_POSTCODES)
        around = shapely.box(*shapely.total_bounds(near).tolist())
        cells = shapely.get_parts(shapely.voronoi_polygons(shapely.MultiPoint(own), extend_to=around, ordered=True))
        shapes = {
            name: _simple(shapely.intersection(shapely.union_all(cells[ward == name]), near))
            for name in np.unique(ward).tolist()
        }
        return cls(shapes, ROUND_POSTCODES)


def _simple(found: shapely.Geometry) -> shapely.Geometry:
    return shapely.simplify(found, _SIMPLER_METRES)
