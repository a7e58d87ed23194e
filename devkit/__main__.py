"""What starts devkit: `./inv` by this file's path, `python -m devkit` and the wheel's command by its name."""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path

if not __package__:
    # The launcher runs this file with -P, so that no module in the user's folder can take the place of ours.
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    # Compiled modules belong to the virtual environment, not to the source tree; without them each start compiles anew.
    sys.dont_write_bytecode = False
    sys.pycache_prefix = str(Path(sys.prefix) / "pycache")
# A short life full of imports: collecting after every 700 new objects is a fifth of the start.
gc.set_threshold(100_000, 20, 20)

from devkit.program import main  # noqa: E402 - found through the path set above


def start() -> None:
    """Run the words of the command line; ends the process."""
    os.umask(0o022)  # as root, the embedded server runs as another user and must read our cache
    main(sys.argv)


if __name__ == "__main__":
    start()
