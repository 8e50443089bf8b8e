"""A kit for testing a policy: sentences of policy held against pupils, and pupils, drafts and networks drawn for tests.

`docs/testing-a-policy.md` tells how table tests are written and how the strategies are used.
"""
