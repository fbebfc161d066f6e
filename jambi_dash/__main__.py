"""`python -m jambi_dash COMMAND …`."""

import sys

from jambi_dash.cli import main

sys.exit(main())
