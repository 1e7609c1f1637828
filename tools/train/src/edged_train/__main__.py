"""`python -m edged_train` is `edged-train`."""

import sys

from edged_train.cli import main

sys.exit(main())
