"""Features with their attributes from GeoJSON, GeoPackage and Shapefile, in degrees, whatever system they declare."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import shapely

from eligibility.errors import EdtravelError, UsageError
from eligibility.geography import gdal_files
from eligibility.geography.coordinates import DEGREES, Box, System, in_degrees, system, undeclared

Properties = dict[str, str]
"""Attributes as text, by names in small letters and digits alone: `name_1` and `Name1` are both `name1`."""

LARGEST_FILE = 4_000_000_000
"""Bytes: no file of one county is near it, and reading a larger one would fill the memory of a desk's computer."""


@dataclass(frozen=True)
class Asked:
    """What the user said of one file: the layer to read, the system of a file that declares none, and the part of
    the file to read, as degrees west, south, east and north.
    """

    role: str = ""
    layer: str | None = None
    crs: str | None = None
    box: Box | None = None


@dataclass(frozen=True)
class Feature:
    """One feature: its number in the file (from 1), its own id, attributes, and its shape or why there is none."""

    number: int
    label: str
    properties: Properties
    shape: shapely.Geometry | None
    problem: str = ""


@dataclass(frozen=True)
class FeatureFile:
    """The features of one layer. `where` names file and layer; `licence` is what the file states, if anything."""

    where: str
    features: list[Feature]
    licence: str = ""
    crs: str = ""


def tidy(properties: Mapping[Any, Any]) -> Properties:
    """Attributes with their names made alike and empty ones left out; whole numbers without a decimal point."""
    found: Properties = {}
    for key, value in properties.items():
        if isinstance(value, float) and math.isnan(value):  # GDAL's word for an empty number
            continue
        whole = isinstance(value, float) and value.is_integer()
        text = "" if value is None else str(int(value) if whole else value).strip()
        if text and text != "NaT":
            found[re.sub(r"[^a-z0-9]", "", str(key).lower())] = text
    return found


def layers_of(path: Path) -> list[str]:
    """The names of the layers a file holds; none where its kind has no layers. Raises EdtravelError."""
    return gdal_files.layers(path) if gdal_files.reads(path) else []


def read_features(path: Path, asked: Asked) -> FeatureFile:
    """Every feature of a file, in degrees. Raises EdtravelError or UsageError where the file as a whole is no use."""
    size = path.stat().st_size
    if size > LARGEST_FILE and asked.box is None:
        raise EdtravelError(
            f"{path} is {size / 1e9:.0f} GB; expected at most {LARGEST_FILE // 10**9} GB: say with --within which part"
        )
    if gdal_files.reads(path):
        layer = asked.layer or ""
        declared = gdal_files.declared(path, layer)
        where = f"{path}, layer {layer}" if layer else str(path)
        box = None
        if asked.box is not None and (declared or asked.crs):
            box = system(declared or asked.crs or "", where).box(asked.box)
        raw = [
            Feature(number, str(number), tidy(properties), shape, problem)
            for number, properties, shape, problem in gdal_files.read(path, layer, box)
        ]
        return _placed(FeatureFile(where, raw), declared, asked)
    if asked.layer:
        raise UsageError(f"--layer {asked.role}={asked.layer}: {path} is GeoJSON, which has no layers")
    return _geojson(path, asked)


def _placed(found: FeatureFile, declared: str | None, asked: Asked) -> FeatureFile:
    """The features with their shapes in degrees, or with the problem their numbers have."""
    shapes = [feature.shape for feature in found.features if feature.shape is not None]
    if declared and asked.crs and system(declared, found.where).name != system(asked.crs, "--crs").name:
        raise UsageError(
            f"--crs {asked.role}={asked.crs}: {found.where} itself declares {system(declared, found.where).name}; "
            "leave out --crs"
        )
    if not declared and not asked.crs:
        likely = undeclared(shapes)
        looks = f"its numbers look like {likely}" if likely else "its numbers look like no system known here"
        raise EdtravelError(
            f"{found.where} declares no coordinate system; {looks}: save it with its system declared"
            + (f", or say which with --crs {asked.role or 'ROLE'}=EPSG:..." if likely else "")
        )
    known: System = system(declared or asked.crs or "", found.where)
    moved = iter(in_degrees(shapes, known))
    features = []
    for feature in found.features:
        if feature.shape is None:
            features.append(feature)
            continue
        shape, problem = next(moved)
        features.append(replace(feature, shape=shape, problem=problem))
    return replace(found, features=features, crs=known.name)


def _geojson(path: Path, asked: Asked) -> FeatureFile:
    document = _document(path)
    given = document.get("features")
    if not isinstance(given, list):
        raise EdtravelError(f"{path} is not GeoJSON; expected a FeatureCollection with features")
    features = [_feature(number, each) for number, each in enumerate(given, start=1)]
    licence = document.get("licence") or document.get("license") or document.get("attribution")
    found = FeatureFile(str(path), features, licence if isinstance(licence, str) else "")
    return _placed(found, _geojson_system(document), asked)


def _document(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as problem:
        raise UsageError(f"cannot read {path}: {problem.strerror or problem}") from None
    except UnicodeDecodeError as problem:
        raise EdtravelError(f"{path}, byte {problem.start + 1}: not UTF-8; expected GeoJSON") from None
    except json.JSONDecodeError as problem:
        raise EdtravelError(
            f"{path}, line {problem.lineno}, column {problem.colno}: not JSON ({problem.msg}); expected GeoJSON"
        ) from None
    except ValueError:
        raise EdtravelError(f"{path} holds a number too long to be a coordinate; expected GeoJSON") from None
    except RecursionError:
        raise EdtravelError(f"{path} is nested too deeply; expected GeoJSON") from None
    if not isinstance(document, dict):
        raise EdtravelError(f"{path} is not GeoJSON; expected a FeatureCollection")
    return document


def _geojson_system(document: dict[str, Any]) -> str:
    """The declared system; GeoJSON that declares none is in degrees, as its standard says."""
    stated = document.get("crs")
    if not stated:
        return DEGREES
    name = stated.get("properties", stated) if isinstance(stated, dict) else stated
    name = name.get("name", name) if isinstance(name, dict) else name
    return name if isinstance(name, str) else json.dumps(stated)[:200]


def _feature(number: int, feature: Any) -> Feature:
    found = feature.get("id") if isinstance(feature, dict) else None
    label = str(found) if isinstance(found, str | int) else ""
    if not isinstance(feature, dict) or not isinstance(feature.get("geometry"), dict):
        return Feature(number, label, {}, None, "the feature has no geometry")
    given = feature.get("properties")
    properties = tidy(given) if isinstance(given, dict) else {}
    try:
        shape = shapely.force_2d(shapely.from_geojson(json.dumps(feature["geometry"])))
    except (shapely.errors.ShapelyError, ValueError):
        return Feature(number, label, properties, None, "its geometry is not GeoJSON")
    problem = gdal_files.problem(shape)
    return Feature(number, label, properties, None if problem else shape, problem)
