"""The editor from a checkout: `python main.py` is the same program as `patina`."""

import sys

from editor.cli import main

if __name__ == "__main__":
    sys.exit(main())
