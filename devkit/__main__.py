"""What `./inv` starts: our own Program on this repository's tasks."""

from __future__ import annotations

import gc
import sys
from pathlib import Path

# The launcher runs this file with -P, so that no module in the user's folder can take the place of ours.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
# A short life full of imports: collecting after every 700 new objects is a fifth of the start.
gc.set_threshold(100_000, 20, 20)
# Compiled modules belong to the virtual environment, not to the source tree; without them each start compiles anew.
sys.dont_write_bytecode = False
sys.pycache_prefix = str(Path(sys.prefix) / "pycache")

from devkit.program import main  # noqa: E402 - found through the path set above

if __name__ == "__main__":
    main(sys.argv)
