"""Measuring whole populations: the figures of `measured.*` for every pupil, from an area or by an estimate."""
