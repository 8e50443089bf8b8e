"""What the benchmarks decide are the real rules over whole pupils; how fast they are is never a test."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import networkx as nx
import numpy as np
import pytest

from benchmarks import frame_engine, geography, proving, reference_engine
from benchmarks.pupils import LARGEST, Pupils, generated, read_by
from eligibility.engines import reference
from eligibility.geography import Area
from eligibility.in_force import Books
from eligibility.policy_files import policies
from eligibility.sample_county import path as sample


@pytest.fixture(scope="module")
def pupils() -> Pupils:
    return generated("somerset-2018", 12)


def test_a_complete_pupil_has_every_fact_that_a_rule_reads_so_that_every_outcome_is_settled(pupils: Pupils) -> None:
    for facts in pupils.complete:
        assert sorted(facts) == read_by(pupils.book)
        assert all(value <= LARGEST for value in facts.values() if isinstance(value, int))
        assert "need_information" not in reference.decide(pupils.book, facts).outcomes.values()


def test_every_conclusion_is_written_out_for_every_other_engine(pupils: Pupils, tmp_path: Path) -> None:
    translation = reference_engine.write_out(pupils, tmp_path)
    written = [translation.identifiers[name] for name in pupils.book.conclusions]
    module = ast.parse((tmp_path / "openfisca_rules.py").read_text(encoding="utf-8"))
    formulas = [
        node.name
        for node in module.body
        if isinstance(node, ast.ClassDef) and any(isinstance(part, ast.FunctionDef) for part in node.body)
    ]
    assert formulas == written
    graph = json.loads((tmp_path / "zen_rules.json").read_text(encoding="utf-8"))
    assert [one["key"] for one in graph["nodes"][1]["content"]["expressions"]] == written


def test_the_reference_engine_can_be_measured_on_a_handful_of_pupils(pupils: Pupils) -> None:
    assert reference_engine.decide_with_reasons(pupils, pupils.complete) >= 0
    assert reference_engine.decide_with_reasons(pupils, pupils.as_they_come) >= 0


def test_the_table_sets_every_engine_against_the_reference_engine() -> None:
    names = [
        reference_engine.OURS,
        reference_engine.OURS_GAPS,
        reference_engine.OPENFISCA,
        reference_engine.OPENFISCA_AT_ONCE,
        reference_engine.ZEN,
        reference_engine.ZEN_PLAIN,
    ]
    lines = list(reference_engine.table(dict(zip(names, [40_000, 30_000, 200, 50_000, 2_000, 4_000], strict=True))))
    assert [line.strip().partition("   ")[0] for line in lines[1:]] == [name.strip() for name in names]
    assert "200.00 times" in lines[3]
    assert "20.00 times" in lines[5]


def test_a_rulebook_three_times_the_size_holds_every_ground_three_times_wherever_it_was(tmp_path: Path) -> None:
    one, three = policies(), proving.enlarged(3, tmp_path)
    assert len(three.rules.definitions) == 3 * len(one.rules.definitions)
    for name, version in one.versions.items():
        larger = three.versions[name]
        assert len(larger.grounds) == 3 * len(version.grounds)
        if version.transition and larger.transition:
            assert len(larger.transition.protects) == 3 * len(version.transition.protects)


def test_the_graph_given_to_other_programs_is_the_one_that_is_measured_on(tmp_path: Path) -> None:
    area = Area.open(sample())
    network = area.network
    sources = network.a[area.ends("nearest_gate").edges["walk"][:2]]
    places = np.arange(0, len(network.lon), 50)
    lengths = geography.lengths_between(geography.bare_graph(area), sources, places, 5e9)
    geography.write_graph(tmp_path, network, sources, places, lengths)
    given = np.load(tmp_path / "graph.npz")
    graph: nx.Graph[int] = nx.Graph()
    graph.add_weighted_edges_from(zip(given["a"].tolist(), given["b"].tolist(), given["um"].tolist(), strict=True))
    for row, school in enumerate(given["schools"].tolist()):
        found = nx.single_source_dijkstra_path_length(graph, school, cutoff=5e9)
        assert [found.get(each, float("inf")) for each in given["places"].tolist()] == given["lengths"][row].tolist()


def test_what_is_written_by_hand_says_of_every_pupil_what_the_frame_engine_says() -> None:
    held = Books(policies())
    books = {f"{name}:": held.of(policies().versions[name]) for name in frame_engine.VERSIONS}
    facts = frame_engine.facts_of(400, list(books.values()), complete=False, kinds=300)
    ours, hand = frame_engine.by_engine(facts, books)[2], frame_engine.the_hand_written(facts)[2]
    assert hand.select(ours.columns).equals(ours)
    assert sorted(hand.columns) == sorted(ours.columns)
    assert ours["somerset-2018:outcome"].n_unique() == 4
