"""What a change of policy would do to a county: populations, whole columns of them assessed, tables."""
