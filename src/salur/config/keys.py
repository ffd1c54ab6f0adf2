"""The installation's keys: from the environment, or made once and kept in the home folder."""

import os
import secrets
from pathlib import Path


class KeysMissing(RuntimeError):
    """The key file cannot be read or made."""


def load_keys(given: str, home: Path) -> list[str]:
    """All keys, newest first. `given` (SALUR_KEYS, separated by commas) wins over HOME/keys.

    A missing file is made with one random key, readable by its owner alone; where there is no home yet, nothing is
    written and the key is thrown away. The last key signs tokens and indexes,
    so it must stay when a newer one is put before it. Raises KeysMissing.
    """
    if keys := [key.strip() for key in given.split(",") if key.strip()]:
        return keys
    path = home / "keys"
    if not home.exists():
        return [secrets.token_urlsafe(48)]
    try:
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            pass
        else:
            with os.fdopen(handle, "w") as file:
                file.write(secrets.token_urlsafe(48) + "\n")
        keys = [line.strip() for line in path.read_text().splitlines() if line.strip()]
    except OSError as error:
        raise KeysMissing(f"cannot read or make {path}: {error.strerror}; set SALUR_KEYS or SALUR_HOME") from error
    if not keys:
        raise KeysMissing(f"{path} is empty: put the installation's key back, without it nothing can be decrypted")
    return keys
