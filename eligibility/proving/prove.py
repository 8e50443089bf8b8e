"""All properties under several versions, shared out over processes."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

from eligibility.errors import EdtravelError
from eligibility.policy import Policies
from eligibility.proving.property_files import Property
from eligibility.proving.settle import Prover, Settled

_WORTH_A_PROCESS = 40
"""Properties; a process takes about as long to start as these take to be settled."""


def prove(
    policies: Policies,
    properties: Sequence[Property],
    versions: Sequence[str],
    *,
    examples: bool = False,
    processes: int = 2,
) -> Iterator[list[Settled]]:
    """Every property under every version, in that order: version by version, property by property."""
    if processes < 2 or len(properties) * len(versions) < _WORTH_A_PROCESS:
        prover = Prover(policies, examples=examples)
        for version in versions:
            for one in properties:
                yield prover.settle(one, version)
        return
    # Started anew, because a solver that is forked in the middle of its work is not safe.
    pool = ProcessPoolExecutor(
        processes,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_begin,
        initargs=(policies, tuple(properties), examples),
    )
    with pool:
        tasks = [(version, index) for version in versions for index in range(len(properties))]
        try:
            yield from pool.map(_settle, tasks)
        except BrokenProcessPool as error:
            raise EdtravelError("a process that settles properties was ended from outside; start again") from error
        finally:
            pool.shutdown(cancel_futures=True)


_of_this_process: list[tuple[Prover, tuple[Property, ...]]] = []
"""What a process was started with; one entry."""


def _begin(policies: Policies, properties: tuple[Property, ...], examples: bool) -> None:  # by position
    _of_this_process.append((Prover(policies, examples=examples), properties))


def _settle(task: tuple[str, int]) -> list[Settled]:
    prover, properties = _of_this_process[0]
    version, index = task
    return prover.settle(properties[index], version)
