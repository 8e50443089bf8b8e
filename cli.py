"""The officers' command line, run from a checkout."""

from eligibility.commands import main

main()
