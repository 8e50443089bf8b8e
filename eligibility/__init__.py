"""Who gets free travel to school: a versioned rules engine."""

__version__ = "0.1.0"
