"""How fast the engines are, beside others that decide the same rules over the same pupils in the same run."""
