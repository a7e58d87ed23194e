"""One local stack, provably the same on every laptop and in CI.

The map of rooms, from the door inwards (imports go down this list only):
program, tasks, console · report · watch · verify · rules · images, schema · postgres · migrations ·
config, process, files · finding, errors, progress.
"""

__version__ = "0.1.0"
