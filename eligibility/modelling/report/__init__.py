"""The report of a finished run: what may be published of it, and the officers' companion that may not."""
