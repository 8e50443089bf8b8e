"""The condition language of the rulebook: parsed, typed, never evaluated as code."""
