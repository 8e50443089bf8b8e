"""The officers' command line, run from a checkout."""

from eligibility.commands import main

# A command that uses several processes has each of them read this file again.
if __name__ == "__main__":
    main()
