"""python -m editor is the same program as patina."""

import sys

from editor.cli import main

sys.exit(main())
