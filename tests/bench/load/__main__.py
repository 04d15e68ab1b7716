"""``python -m tests.bench.load --quick``: see the package."""

import sys

from tests.bench.load import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
