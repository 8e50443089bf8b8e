"""Questions about every pupil at once, settled by the proof engine: properties, differences, the smallest change."""
