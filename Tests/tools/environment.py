"""Python environments below the build folder, with packages from PyPI at fixed versions."""

import shutil
import subprocess
import sys
import time
from pathlib import Path

BUILD = Path(__file__).resolve().parent.parent.parent / ".build"


def programs(name, packages):
    """The folder of the programs of the environment `name`, which holds `packages` and is made once."""
    folder, wanted = BUILD / name, " ".join(packages)
    stamp = folder / "installed"
    if stamp.exists() and stamp.read_text() == wanted:
        return folder / "bin"
    print(f"installing {wanted} into .build/{name}", file=sys.stderr, flush=True)
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    pip = [folder / "bin/pip", "install", "--quiet", "--disable-pip-version-check", *packages]
    for attempt in range(1, 5):
        if subprocess.run(pip).returncode == 0:
            stamp.write_text(wanted)
            return folder / "bin"
        time.sleep(5 * attempt)
    sys.exit(f"pip could not install {wanted}")
