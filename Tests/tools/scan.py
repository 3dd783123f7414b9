#!/usr/bin/env python3
"""scan.py MANIFEST...: what each prefix of an S3 inventory in CSV holds directly, by a plain scan.

One line for each prefix that directly holds something, in byte order, no header; tabs between:
  prefix   bytes; \\n \\t \\\\ and \\xHH stand for control bytes and backslash
  objects, bytes, oldest, newest   of current objects; times in seconds since 1970, or empty
  cells    state|class|size band|age band=objects:bytes, sorted, a comma between them
Bands are named after their lower edge, in bytes and in days before the snapshot, or are 'unknown'.
Shares no code with the programs, nor with oracle.py.
"""

import csv
import gzip
import io
import json
import subprocess
import sys
from bisect import bisect_right
from collections import defaultdict
from datetime import datetime, timedelta, timezone
from pathlib import Path
from urllib.parse import unquote_to_bytes

csv.field_size_limit(1 << 24)
K = 1024
SIZE_EDGES = [
    0, 1, K, 10 * K, 100 * K, 128 * K, K**2, 10 * K**2, 100 * K**2, K**3, 10 * K**3, 100 * K**3,
]  # fmt: skip
AGE_EDGES = [0, 30, 60, 90, 180, 365, 730, 1095, 1460, 1825, 2190, 2555]
OLDER_NAMES = {
    "Standard": "STANDARD",
    "StandardIA": "STANDARD_IA",
    "OneZoneIA": "ONEZONE_IA",
    "GlacierIR": "GLACIER_IR",
    "GlacierFR": "GLACIER",
    "DeepArchive": "DEEP_ARCHIVE",
    "ReducedRedundancy": "REDUCED_REDUNDANCY",
    "ITFrequent": "INTELLIGENT_TIERING/FREQUENT_ACCESS",
    "ITInfrequent": "INTELLIGENT_TIERING/INFREQUENT_ACCESS",
    "ITArchiveInstant": "INTELLIGENT_TIERING/ARCHIVE_INSTANT_ACCESS",
    "ITArchive": "INTELLIGENT_TIERING/ARCHIVE_ACCESS",
    "ITDeepArchive": "INTELLIGENT_TIERING/DEEP_ARCHIVE_ACCESS",
}
SHORT_TIERS = {"FREQUENT", "INFREQUENT", "ARCHIVE_INSTANT", "ARCHIVE", "DEEP_ARCHIVE"}
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def class_name(storage_class, tier, state):
    """The one spelling of a storage class that the programs print."""
    if storage_class == "" and state != "delete-marker":
        return "STANDARD"
    if storage_class == "INTELLIGENT_TIERING" and tier:
        return f"{storage_class}/{tier}_ACCESS" if tier in SHORT_TIERS else f"{storage_class}/{tier}"
    return OLDER_NAMES.get(storage_class, storage_class)


def band(edges, value):
    return "unknown" if value is None else edges[max(bisect_right(edges, value) - 1, 0)]


def seconds(text):
    return (datetime.fromisoformat(text.replace("Z", "+00:00")) - EPOCH) // timedelta(seconds=1)


def escaped(prefix):
    names = {0x0A: b"\\n", 0x09: b"\\t", 0x0D: b"\\r", 0x5C: b"\\\\"}
    control = [*range(0x20), 0x7F]
    for byte in [0x5C] + control:
        if byte in prefix:
            prefix = prefix.replace(bytes([byte]), names.get(byte, b"\\x%02x" % byte))
    return prefix


def located(manifest, key):
    """The data file: by its full key below a folder above the manifest, or in ../data."""
    for folder in [*manifest.resolve().parents, manifest.resolve().parent.parent / "data"]:
        for path in (folder / key.lstrip("/"), folder / Path(key).name):
            if path.exists():
                return path
    sys.exit(f"scan.py: {manifest}: no {key} below any folder above it")


def opened(path):
    data = path.read_bytes()
    if data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    elif data[:4] == b"\x28\xb5\x2f\xfd":
        data = subprocess.run(["zstd", "-dc"], input=data, stdout=subprocess.PIPE, check=True).stdout
    return io.TextIOWrapper(io.BytesIO(data), "latin-1", newline="")


class Prefix:
    def __init__(self):
        self.objects = self.bytes = 0
        self.times = []
        self.cells = defaultdict(lambda: [0, 0])


def add(prefixes, row, snapshot):
    """Counts one row, a dictionary by column name."""
    key = unquote_to_bytes(row["Key"].replace("+", " ").encode("latin-1"))
    state = "current" if row.get("IsLatest", "true") == "true" else "noncurrent"
    if row.get("IsDeleteMarker") == "true":
        state = "delete-marker"
    size = int(row["Size"] or 0) if "Size" in row else None
    modified = seconds(row["LastModifiedDate"]) if row.get("LastModifiedDate") else None
    age = None if modified is None or snapshot is None else (snapshot - modified) // 86400
    name = class_name(row.get("StorageClass", ""), row.get("IntelligentTieringAccessTier", ""), state)

    prefix = prefixes[key[: key.rfind(b"/") + 1]]
    cell = prefix.cells[f"{state}|{name}|{band(SIZE_EDGES, size)}|{band(AGE_EDGES, age)}"]
    cell[0] += 1
    cell[1] += size or 0
    if state == "current":
        prefix.objects += 1
        prefix.bytes += size or 0
        if modified is not None:
            prefix.times = [min([modified, *prefix.times]), max([modified, *prefix.times])]


def scanned(paths):
    prefixes = defaultdict(Prefix)
    for path in paths:
        manifest = json.loads(path.read_bytes())
        names = [name.strip() for name in manifest["fileSchema"].split(",")]
        snapshot = int(manifest["creationTimestamp"]) // 1000 if manifest.get("creationTimestamp") else None
        for file in manifest["files"]:
            for fields in csv.reader(opened(located(path, file["key"]))):
                if fields:
                    assert len(fields) == len(names), f"{file['key']}: {fields}"
                    add(prefixes, dict(zip(names, fields)), snapshot)
    return prefixes


def line(name, prefix):
    cells = ",".join(f"{point}={n}:{size}" for point, (n, size) in sorted(prefix.cells.items()))
    oldest, newest = prefix.times or ["", ""]
    rest = f"\t{prefix.objects}\t{prefix.bytes}\t{oldest}\t{newest}\t{cells}\n"
    return escaped(name) + rest.encode("latin-1")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    for name, prefix in sorted(scanned(map(Path, sys.argv[1:])).items()):
        sys.stdout.buffer.write(line(name, prefix))
