"""The rulebook as a flow chart of plain questions: one version, two beside each other, or the way of one pupil."""
