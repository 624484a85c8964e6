"""Run the command line as ``python -m booklet``."""

from booklet.cli import main

if __name__ == "__main__":
    main()
