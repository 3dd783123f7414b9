"""What the benchmarks share: the inventories they read, and how a pipeline is measured."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from time import perf_counter

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / ".bench"
VENV = ROOT / ".venv"
BIN = ROOT / ".build" / "release"
M = 1_000_000
ROUNDS = 3


def say(*words):
    print(*words, file=sys.stderr, flush=True)


# The inventories, made once and kept.


def layouts(n):
    """Name → options of make_inventory.py."""
    if n > 10 * M:  # as much as memory allows to sort at once; slices that hardly overlap
        return {"sorted": ["--layout", "contiguous", "--chunk-rows", 10 * M]}
    return {
        "sorted": ["--chunk-rows", n],
        "overlapping": ["--layout", "strided", "--chunk-rows", n // 10],
        "random": ["--order", "random", "--chunk-rows", n // 10],
        "sixteen": ["--layout", "strided", "--chunk-rows", n // 16, "--rows-per-file", n // 16],
    }


def formats(n):
    """The same for the layout "sorted" in other formats than CSV."""
    return {name: ["-f", name, *layouts(n)["sorted"]] for name in ("parquet", "orc")}


def python_with(*modules):
    """The Python of .venv, which gets the modules that it lacks."""
    python = VENV / "bin" / "python"
    if not python.exists():
        say("making .venv")
        subprocess.run([sys.executable, "-m", "venv", VENV], check=True)
    tried = [python, "-c", "import " + ", ".join(name.replace("-", "_") for name in modules)]
    if subprocess.run(tried, stderr=subprocess.DEVNULL).returncode:
        subprocess.run([python, "-m", "pip", "install", "-q", *modules], check=True)
    return python


def inventory(n, name):
    """The manifest of an inventory of n objects, written when it is not there yet."""
    return stored(f"{n // M}M-{name}", n, {**layouts(n), **formats(n)}[name])


def stored(name, n, options):
    """The manifest of the inventory in the folder `name`, written when it is not there yet."""
    folder = DATA / name
    if not folder.exists():
        say(f"making {folder.relative_to(ROOT)}")
        part = folder.with_name(folder.name + ".part")
        shutil.rmtree(part, ignore_errors=True)
        maker = [python_with("numpy", "pyarrow", "zlib-ng"), ROOT / "Tests/tools/make_inventory.py", part, "-n", n]
        command = list(map(str, maker + options))
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        part.rename(folder)
    return next(folder.glob("*/inventory/*/daily/*/manifest.json"))


def data_files(manifest):
    destination = manifest.parents[4]
    return [destination / file["key"] for file in json.loads(manifest.read_bytes())["files"]]


# Running and measuring.


class Usage:
    """Wall seconds of a pipeline; CPU seconds and peak memory of each of its programs.

    The peak is ru_maxrss, which is VmHWM, but never below that of this script when it started the program.
    """

    def __init__(self, wall, resources):
        self.wall = wall
        self.cpu = [r.ru_utime + r.ru_stime for r in resources]
        self.peak = [r.ru_maxrss * 1024 for r in resources]


def pipeline(*commands):
    """Runs the commands as one pipe, its output thrown away."""
    start = perf_counter()
    processes, upstream = [], subprocess.DEVNULL
    for command in commands:
        last = command is commands[-1]
        process = subprocess.Popen(
            list(map(str, command)), stdin=upstream, stdout=subprocess.DEVNULL if last else subprocess.PIPE
        )
        if processes:
            upstream.close()
        upstream = process.stdout
        processes.append(process)
    resources = []
    for process, command in zip(processes, commands):
        _, status, resource = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            sys.exit(f"run: {' '.join(map(str, command))}: status {process.returncode}")
        resources.append(resource)
    return Usage(perf_counter() - start, resources)
