#!/usr/bin/env python3
"""oracle.py MANIFEST.json [-o OUT.tsv]: slow but certain totals of every prefix of an S3 inventory.

Shares no code with make_inventory.py. Plain Python dicts and integers; one row at a time.
Readers: CSV = gzip + csv of the standard library; Parquet = polars (own reader) or pyarrow (--parquet pyarrow); ORC = pyorc.
Semantics
  prefix      every key[:i+1] with key[i] == '/', and the empty prefix (root). A key that ends in '/' counts under itself.
  objects     current objects (no IsLatest field, or IsLatest true) that are not delete markers; bytes = sum of Size
  nc_objects / nc_bytes   noncurrent versions;  markers   delete markers (current or not; never in objects or bytes)
  depth       number of '/' in the prefix;   subdirs  distinct immediate child prefixes holding at least one current object
  tiers       CLASS[/ACCESS_TIER]=objects:bytes, sorted, of current objects ('' class -> STANDARD)
Output: TSV sorted by the raw UTF-8 bytes of the prefix; \\ \t \n \r in a prefix are written as backslash escapes; header line.
Checks: manifest.checksum, each file's MD5 and size, column count of each CSV row. Exit 1 when one fails.
"""

import argparse
import csv
import gzip
import hashlib
import json
import os
import re
import sys
from urllib.parse import unquote, unquote_plus

csv.field_size_limit(1 << 24)
ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
ap.add_argument("manifest")
ap.add_argument("-o", "--out", default="-")
ap.add_argument("--parquet", choices=["polars", "pyarrow"], default="polars")
ap.add_argument(
    "--root", help="directory that holds the destination bucket keys (default: found from the manifest path)"
)
ap.add_argument("--no-percent-plus", action="store_true", help="CSV keys: do not turn '+' into space")
ap.add_argument("--max-depth", type=int, default=10**9)
a = ap.parse_args()
raw = open(a.manifest, "rb").read()
man = json.loads(raw)
bad = []
ck = os.path.join(os.path.dirname(a.manifest), "manifest.checksum")
if os.path.exists(ck) and open(ck).read().strip() != hashlib.md5(raw).hexdigest():
    bad.append("manifest.checksum")


def root():
    if a.root:
        return a.root
    d = os.path.dirname(os.path.abspath(a.manifest))
    while d != "/":
        if os.path.exists(os.path.join(d, man["files"][0]["key"])):
            return d
        d = os.path.dirname(d)
    sys.exit("data files not found")


R = root() if man["files"] else "."
fmt = man["fileFormat"].lower()
NORM = {
    re.sub("_", "", n): n
    for n in [
        "key",
        "size",
        "storage_class",
        "intelligent_tiering_access_tier",
        "is_latest",
        "is_delete_marker",
        "bucket",
    ]
}


def norm(c):
    return NORM.get(c.strip().lower().replace("_", ""))


WANT = ["key", "size", "storage_class", "intelligent_tiering_access_tier", "is_latest", "is_delete_marker"]


def rows_csv(p):
    names = [norm(c) for c in man["fileSchema"].split(",")]
    pos = {n: i for i, n in enumerate(names) if n}
    un = unquote if a.no_percent_plus else unquote_plus
    with gzip.open(p, "rt", encoding="utf-8", newline="") as f:
        for r in csv.reader(f):
            if not r:  # a blank line
                continue
            if len(r) != len(names):
                bad.append(f"{p}: row of {len(r)} fields")
                continue

            def g(n):
                return r[pos[n]] if n in pos else None

            def b(n):
                return None if n not in pos else r[pos[n]] == "true"

            tier = g("intelligent_tiering_access_tier") or ""
            cls = g("storage_class") or ""
            yield un(r[pos["key"]]), int(g("size") or 0), cls, tier, b("is_latest"), b("is_delete_marker")


