"""Reading cases from YAML, JSON, JSON Lines and CSV, and setting aside what cannot be read.

Nothing here knows what a fact means: it turns text into keys and values, says where it could not,
and goes on with the rest.
"""

from eligibility.reading._cells import Unreadable, read_cell
from eligibility.reading._csv import CsvTable, TableRow
from eligibility.reading._records import Columns, Kind, Problem, RawCase, Rejected
from eligibility.reading._rejects import Rejects, RejectsWriter, rejects_paths
from eligibility.reading._sources import JSON_LIMIT, YAML_LIMIT, read_cases

__all__ = [
    "JSON_LIMIT",
    "YAML_LIMIT",
    "Columns",
    "CsvTable",
    "Kind",
    "Problem",
    "RawCase",
    "Rejected",
    "Rejects",
    "RejectsWriter",
    "TableRow",
    "Unreadable",
    "read_cases",
    "read_cell",
    "rejects_paths",
]
