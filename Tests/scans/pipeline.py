"""What the tests of scans share: the pipeline from a scan to an index, its answers, and a tally."""

import json
import os
import shlex
import shutil
import subprocess
import sys
from difflib import unified_diff
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
os.environ["PATH"] = f"{ROOT}/.build/release:{os.environ['PATH']}"


def output(*command, **options):
    return subprocess.run(list(map(os.fspath, map(text, command))), stdout=subprocess.PIPE, check=True, **options).stdout


def text(word):
    return word if isinstance(word, (str, bytes, os.PathLike)) else str(word)


def indexed(source, out, parse=(), agg=(), merge=(), mkindex=()):
    """The index `out` of what the shell's command `source` writes; each program has its further options."""
    runs = f"{out}.runs"
    parse, agg, merge, mkindex = (shlex.join(map(str, options)) for options in (parse, agg, merge, mkindex))
    script = (
        f"{source} | inv-parse {parse} | inv-agg {agg} -o {shlex.quote(runs)} &&"
        f" inv-merge {merge} {shlex.quote(runs)} | inv-mkindex {mkindex} {shlex.quote(str(out))}"
    )
    done = subprocess.run(["bash", "-o", "pipefail", "-c", script], stderr=subprocess.PIPE)
    if done.returncode:
        sys.stderr.buffer.write(done.stderr)
        sys.exit(f"{Path(sys.argv[0]).name}: status {done.returncode}: {script}")
    shutil.rmtree(runs)
    return out


def answers(index, *options):
    """What inv-query says of the root and of all prefixes, by prefix, as bytes."""
    found = {}
    for kind in ([], ["--all", "--sort", "name"]):
        for line in output("inv-query", index, "--format", "json", *kind, *options).splitlines():
            entry = json.loads(line)
            if not entry.get("directly_here") and not entry.get("listed"):
                found[name_of(entry)] = entry
    return found


def name_of(entry):
    return entry["prefix"].encode("utf-8", "surrogateescape")


def digests(index):
    """The checksums of all files of an index but source.json."""
    return {file["name"]: file["checksum"] for file in json.loads(Path(index, "manifest.json").read_bytes())["files"]}


class Tally:
    def __init__(self):
        self.passed = self.failed = 0

    def compare(self, what, expected, actual):
        """Compares two lists of lines, or values by their lines."""
        if expected == actual:
            self.passed += 1
            return
        self.failed += 1
        lines = [value if isinstance(value, list) else [value] for value in (expected, actual)]
        difference = unified_diff(*([str(line) for line in value] for value in lines), "expected", "actual", "", "", 0, "")
        print(f"FAILED {what}", *(line[:500] for line in list(difference)[:9]), sep="\n", flush=True)

    def end(self):
        print(f"{self.passed} passed, {self.failed} failed")
        sys.exit(1 if self.failed or not self.passed else 0)
