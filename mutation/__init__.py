"""Mutation testing: small wrong changes to the rules, the policy and the code, and whether the tests notice."""
