"""The report of a finished run: a page and a workbook that may be published, and the officers' companion that may not."""
