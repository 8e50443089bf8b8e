"""The sample county: an invented island, so that everything runs with nothing else to hand.

Its places, schools, streets and postcodes do not exist; `scripts/make_sample_county.py` makes it.
"""

from __future__ import annotations

from pathlib import Path


def path() -> Path:
    """The area file of the sample county."""
    return Path(__file__).with_name("sample.gpkg")


def wards() -> Path:
    """What its wards are called: a code and a name a row."""
    return Path(__file__).with_name("wards.csv")


def pupils() -> Path:
    """Cases of invented pupils who between them reach every ground, outcome and reading."""
    return Path(__file__).with_name("pupils.yaml")


def pupil() -> Path:
    """The case of one of them: new at a faith school in September 2018."""
    return Path(__file__).with_name("pupil.yaml")
