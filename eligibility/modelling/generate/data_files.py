"""The open data that a county is invented from: which files are there, what is missing, and what was read."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from eligibility.errors import UsageError


@dataclass(frozen=True)
class Wanted:
    """One file of the data: what it is, its name as a pattern, and its licence."""

    about: str
    pattern: str
    licence: str = "OGL v3"


SCHOOLS = Wanted("the register of schools (Get Information About Schools)", "schools/gias_*.csv")
CENSUS = Wanted("the school census, school by school", "schools/school_census_*.csv")
OFFERS = Wanted("admissions preferences and offers by school and year", "schools/admissions_offers_*.csv")
CHILDREN = Wanted("children by single year of age and LSOA", "population/lsoa11_mid*_single_year_age_*.csv")
CENTRES = Wanted("population-weighted centres of LSOAs", "population/lsoa11_population_weighted_centroids*.csv")
DEPRIVATION = Wanted("deprivation and rural-urban classes by LSOA", "population/lsoa11_idaci*.csv")
RELIGION = Wanted("religion by LSOA", "population/lsoa21_religion_*.csv")
POSTCODES = Wanted("Code-Point Open, postcodes with coordinates and LSOA", "postcodes/codepoint_open_*.csv*")
WARDS = Wanted("borders of wards with their names, of any year", "boundaries/**/wards_*.geojson")


@dataclass
class DataFolder:
    """A folder of open data. `read` keeps which files were read, for what goes with the population."""

    folder: Path
    read: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        if not self.folder.is_dir():
            raise UsageError(
                f"there is no folder {self.folder} of open data; name it with --data, or set EDTRAVEL_DATA"
            )

    def find(self, wanted: Wanted) -> list[Path]:
        """The files of this kind, by name. Raises UsageError that says which file is missing."""
        found = self.any(wanted)
        if not found:
            raise UsageError(
                f"the data folder {self.folder} has no {wanted.pattern}: {wanted.about}; "
                "docs/invented-populations.md lists the files that are needed"
            )
        return found

    def any(self, wanted: Wanted) -> list[Path]:
        """The files of this kind, by name, if there are any."""
        return sorted(self.folder.glob(wanted.pattern))

    def path(self, wanted: Wanted) -> Path:
        """The newest file of this kind, by its name."""
        return self.note(self.find(wanted)[-1], wanted)

    def note(self, path: Path, wanted: Wanted) -> Path:
        """Keep that a file is read, with its vintage and hash."""
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        name = path.relative_to(self.folder).as_posix()
        self.read.append(
            {"file": name, "about": wanted.about, "vintage": vintage(name), "licence": wanted.licence, "sha256": digest}
        )
        return path

    def table(self, wanted: Wanted, columns: Sequence[str], path: Path | None = None) -> pl.DataFrame:
        """Columns of a file, as text; an empty cell is null. Raises UsageError that says which column is missing."""
        path = path or self.path(wanted)
        try:
            found = pl.read_csv(path, infer_schema=False)
        except (OSError, pl.exceptions.PolarsError) as problem:
            raise UsageError(f"cannot read {path}: {problem}") from None
        missing = [name for name in columns if name not in found.columns]
        if missing:
            raise UsageError(f"{path} has no column {missing[0]}; it is read as {wanted.about}")
        return found.select(columns)


def vintage(name: str) -> str:
    """What a file's name says of when its content is from: "2022-08", "mid2017", "2022-23"."""
    found = re.search(r"mid\d{4}|\d{4}-\d{2}|(?<=_)[a-z]*\d{4}(?=[_.])", name)
    return found.group() if found else "not stated"


def number(column: str) -> pl.Expr:
    """A column of text as numbers, null where it holds none."""
    return pl.col(column).cast(pl.Float64, strict=False)
