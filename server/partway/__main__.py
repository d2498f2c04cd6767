"""`python -m partway`: the same command line as `partway`."""

from partway.cli.main import program

if __name__ == "__main__":
    program()
