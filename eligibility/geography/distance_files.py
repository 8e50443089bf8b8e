"""The files of a population's distances: finished blocks beside the file, and the file itself, in Parquet."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from eligibility.errors import UsageError

if TYPE_CHECKING:
    import pyarrow as pa

_TOGETHER = 5_000  # pupils whose rows are sorted and written at a time
_FAR = np.iinfo(np.int32).max
Numbers = NDArray[np.int32]


def _folder_of(out: Path) -> Path:
    return out.with_name(out.name + ".parts")


def forget(out: Path) -> None:
    """Throw away the finished blocks that lie beside a file."""
    shutil.rmtree(_folder_of(out), ignore_errors=True)


class Parts:
    """The finished blocks of one run, in a folder beside `out` that is removed when the file is whole.

    Blocks of another run (another `fingerprint`) are thrown away.
    """

    def __init__(self, out: Path, fingerprint: str, pupils: int) -> None:
        self._out, self._pupils = out, pupils
        self._folder = _folder_of(out)
        told = self._folder / "run.json"
        try:
            if not told.is_file() or json.loads(told.read_text(encoding="utf-8")) != fingerprint:
                shutil.rmtree(self._folder, ignore_errors=True)
                self._folder.mkdir(parents=True)
                told.write_text(json.dumps(fingerprint), encoding="utf-8")
        except (OSError, ValueError) as problem:
            raise UsageError(f"cannot write {out}: {problem}") from problem

    def _path(self, block: int) -> Path:
        return self._folder / f"{block:05}.parquet"

    def has(self, block: int) -> bool:
        """Whether a block was finished before."""
        return self._path(block).is_file()

    def write(self, block: int, pupil: Numbers, school: Numbers, walking: Numbers, road: Numbers) -> None:
        """Keeps a finished block, its rows by pupil; whole or not at all."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        names = ["pupil", "school", "walking_mm", "road_mm"]
        table = pa.table([pupil, school, walking, road], names=names)
        draft = self._path(block).with_suffix(".draft")
        bounds = np.searchsorted(pupil, np.arange(0, self._pupils + _TOGETHER, _TOGETHER)).tolist()
        try:
            with pq.ParquetWriter(draft, table.schema, compression="zstd") as writer:
                for low, high in pairwise(bounds):
                    writer.write_table(table.slice(low, high - low), row_group_size=max(high - low, 1))
            draft.replace(self._path(block))
        except OSError as problem:
            raise UsageError(f"cannot write {self._out}: {problem}") from problem

    def read(self, block: int) -> tuple[Numbers, Numbers, Numbers, Numbers]:
        """A finished block as it was written: pupil, school, walking, road."""
        import pyarrow.parquet as pq

        table = pq.read_table(self._path(block))
        pupil, school, walking, road = (table.column(name).to_numpy() for name in table.column_names)
        return pupil, school, walking, road

    def merge(self, blocks: int, references: Sequence[str], urns: Sequence[str], about: Mapping[str, Any]) -> int:
        """Writes the file from its blocks, pupils in their order and each one's nearest school first; rows written."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        words = pa.dictionary(pa.int32(), pa.string())
        fields = [("reference", words), ("urn", words), ("walking_mm", pa.int32()), ("road_mm", pa.int32())]
        schema = pa.schema(fields, metadata={"edtravel": json.dumps(about, sort_keys=True)})
        draft = self._out.with_name(self._out.name + ".part")
        rows = 0
        try:
            files = [pq.ParquetFile(self._path(block)) for block in range(blocks)]
            with pq.ParquetWriter(draft, schema, compression="zstd") as writer:
                for group in range(-(-self._pupils // _TOGETHER)):
                    found = [file.read_row_group(group) for file in files]
                    rows += sum(len(each) for each in found)
                    writer.write_table(_sorted(pa.concat_tables(found), references, urns, schema))
            for file in files:
                file.close()
            draft.replace(self._out)
        except OSError as problem:
            raise UsageError(f"cannot write {self._out}: {problem}") from problem
        forget(self._out)
        return rows


def _sorted(found: pa.Table, references: Sequence[str], urns: Sequence[str], schema: pa.Schema) -> pa.Table:
    """Rows by pupil, then walking length, then road length, then URN, with words for numbers."""
    import pyarrow as pa

    pupil, school, walking, road = (found.column(name).to_numpy() for name in found.column_names)
    by_urn = np.argsort(np.argsort(np.array(urns)))
    order = np.lexsort((by_urn[school], np.where(road < 0, _FAR, road), np.where(walking < 0, _FAR, walking), pupil))
    first = int(pupil.min(initial=0)) if len(pupil) else 0
    named = references[first : int(pupil.max(initial=-1)) + 1]
    columns = [
        pa.DictionaryArray.from_arrays(pa.array(pupil[order] - first, pa.int32()), pa.array(named, pa.string())),
        pa.DictionaryArray.from_arrays(pa.array(school[order], pa.int32()), pa.array(urns, pa.string())),
        *(pa.array(each[order], pa.int32(), mask=each[order] < 0) for each in (walking, road)),
    ]
    return pa.Table.from_arrays(columns, schema=schema)
