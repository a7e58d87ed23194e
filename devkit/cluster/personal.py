"""A developer's own settings: tilt_config.json, which git ignores and Tilt's config.parse() reads, too."""

from __future__ import annotations

import difflib
import json
from pathlib import Path

from devkit.config import Settings
from devkit.errors import DevkitError

_FILE = "tilt_config.json"
_OWN = ("forwards", "automatic")  # what the Tiltfile alone goes by


def read_personal(root: Path, settings: Settings) -> frozenset[str]:
    """The groups of `settings.optional` that are switched off; DevkitError, with file and key, for another setting."""
    file = root / _FILE
    try:
        found = json.loads(file.read_bytes())
    except FileNotFoundError:
        return frozenset()
    except (OSError, ValueError) as error:
        raise DevkitError(f"{file} cannot be read: {error}", 'write {"observability": false}, or delete it') from error
    if not isinstance(found, dict):
        raise DevkitError(f"{file} is no JSON object", 'write {"observability": false}, or delete it')
    known = (*_OWN, *settings.optional)
    for key, value in found.items():
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1)
            guess = f'did you mean "{near[0]}"?' if near else f"known keys: {', '.join(known)}"
            raise DevkitError(f'{file} has an unknown key "{key}"', guess)
        if not isinstance(value, bool):
            raise DevkitError(f"{file}: {key} is {json.dumps(value)}", f'write "{key}": false or "{key}": true')
    return frozenset(name for name in settings.optional if found.get(name) is False)
