#!/usr/bin/env python3
"""Writes a big S3 inventory, as AWS does (manifest.json, manifest.checksum, data files), for Bench and by hand.

Deterministic: every attribute of an object is a pure function of (seed, category, index); no RNG state.
The same (--objects, --seed, --versions, --weird) gives the same set of rows in every format, whatever the file count.
Row-order: each chunk (--chunk-rows) is sorted by key and cut into files of --rows-per-file rows.
  --layout strided    every chunk covers the whole key range (files overlap: hardest for merge/range partition) [default]
  --layout contiguous chunk j holds the j-th slice of each category (files overlap little)
  --order sorted|random   rows inside a chunk
Needs numpy, pyarrow; zlib_ng or isal optional (--gzip).
"""

import argparse
import gzip
import hashlib
import json
import os
import sys
import time
import urllib.parse
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

pa.set_cpu_count(1)
pa.set_io_thread_count(1)
U64 = np.uint64
DAY = 86400
T0 = 1672531200  # 2023-01-01T00:00:00Z
T1 = 1793491200  # 2026-11-01T00:00:00Z, the inventory's own date
NDAYS = (T1 - T0) // DAY


# hashing / vector helpers
def mix(x):
    """splitmix64 finaliser: a bijection on 64 bits, so distinct indices give distinct words."""
    x = x.astype(U64, copy=True)
    with np.errstate(over="ignore"):
        x += U64(0x9E3779B97F4A7C15)
        x ^= x >> U64(30)
        x *= U64(0xBF58476D1CE4E5B9)
        x ^= x >> U64(27)
        x *= U64(0x94D049BB133111EB)
        x ^= x >> U64(31)
    return x


class Src:
    """hash streams over (seed, category, index)"""

    def __init__(s, seed, cat, idx):
        s.seed, s.cat, s.idx = seed, cat, idx.astype(U64)

    def word(s, stream, idx=None):
        i = s.idx if idx is None else idx.astype(U64)
        k = int.from_bytes(hashlib.sha256(f"{s.seed}/{s.cat}/{stream}".encode()).digest()[:8], "little")
        with np.errstate(over="ignore"):
            return mix(i ^ U64(k))

    def u(s, stream, idx=None):
        return (s.word(stream, idx) >> U64(11)).astype(np.float64) * (1.0 / (1 << 53))

    def below(s, stream, n, idx=None):
        return (s.u(stream, idx) * n).astype(np.int64)

    def zipf(s, stream, n, a=1.1, idx=None):
        """rank 0..n-1, approx. power law"""
        u = s.u(stream, idx)
        if abs(a - 1) < 1e-9:
            r = np.power(float(n), u) - 1
        else:
            b = 1 - a
            r = np.power(u * (np.power(float(n), b) - 1) + 1, 1 / b) - 1
        return np.minimum(r.astype(np.int64), n - 1)

    def lognorm(s, stream, median, sigma, lo, hi):
        u1 = np.maximum(s.u(stream + "a"), 1e-12)
        u2 = s.u(stream + "b")
        z = np.sqrt(-2 * np.log(u1)) * np.cos(2 * np.pi * u2)
        return np.clip(median * np.exp(sigma * z), lo, hi).astype(np.int64)

    def pick(s, stream, words, weights=None):
        if weights is None:
            i = s.below(stream, len(words))
        else:
            c = np.cumsum(weights) / np.sum(weights)
            i = np.searchsorted(c, s.u(stream), side="right")
            i = np.minimum(i, len(words) - 1)
        return take(words, i)


_dict = {}


def take(words, i):
    k = id(words)
    a = _dict.get(k)
    if a is None:
        a = _dict[k] = (words, pa.array(words, pa.string()))  # keeps words alive so id stays valid
    return a[1].take(pa.array(i, pa.int64()))


_HEX = np.frombuffer("".join("%02x" % i for i in range(256)).encode(), dtype="S2")


def fixed(buf2d):
    n, w = buf2d.shape
    off = pa.py_buffer(np.arange(0, (n + 1) * w, w, dtype=np.int32))
    return pa.StringArray.from_buffers(n, off, pa.py_buffer(np.ascontiguousarray(buf2d)))


def hexmat(*words):
    b = np.stack([w.astype(">u8") for w in words], axis=1).view(np.uint8)
    return _HEX[b].view(np.uint8).reshape(b.shape[0], -1)


def hexstr(*words, width=None):
    m = hexmat(*words)
    return fixed(m if width is None else m[:, -width:])


def uuidstr(a, b):
    h = hexmat(a, b)
    n = h.shape[0]
    o = np.empty((n, 36), np.uint8)
    o[:, [8, 13, 18, 23]] = ord("-")
    o[:, 0:8] = h[:, 0:8]
    o[:, 9:13] = h[:, 8:12]
    o[:, 14:18] = h[:, 12:16]
    o[:, 19:23] = h[:, 16:20]
    o[:, 24:36] = h[:, 20:32]
    o[:, 14] = ord("4")
    return fixed(o)


