"""Write docs/limits.md: ``python -m booklet.limits > docs/limits.md``."""

import sys

from booklet.limits.manual import manual

if __name__ == "__main__":
    sys.stdout.write(manual())
