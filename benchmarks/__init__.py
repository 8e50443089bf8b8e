"""How fast things are, measured beside other programs in the same run; see README.md."""
