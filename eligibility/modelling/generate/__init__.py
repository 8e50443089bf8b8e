"""Inventing a county of pupils, seeded, from open data or from an area alone."""
