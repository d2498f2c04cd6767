"""`python -m partway`: the same command line as `partway`."""

import sys

from partway.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
