"""The yearly return: pupils carried, counted by the categories of a collection, from decisions or from a population."""
