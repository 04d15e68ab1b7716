"""``python -m ml``."""

from ml.cli.main import main

if __name__ == "__main__":
    main()