def digits(x, width):
    m = np.empty((len(x), width), np.uint8)
    x = x.astype(np.int64)
    for k in range(width - 1, -1, -1):
        m[:, k] = 48 + x % 10
        x = x // 10
    return fixed(m)


def cat(*parts):
    n = max(len(p) for p in parts if not isinstance(p, str))
    return pc.binary_join_element_wise(*[pa.scalar(p) if isinstance(p, str) else p for p in parts], pa.scalar(""))


def days(fmt):
    return [time.strftime(fmt, time.gmtime(T0 + d * DAY)) for d in range(NDAYS + 1)]


D_SLASH, D_DASH = days("%Y/%m/%d"), days("%Y-%m-%d")
D_HIVE = days("year=%Y/month=%m/day=%d")
D_COMPACT = days("%Y%m%d")
HH = ["%02d" % i for i in range(24)]
TOD = ["%02d:%02d:%02d" % (i // 3600, i // 60 % 60, i % 60) for i in range(DAY)]

# storage classes
SC = [
    "STANDARD",
    "STANDARD_IA",
    "ONEZONE_IA",
    "INTELLIGENT_TIERING",
    "GLACIER_IR",
    "GLACIER",
    "DEEP_ARCHIVE",
    "REDUCED_REDUNDANCY",
]
STD, SIA, OZ, IT, GIR, GL, DA, RR = range(8)
TIER = ["", "FREQUENT", "INFREQUENT", "ARCHIVE_INSTANT_ACCESS", "ARCHIVE", "DEEP_ARCHIVE"]


def it_tier(age, u, size):
    t = np.where(age < 30, 1, np.where(age < 90, 2, 3))
    t = np.where((age > 365) & (u < 0.15), 4, t)
    t = np.where((age > 700) & (u < 0.05), 5, t)
    t = np.where((age >= 30) & (u > 0.85), 1, t)  # touched again
    return np.where(size < 131072, 1, t)  # < 128 KiB always FREQUENT


# categories: (key, size, mtime, class)
SERVICES = [
    "api-gateway",
    "auth",
    "billing",
    "checkout",
    "search",
    "recommender",
    "ingest",
    "etl",
    "edge-proxy",
    "mobile-bff",
    "notifications",
    "audit",
]
REGIONS = ["us-east-1", "us-west-2", "eu-west-1", "eu-central-1", "ap-southeast-2"]
ACCTS = ["%012d" % (111122223333 + 7919 * i) for i in range(8)]


def c_applogs(S, n):
    svc = S.zipf("svc", len(SERVICES), 1.0)
    t = T0 + (S.u("t") * (T1 - T0 - 3600)).astype(np.int64)
    d = (t - T0) // DAY
    h = t // 3600 % 24
    key = cat(
        "logs/",
        take(SERVICES, svc),
        "/",
        take(D_HIVE, d),
        "/hour=",
        take(HH, h),
        "/host-",
        digits(S.zipf("host", 400, 0.8), 3),
        "-",
        hexstr(S.word("id")),
        ".log.gz",
    )
    age = (T1 - t) // DAY
    sc = np.where(age < 30, STD, np.where(age < 90, SIA, np.where(age < 400, GIR, np.where(S.u("sc") < 0.5, GL, DA))))
    return key, S.lognorm("sz", 180e3, 1.6, 40, 2e9), t, sc


def c_awslogs(S, n):
    t = T0 + (S.u("t") * (T1 - T0 - 3600)).astype(np.int64)
    d = (t - T0) // DAY
    acct = S.pick("acct", ACCTS)
    reg = S.pick("reg", REGIONS, [5, 3, 3, 1, 1])
    key = cat(
        "AWSLogs/",
        acct,
        "/CloudTrail/",
        reg,
        "/",
        take(D_SLASH, d),
        "/",
        acct,
        "_CloudTrail_",
        reg,
        "_",
        take(D_COMPACT, d),
        "T",
        take(HH, t // 3600 % 24),
        "05Z_",
        hexstr(S.word("id")),
        ".json.gz",
    )
    age = (T1 - t) // DAY
    return key, S.lognorm("sz", 12e3, 1.3, 300, 5e7), t, np.where(age < 180, STD, DA)


EXT = [".jpg", ".png", ".pdf", ".mp4", ".heic", ".docx", ".csv", ".zip"]
NAMES = [
    "IMG",
    "Scan",
    "invoice",
    "My Résumé",
    "Screenshot 2024-03-12 at 10.11.12",
    "photo (copy)",
    "a+b",
    "draft v2 final FINAL",
    "отчёт",
    "見積書",
    "naïve café",
    "C++ notes",
    "100% done",
    "Q&A",
    "it's",
    "x=y",
    "smile😀",
    "plain",
]
NAMEW = [30, 10, 10, 3, 6, 4, 2, 3, 1, 1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.3, 20]


def c_uploads(S, n):
    nu = max(1, n // 6)
    user = S.zipf("user", nu, 0.75)
    w = S.word("uuid1", user)
    u = uuidstr(w, S.word("uuid2", user))
    h = hexmat(w)
    key = cat(
        "uploads/",
        fixed(h[:, 0:2]),
        "/",
        fixed(h[:, 2:4]),
        "/",
        u,
        "/",
        S.pick("name", NAMES, NAMEW),
        "_",
        hexstr(S.word("id")),
        S.pick("ext", EXT, [30, 15, 12, 6, 12, 6, 3, 2]),
    )
    t = T1 - 60 - (np.square(S.u("t")) * (T1 - T0 - 120)).astype(np.int64)
    sz = S.lognorm("sz", 350e3, 2.0, 0, 4e9)
    sz = np.where(S.u("z") < 0.004, 0, sz)
    sc = np.where(S.u("sc") < 0.92, IT, np.where(S.u("sc2") < 0.9, STD, RR))
    return key, sz, t, sc


DATASETS = [
    "imagenet-21k",
    "laion-aesthetic",
    "common-crawl-2024",
    "webvid",
    "librispeech",
    "the-stack",
    "redpajama",
    "openimages",
]
SPLIT = ["train", "validation", "test"]


def c_shards(S, n):
    ds = S.zipf("ds", len(DATASETS), 0.9)
    v = S.below("v", 4)
    # sequential shard ids: unique because index is in the name
    key = cat(
        "datasets/",
        take(DATASETS, ds),
        "/v",
        digits(v, 1),
        "/",
        S.pick("sp", SPLIT, [90, 6, 4]),
        "/shard-",
        digits(S.idx.astype(np.int64), 8),
        "-of-",
        digits(np.full(n_total["shards"] and len(S.idx), n_total["shards"], np.int64), 8),
        ".tar",
    )
    t = T0 + (S.u("t", S.idx // U64(4096)) * (T1 - T0 - 4000)).astype(np.int64) + (S.idx % U64(3600)).astype(np.int64)
    age = (T1 - t) // DAY
    return key, S.lognorm("sz", 256e6, 0.25, 1e6, 2e9), t, np.where(age < 60, STD, np.where(S.u("sc") < 0.6, IT, GIR))


def c_ckpt(S, n):
    run = S.zipf("run", 300, 0.7)
    step = S.below("step", 400) * 1000
    key = cat(
        "models/run-",
        digits(run, 4),
        "/checkpoints/step_",
        digits(step, 7),
        "/rank_",
        digits(S.below("rank", 64), 3),
        "-",
        hexstr(S.word("id"), width=8),
        hexstr(S.idx, width=8),
        ".pt",
    )
    t = T0 + (S.u("t", run) * (T1 - T0 - 500000)).astype(np.int64) + step
    age = (T1 - t) // DAY
    return key, S.lognorm("sz", 1.5e9, 0.6, 1e6, 6e10), t, np.where(age < 45, STD, np.where(S.u("sc") < 0.7, IT, DA))


TABLES = [
    "sales/orders",
    "sales/line_items",
    "crm/contacts",
    "events/clicks",
    "events/impressions",
    "finance/ledger",
    "iot/telemetry",
    "ml/features",
]


def c_wh(S, n):
    d = np.minimum((np.sqrt(S.u("d")) * NDAYS).astype(np.int64), NDAYS - 1)
    tb = S.zipf("tb", len(TABLES), 0.8)
    key = cat(
        "warehouse/",
        take(TABLES, tb),
        "/dt=",
        take(D_DASH, d),
        "/part-",
        digits(S.below("p", 200), 5),
        "-",
        uuidstr(S.word("id"), S.word("id2")),
        ".c000.snappy.parquet",
    )
    t = T0 + d * DAY + 3600 + S.below("s", 7200)
    age = (T1 - t) // DAY
    return (
        key,
        S.lognorm("sz", 32e6, 1.2, 4e3, 1.1e9),
        t,
        np.where(age < 120, STD, np.where(S.u("sc") < 0.1, OZ, np.where(S.u("sc") < 0.8, SIA, GL))),
    )


def c_marks(S, n):
    """zero-size directory markers and _SUCCESS files; unique by construction: (table, day) enumerated from the index"""
    i = S.idx.astype(np.int64)
    tb = i % len(TABLES)
    d = (i // len(TABLES)) % NDAYS
    k = i // (len(TABLES) * NDAYS)
    kind = i % 2
    mid = cat("warehouse/", take(TABLES, tb), "/dt=", take(D_DASH, d), "/")
    key = pc.if_else(
        pa.array(k == 0),
        pc.if_else(pa.array(kind == 0), mid, cat(mid, "_SUCCESS")),
        cat(mid, "_spark_metadata/", digits(k, 6), "/"),
    )
    return key, np.zeros(len(i), np.int64), T0 + d * DAY + 11000, np.zeros(len(i), np.int64)


def c_huge(S, n):
    i = S.idx.astype(np.int64)
    key = cat(
        "backups/db-",
        digits(i % 5, 2),
        "/",
        take(D_DASH, (i // 5) % NDAYS),
        "/",
        digits(i // (5 * NDAYS), 4),
        "/full.dump",
    )
    return (
        key,
        S.lognorm("sz", 6e11, 0.9, 5e10, 5_497_558_138_880),
        T0 + ((i // 5) % NDAYS) * DAY + 7777,
        np.where(S.u("sc") < 0.8, DA, GL),
    )


WEIRD = [
    "root-level-{i}.txt",
    "/leading/slash/{i}",
    "double//slash//{i}",
    "trailing/dir{i}/",
    "dots/./../{i}",
    "tab\there/{i}",
    'quote"in"key/{i}',
    "apos'/{i}",
    "back\\slash/{i}",
    "comma,semi;/{i}",
    "newline\nkey/{i}",
    "cr\rkey/{i}",
    "percent%2Fliteral/{i}",
    "plus+and space/{i} +",
    "nfc-é/{i}",
    "nfd-e\u0301/{i}",
    "emoji-😀/👩‍👩‍👧/{i}",
    "rtl-שלום/{i}",
    "ctrl-\x01\x7f/{i}",
    "nbsp-\u00a0/{i}",
    "bmp-\uffee/{i}",
    "astral-\U00010000/{i}",
    "z" * 200 + "/{i}",
    "deep/" + "d/" * 120 + "{i}",
    "ends-space /{i} ",
    "~tilde/{i}~",
    "a/b",
    "A/B/{i}",
    "a.b/{i}",
    "a/b/{i}",
    "a-b/{i}",
    "null-%00/{i}",
    "hash#q?x=1&y=2/{i}",
    "maxlen/",
]


def c_weird(S, n):
    out = []
    for i in S.idx.tolist():
        w = WEIRD[i % len(WEIRD)]
        if w == "a/b":
            k = "a/b" if i < len(WEIRD) else "a/b/x%d" % i
        elif w == "maxlen/":
            k = ("maxlen/%d/" % i) + "m" * 1024
            k = k[:1024]
        else:
            k = w.replace("{i}", str(i))
        out.append(k)
    z = S.below("sz", 5000)
    z = np.where(np.array([k.endswith("/") for k in out], bool), 0, z) if out else z
    return pa.array(out, pa.string()), z, T0 + (S.u("t") * (T1 - T0 - 60)).astype(np.int64), S.below("sc", 8)


CATS = [
    ("applogs", c_applogs, 0.30),
    ("awslogs", c_awslogs, 0.08),
    ("uploads", c_uploads, 0.30),
    ("shards", c_shards, 0.12),
    ("ckpt", c_ckpt, 0.05),
    ("warehouse", c_wh, 0.13),
    ("marks", c_marks, 0.015),
    ("huge", c_huge, 0.0002),
    ("weird", c_weird, 0.002),
]
n_total = {}

# fields
F_ALL = [
    "Bucket",
    "Key",
    "VersionId",
    "IsLatest",
    "IsDeleteMarker",
    "Size",
    "LastModifiedDate",
    "ETag",
    "StorageClass",
    "IsMultipartUploaded",
    "ReplicationStatus",
    "EncryptionStatus",
    "ObjectLockRetainUntilDate",
    "ObjectLockMode",
    "ObjectLockLegalHoldStatus",
    "IntelligentTieringAccessTier",
    "BucketKeyStatus",
    "ChecksumAlgorithm",
    "ObjectAccessControlList",
    "ObjectOwner",
    "LifecycleExpirationDate",
]
VERF = {"VersionId", "IsLatest", "IsDeleteMarker"}
PRESET = {
    "minimal": ["Bucket", "Key", "Size", "LastModifiedDate", "StorageClass", "IntelligentTieringAccessTier"],
    "nosc": ["Bucket", "Key", "Size"],
    "common": [f for f in F_ALL if f not in ("ObjectAccessControlList", "ObjectOwner", "LifecycleExpirationDate")],
    "all": F_ALL,
}
SNAKE = {
    "Bucket": "bucket",
    "Key": "key",
    "VersionId": "version_id",
    "IsLatest": "is_latest",
    "IsDeleteMarker": "is_delete_marker",
    "Size": "size",
    "LastModifiedDate": "last_modified_date",
    "ETag": "e_tag",
    "StorageClass": "storage_class",
    "IsMultipartUploaded": "is_multipart_uploaded",
    "ReplicationStatus": "replication_status",
    "EncryptionStatus": "encryption_status",
    "ObjectLockRetainUntilDate": "object_lock_retain_until_date",
    "ObjectLockMode": "object_lock_mode",
    "ObjectLockLegalHoldStatus": "object_lock_legal_hold_status",
    "IntelligentTieringAccessTier": "intelligent_tiering_access_tier",
    "BucketKeyStatus": "bucket_key_status",
    "ChecksumAlgorithm": "checksum_algorithm",
    "ObjectAccessControlList": "object_access_control_list",
    "ObjectOwner": "object_owner",
    "LifecycleExpirationDate": "lifecycle_expiration_date",
}
BOOLF = {"IsLatest", "IsDeleteMarker", "IsMultipartUploaded"}
TIMEF = {"LastModifiedDate", "ObjectLockRetainUntilDate", "LifecycleExpirationDate"}


def patype(f):
    return (
        pa.bool_() if f in BOOLF else pa.timestamp("ms") if f in TIMEF else pa.int64() if f == "Size" else pa.string()
    )


def rows(a, name, fn, idx):
    """one category slice -> dict of columns (numpy / pyarrow arrays)"""
    S = Src(a.seed, name, idx)
    key, size, t, sc = fn(S, n_total[name])
    n = len(idx)
    size = np.asarray(size, np.int64)
    t = np.asarray(t, np.int64)
    sc = np.asarray(sc, np.int64)
    age = (T1 - t) // DAY
    tier = np.where(sc == IT, it_tier(age, S.u("tier"), size), 0)
    c = dict(
        key=key,
        size=size,
        t=t,
        sc=sc,
        tier=tier,
        w1=S.word("etag1"),
        w2=S.word("etag2"),
        latest=np.ones(n, bool),
        dm=np.zeros(n, bool),
        ver=S.word("ver0"),
        nullver=S.u("nv") < 0.05,
    )
    if not a.versions:
        return [c]
    out = [c]
    h = S.u("hv")
    for k in range(1, 5):  # noncurrent versions
        m = h < (0.12, 0.05, 0.02, 0.01)[k - 1]
        if not m.any():
            break
        i = np.flatnonzero(m)
        s2 = Src(a.seed, f"{name}/v{k}", idx[i])
        sz = np.maximum(0, (size[i] * (0.5 + s2.u("f"))).astype(np.int64))
        tt = np.maximum(T0, t[i] - k * 86400 - s2.below("dt", 86400))
        sz = np.where(size[i] == 0, 0, sz)
        out.append(
            dict(
                key=key.take(pa.array(i)),
                size=sz,
                t=tt,
                sc=sc[i],
                tier=tier[i],
                w1=s2.word("etag1"),
                w2=s2.word("etag2"),
                latest=np.zeros(len(i), bool),
                dm=np.zeros(len(i), bool),
                ver=s2.word("ver"),
                nullver=np.zeros(len(i), bool),
            )
        )
    m = h > 0.97  # current version is a delete marker
    if m.any():
        i = np.flatnonzero(m)
        s2 = Src(a.seed, f"{name}/dm", idx[i])
        c["latest"] = ~m
        z = np.zeros(len(i), np.int64)
        out.append(
            dict(
                key=key.take(pa.array(i)),
                size=z,
                t=np.minimum(T1 - 1, t[i] + 100),
                sc=z,
                tier=z,
                w1=s2.word("a"),
                w2=s2.word("b"),
                latest=np.ones(len(i), bool),
                dm=np.ones(len(i), bool),
                ver=s2.word("ver"),
                nullver=np.zeros(len(i), bool),
            )
        )
    return out


def chunk_table(a, j, J, fields):
    parts = []
    for name, fn, _ in CATS:
        n = n_total[name]
        if n == 0:
            continue
        idx = (
            np.arange(j, n, J, dtype=np.int64)
            if a.layout == "strided"
            else np.arange(n * j // J, n * (j + 1) // J, dtype=np.int64)
        )
        if len(idx):
            parts += rows(a, name, fn, idx)

    def g(k):
        return np.concatenate([p[k] for p in parts])

    key = pa.concat_arrays(
        [p["key"].combine_chunks() if isinstance(p["key"], pa.ChunkedArray) else p["key"] for p in parts]
    )
    size, t, sc, tier, w1, w2, latest, dm, ver, nullver = (
        g(k) for k in ("size", "t", "sc", "tier", "w1", "w2", "latest", "dm", "ver", "nullver")
    )
    n = len(key)
    if a.order == "sorted":
        # key ascending (bytewise UTF-8); for equal keys newest version first, like a version listing
        o = (
            pc.sort_indices(pa.table({"k": key, "t": -t}), sort_keys=[("k", "ascending"), ("t", "ascending")])
            if a.versions
            else pc.sort_indices(key)
        )
        o = o.to_numpy()
    else:
        o = np.argsort(mix(w1 ^ U64(0xABCDEF)), kind="stable")
    po = pa.array(o)
    key = key.take(po)
    size, t, sc, tier, w1, w2, latest, dm, ver, nullver = (
        x[o] for x in (size, t, sc, tier, w1, w2, latest, dm, ver, nullver)
    )
    mp = (size > 64 << 20) & ~dm
    csv = a.format == "csv"
    cols = {}
    dmA = pa.array(dm)

    def null(arr, mask):
        return pc.if_else(mask, pa.scalar(None, arr.type), arr)

    def ts(sec, mask=None):
        if csv:
            d = (sec - T0) // DAY
            x = cat(take(D_DASH, np.clip(d, 0, NDAYS)), "T", take(TOD, sec % DAY), ".000Z")
        else:
            x = pa.array(sec * 1000, pa.int64()).cast(pa.timestamp("ms"))
        return x if mask is None else null(x, mask)

    def boolean(b, mask=None):
        x = take(["false", "true"], b.astype(np.int64)) if csv else pa.array(b)
        return x if mask is None else null(x, mask)

    for f in fields:
        if f == "Bucket":
            x = pa.DictionaryArray.from_arrays(np.zeros(n, np.int32), [a.bucket]).cast(pa.string())
        elif f == "Key":
            x = urlencode(key) if csv else key
        elif f == "VersionId":
            x = pc.if_else(pa.array(nullver), pa.scalar(None if not csv else "", pa.string()), hexstr(ver, mix(ver)))
        elif f == "IsLatest":
            x = boolean(latest)
        elif f == "IsDeleteMarker":
            x = boolean(dm)
        elif f == "Size":
            x = null(pa.array(size), dmA)
        elif f == "LastModifiedDate":
            x = ts(t)
        elif f == "ETag":
            e = hexstr(w1, w2)
            x = null(pc.if_else(pa.array(mp), cat(e, "-", pc.cast(pa.array((size >> 26) + 1), pa.string())), e), dmA)
        elif f == "StorageClass":
            x = null(take(SC, sc), dmA)
        elif f == "IsMultipartUploaded":
            x = boolean(mp, dmA)
        elif f == "ReplicationStatus":
            i = np.where(w1 % U64(16) < 14, 0, (w1 % U64(5)).astype(np.int64))
            x = null(take(["", "COMPLETED", "PENDING", "FAILED", "REPLICA"], i), pa.array((i == 0) | dm))
        elif f == "EncryptionStatus":
            x = null(
                take(
                    ["SSE-S3", "SSE-KMS", "NOT-SSE"],
                    np.where(w2 % U64(10) < 8, 0, np.where(w2 % U64(10) == 8, 1, 2)).astype(np.int64),
                ),
                dmA,
            )
        elif f in ("ObjectLockRetainUntilDate", "LifecycleExpirationDate"):
            x = ts(np.full(n, T1, np.int64), pa.array((w2 % U64(50) != 0) | dm))
        elif f == "ObjectLockMode":
            x = null(
                take(["GOVERNANCE", "COMPLIANCE"], (w2 % U64(2)).astype(np.int64)), pa.array((w2 % U64(50) != 0) | dm)
            )
        elif f == "ObjectLockLegalHoldStatus":
            x = null(take(["OFF", "ON"], (w2 % U64(200) == 0).astype(np.int64)), pa.array((w2 % U64(50) != 0) | dm))
        elif f == "IntelligentTieringAccessTier":
            x = null(take(TIER, tier), pa.array((tier == 0) | dm))
        elif f == "BucketKeyStatus":
            x = null(take(["DISABLED", "ENABLED"], (w2 % U64(10) == 8).astype(np.int64)), dmA)
        elif f == "ChecksumAlgorithm":
            x = null(
                take(["CRC64NVME", "SHA256", "CRC32C"], (w1 % U64(3)).astype(np.int64)),
                pa.array((w1 % U64(4) != 0) | dm),
            )
        elif f == "ObjectAccessControlList":
            x = null(
                take(
                    ["eyJ2ZXJzaW9uIjoiMjAyMi0xMS0xMCIsInN0YXR1cyI6IkFWQUlMQUJMRSIsImdyYW50cyI6W119"],
                    np.zeros(n, np.int64),
                ),
                dmA,
            )
        elif f == "ObjectOwner":
            x = null(
                take(["75aa57f09aa0c8caeab4f8c24e99d10f8e7faeebf76c078efc7c6caea54ba06a"], np.zeros(n, np.int64)), dmA
            )
        if csv:
            x = pc.fill_null(x.cast(pa.string()) if x.type != pa.string() else x, "")
        cols[f] = x
    return cols, int(n), int(size[~dm].sum()), int(dm.sum())


_SPECIAL = (
    [("%", "%25"), ("+", "%2B"), (" ", "+")]
    + [(ch, "%%%02X" % ord(ch)) for ch in "=!\"#$&'(),:;<>?@[\\]^`{|}~"]
    + [(chr(c), "%%%02X" % c) for c in list(range(32)) + [127]]
)


def urlencode(key):
    """Java URLEncoder-like, '/' kept: unreserved A-Za-z0-9 . - _ * ; space -> '+'; all else %XX of UTF-8."""
    nonascii = pc.not_equal(pc.binary_length(key.cast(pa.binary())), pc.utf8_length(key))
    x = key
    blob = memoryview(key.buffers()[2]) if key.offset == 0 and key.buffers()[2] is not None else None
    present = np.bincount(np.frombuffer(blob, np.uint8), minlength=256) if blob is not None else np.ones(256)
    for ch, rep in _SPECIAL:
        if present[ord(ch)]:
            x = pc.replace_substring(x, pattern=ch, replacement=rep)
    i = np.flatnonzero(nonascii.to_numpy(zero_copy_only=False))
    if len(i):
        fix = pa.array(
            [urllib.parse.quote_plus(k, safe="/*").replace("~", "%7E") for k in key.take(pa.array(i)).to_pylist()],
            pa.string(),
        )
        x = pc.replace_with_mask(x, nonascii, fix)
    return x


# writers
def opengz(path, a):
    raw = open(path, "wb")
    if a.gzip == "isal":
        from isal import igzip

        return igzip.IGzipFile(fileobj=raw, mode="wb", compresslevel=min(a.level, 3), mtime=0, filename=""), raw
    if a.gzip == "ng":
        from zlib_ng import gzip_ng

        return gzip_ng.GzipNGFile(fileobj=raw, mode="wb", compresslevel=a.level, mtime=0, filename=""), raw
    return gzip.GzipFile(fileobj=raw, mode="wb", compresslevel=a.level, mtime=0, filename=""), raw


def write_csv(path, tbl, a):
    g, raw = opengz(path, a)
    opt = pacsv.WriteOptions(include_header=False, quoting_style="all_valid", batch_size=65536)
    pacsv.write_csv(tbl, g, opt)
    g.close()
    raw.close()


def write_parquet(path, tbl, a):
    import pyarrow.parquet as pq

    kw = dict(
        compression=a.codec or "snappy",
        version="1.0" if a.page_version == "1.0" else "2.6",
        data_page_version=a.page_version,
        coerce_timestamps="ms",
        write_statistics=True,
        row_group_size=a.row_group,
    )
    if a.encoding == "plain":
        kw["use_dictionary"] = False
    elif a.encoding == "delta":
        kw["use_dictionary"] = False
        kw["version"] = "2.6"
        kw["column_encoding"] = {
            c: (
                "DELTA_BYTE_ARRAY"
                if c in ("key", "bucket", "storage_class")
                else (
                    "DELTA_BINARY_PACKED"
                    if tbl.schema.field(c).type in (pa.int64(), pa.timestamp("ms"))
                    else "PLAIN" if tbl.schema.field(c).type == pa.bool_() else "DELTA_LENGTH_BYTE_ARRAY"
                )
            )
            for c in tbl.column_names
        }
    else:
        kw["use_dictionary"] = [c for c in tbl.column_names if c not in ("key", "e_tag", "version_id")]
    if a.page_size:
        kw["data_page_size"] = kw["dictionary_pagesize_limit"] = a.page_size
    rg = kw.pop("row_group_size")
    with pq.ParquetWriter(path, tbl.schema, **kw) as w:
        w.write_table(tbl, row_group_size=rg)


def write_orc(path, tbl, a):
    from pyarrow import orc

    t = tbl
    with orc.ORCWriter(
        path,
        compression=a.codec or "zlib",
        stripe_size=a.stripe_size,
        file_version=a.orc_version,
        batch_size=min(8192, a.row_group),
        compression_block_size=a.block_size,
        dictionary_key_size_threshold=0.8 if a.encoding == "dict" else 0,
    ) as w:
        w.write(t)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("out")
    p.add_argument("-n", "--objects", type=int, default=1_000_000)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("-f", "--format", choices=["csv", "parquet", "orc"], default="csv")
    p.add_argument("--codec", help="parquet: snappy zstd gzip lz4 brotli none; orc: zlib snappy zstd lz4 uncompressed")
    p.add_argument(
        "--encoding", choices=["dict", "plain", "delta"], help="parquet (default dict); orc: dict or plain (default)"
    )
    p.add_argument("--page-version", choices=["1.0", "2.0"], default="1.0")
    p.add_argument("--row-group", type=int, default=200_000)
    p.add_argument("--page-size", type=int, help="parquet: bytes of a page, and of a dictionary at most")
    p.add_argument("--stripe-size", type=int, default=64 << 20, help="orc")
    p.add_argument("--block-size", type=int, default=64 << 10, help="orc: bytes compressed together")
    p.add_argument("--orc-version", choices=["0.11", "0.12"], default="0.12")
    p.add_argument("--gzip", choices=["zlib", "ng", "isal"], default="ng")
    p.add_argument("--level", type=int, default=6)
    p.add_argument("--rows-per-file", type=int, default=250_000)
    p.add_argument("--chunk-rows", type=int, default=1_000_000)
    p.add_argument("--layout", choices=["strided", "contiguous"], default="strided")
    p.add_argument("--order", choices=["sorted", "random"], default="sorted")
    p.add_argument(
        "--versions",
        action="store_true",
        help="add VersionId/IsLatest/IsDeleteMarker, noncurrent versions, delete markers",
    )
    p.add_argument("--no-weird", action="store_true")
    p.add_argument("--fields", default="common", help="minimal|common|all|nosc or a comma list")
    p.add_argument("--bucket", default="example-source-bucket")
    p.add_argument("--dest", default="example-inventory-destination")
    p.add_argument("--id", default="daily")
    p.add_argument("--prefix", default="inventory")
    a = p.parse_args()
    N = a.objects
    if a.gzip == "ng":
        try:
            import zlib_ng
        except ImportError:
            a.gzip = "zlib"
    fields = PRESET.get(a.fields) or a.fields.split(",")
    if not a.versions:
        fields = [f for f in fields if f not in VERF]
    elif "VersionId" not in fields:
        fields = fields[:2] + ["VersionId", "IsLatest", "IsDeleteMarker"] + fields[2:]
    left = N
    for name, _, fr in CATS:
        if name == "weird" and a.no_weird:
            n_total[name] = 0
            continue
        n_total[name] = int(N * fr)
        left -= n_total[name]
    if N >= 100 and not a.no_weird:
        extra = max(0, min(len(WEIRD), N // 3) - n_total["weird"])
        n_total["weird"] += extra
        left -= extra
    n_total["applogs"] += left
    if n_total["applogs"] < 0:
        sys.exit("too few objects")
    J = -(-N // a.chunk_rows)
    stamp = time.gmtime(T1)
    t_start = time.time()
    base = f"{a.prefix}/{a.bucket}/{a.id}"
    ddir = os.path.join(a.out, a.dest, base, "data")
    os.makedirs(ddir, exist_ok=True)
    mdir = os.path.join(a.out, a.dest, base, time.strftime("%Y-%m-%dT%H-%MZ", stamp))
    os.makedirs(mdir, exist_ok=True)
    ext = {"csv": ".csv.gz", "parquet": ".parquet", "orc": ".orc"}[a.format]
    files = []
    tot = [0, 0, 0]
    unc = 0
    for j in range(J):
        cols, n, by, ndm = chunk_table(a, j, J, fields)
        tot[0] += n
        tot[1] += by
        tot[2] += ndm
        if a.format == "csv":
            tbl = pa.table(cols)
            unc += sum(pc.sum(pc.binary_length(x)).as_py() or 0 for x in cols.values()) + n * 3 * len(fields)
        else:
            tbl = pa.table(
                [cols[f] for f in fields],
                schema=pa.schema([pa.field(SNAKE[f], patype(f), nullable=f not in ("Bucket", "Key")) for f in fields]),
            )
        del cols
        for s in range(0, n, a.rows_per_file):
            k = len(files)
            h = hashlib.md5(f"{a.seed}/{N}/{a.format}/{k}".encode()).hexdigest()
            nm = f"{h[:8]}-{h[8:12]}-{h[12:16]}-{h[16:20]}-{h[20:]}{ext}"
            path = os.path.join(ddir, nm)
            {"csv": write_csv, "parquet": write_parquet, "orc": write_orc}[a.format](
                path, tbl.slice(s, a.rows_per_file), a
            )
            m = hashlib.md5()
            with open(path, "rb") as fh:
                while b := fh.read(1 << 20):
                    m.update(b)
            files.append({"key": f"{base}/data/{nm}", "size": os.path.getsize(path), "MD5checksum": m.hexdigest()})
        print(
            f'chunk {j + 1}/{J}: {n} rows, {time.time() - t_start:.1f}s, rss {int(open("/proc/self/statm").read().split()[1]) * 4 // 1024} MiB',
            file=sys.stderr,
        )
    if a.format == "csv":
        schema = ", ".join(fields)
    elif a.format == "orc":
        schema = (
            "struct<"
            + ",".join(
                f"{SNAKE[f]}:{'boolean' if f in BOOLF else 'timestamp' if f in TIMEF else 'bigint' if f == 'Size' else 'string'}"
                for f in fields
            )
            + ">"
        )
    else:

        def fd(f):
            q = "required" if f in ("Bucket", "Key") else "optional"
            return (
                f"{q} boolean {SNAKE[f]};"
                if f in BOOLF
                else (
                    f"{q} int64 {SNAKE[f]} (TIMESTAMP_MILLIS);"
                    if f in TIMEF
                    else f"{q} int64 size;" if f == "Size" else f"{q} binary {SNAKE[f]} (UTF8);"
                )
            )

        schema = "message s3.inventory {  " + "  ".join(fd(f) for f in fields) + "}"
    man = {
        "sourceBucket": a.bucket,
        "destinationBucket": f"arn:aws:s3:::{a.dest}",
        "version": "2016-11-30",
        "creationTimestamp": str(T1 * 1000),
        "fileFormat": {"csv": "CSV", "parquet": "Parquet", "orc": "ORC"}[a.format],
        "fileSchema": schema,
        "files": files,
    }
    mb = json.dumps(man, indent=2).encode()
    open(os.path.join(mdir, "manifest.json"), "wb").write(mb)
    open(os.path.join(mdir, "manifest.checksum"), "w").write(hashlib.md5(mb).hexdigest())
    hv = os.path.join(a.out, a.dest, base, "hive", "dt=" + time.strftime("%Y-%m-%d-%H-%M", stamp))
    os.makedirs(hv, exist_ok=True)
    open(os.path.join(hv, "symlink.txt"), "w").write("".join(f"s3://{a.dest}/{f['key']}\n" for f in files))
    print(
        json.dumps(
            {
                "manifest": os.path.join(mdir, "manifest.json"),
                "format": a.format,
                "rows": tot[0],
                "objects": N,
                "bytes": tot[1],
                "delete_markers": tot[2],
                "files": len(files),
                "stored_bytes": sum(f["size"] for f in files),
                "uncompressed_csv_bytes": unc or None,
                "seconds": round(time.time() - t_start, 1),
            }
        )
    )


if __name__ == "__main__":
    main()