def rows_parquet(p):
    if a.parquet == "polars":
        import polars as pl

        df = pl.read_parquet(p)
        cols = {norm(c): c for c in df.columns if norm(c)}

        def it(n):
            return df[cols[n]].to_list() if n in cols else [None] * df.height

    else:
        import pyarrow.parquet as pq

        t = pq.read_table(p)
        cols = {norm(c): c for c in t.column_names if norm(c)}

        def it(n):
            return t[cols[n]].to_pylist() if n in cols else [None] * t.num_rows

    for k, s, c, t_, l, d in zip(*[it(n) for n in WANT]):
        yield k, int(s or 0), c or "", t_ or "", l, d


def rows_orc(p):
    import pyorc

    with open(p, "rb") as f:
        r = pyorc.Reader(f)
        names = list(r.schema.fields)
        have = [(norm(c), c) for c in names if norm(c)]
        f.seek(0)
        r = pyorc.Reader(f, column_names=[c for _, c in have])
        order = [norm(c) for c in names if norm(c)]
        pos = {n: i for i, n in enumerate(order)}
        for x in r:

            def g(n):
                return x[pos[n]] if n in pos else None

            yield g("key"), int(g("size") or 0), g("storage_class") or "", g(
                "intelligent_tiering_access_tier"
            ) or "", g("is_latest"), g("is_delete_marker")


reader = {"csv": rows_csv, "parquet": rows_parquet, "orc": rows_orc}[fmt]
acc = {}  # prefix -> [objects, bytes, nc_objects, nc_bytes, markers, {tier: [n, bytes]}, set(child prefixes)]
nrows = 0
for fe in man["files"]:
    p = os.path.join(R, fe["key"])
    m = hashlib.md5()
    with open(p, "rb") as f:
        while blk := f.read(1 << 20):
            m.update(blk)
    if m.hexdigest() != fe["MD5checksum"]:
        bad.append("md5 " + p)
    if os.path.getsize(p) != fe["size"]:
        bad.append("size " + p)
    for key, size, cls, tier, latest, marker in reader(p):
        nrows += 1
        tk = (cls or "STANDARD") + ("/" + tier if tier else "")
        prefixes = [""]
        for i, ch in enumerate(key):
            if ch == "/":
                prefixes.append(key[: i + 1])
        current = latest is None or latest
        for d, q in enumerate(prefixes):
            if d > a.max_depth:
                break
            e = acc.get(q)
            if e is None:
                e = acc[q] = [0, 0, 0, 0, 0, {}, set()]
            if marker:
                e[4] += 1
            elif not current:
                e[2] += 1
                e[3] += size
            else:
                e[0] += 1
                e[1] += size
                t = e[5].get(tk)
                if t is None:
                    e[5][tk] = [1, size]
                else:
                    t[0] += 1
                    t[1] += size
                if d + 1 < len(prefixes):
                    e[6].add(prefixes[d + 1]) if len(prefixes[d + 1]) else None


def esc(s):
    return s.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


out = sys.stdout if a.out == "-" else open(a.out, "w", encoding="utf-8", newline="")
out.write("prefix\tdepth\tobjects\tbytes\tnc_objects\tnc_bytes\tmarkers\tsubdirs\ttiers\n")
for q in sorted(acc, key=lambda s: s.encode("utf-8")):
    e = acc[q]
    out.write(
        f"{esc(q)}\t{q.count('/')}\t{e[0]}\t{e[1]}\t{e[2]}\t{e[3]}\t{e[4]}\t{len(e[6])}\t"
        + ",".join(f"{k}={v[0]}:{v[1]}" for k, v in sorted(e[5].items()))
        + "\n"
    )
if out is not sys.stdout:
    out.close()
r = acc.get("", [0, 0, 0, 0, 0])
print(
    f"{fmt}: {nrows} rows, {len(acc)} prefixes, root objects {r[0]} bytes {r[1]} nc {r[2]}/{r[3]} markers {r[4]}; problems: {len(bad)}",
    *bad[:10],
    sep="\n  ",
    file=sys.stderr,
)
sys.exit(1 if bad else 0)
