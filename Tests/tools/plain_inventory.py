#!/usr/bin/env python3
"""Writes a small S3 inventory as AWS does, with awkward keys and, where asked, awkward files.

OUT becomes the destination bucket: OUT/inventory/BUCKET/daily/TIME/manifest.json with its checksum,
and OUT/inventory/BUCKET/daily/data/*. The manifest's path is printed. Everything is a function of
the options; the awkward keys come first, so --objects 100 holds all of them.
"""

import argparse
import gzip
import hashlib
import json
import os
import subprocess
import time

DAY = 86400
UNRESERVED = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-*_/"

AWKWARD_KEYS = [
    # Neighbours whose order depends on how a slash compares.
    b"a", b"a ", b"a b", b"a b/x", b"a!/x", b"a-b/x", b"a.b", b"a.b/x", b"a/", b"a/b", b"a/b/", b"a/b/c",
    b"a//", b"a//b", b"a///b", b"ab", b"a0/x", b"A/b",
    # Slashes first and alone.
    b"/", b"//", b"/a", b"/a/", b"//a",
    # What a path would mean and a key does not.
    b".", b"..", b"./a", b"../a", b"a/./b", b"a/../b", b"dots/..", b"dots/../", b"~", b"-n", b"--help",
    # Bytes that text formats trip over.
    b"tab\there/x", b"newline\nhere/x", b"cr\rhere/x", b'quote"d/x', b"it's/x", b"comma,semi;/x",
    b"back\\slash/x", b"\\n/x", b"sep\x1earator/x", b"esc\x1b[31m/x", b"del\x7f/x", b"\x01/x", b" /x", b"x /x ",
    b"#comment", b"glob*[a-z]?{x}/x", b"=1+1/x", b"a|b=c:d/x",
    # What decoding may do once too often, or not at all.
    b"plus+/x", b"plus and space +/x", b"%2B/x", b"%2b+/x", b"%25/x", b"%/x", b"100%", b"%00/x", b"a%2Fb/x",
    # Unicode, composed and not, and the last of the planes.
    "é/x".encode(), "e\u0301/x".encode(), "見積書/отчёт".encode(), "😀/👩‍👩‍👧".encode(), "\uffee/x".encode(),
    "\U00010000/x".encode(), "\U0010ffff/x".encode(), "שלום/x".encode(),
    # As long and as deep as S3 allows: 1024 bytes.
    b"/" * 1024, b"d/" * 512, b"d/" * 511 + b"dd", b"m" * 1024, b"m" * 1023 + b"/", b"n" * 511 + b"/" + b"n" * 512,
    "é".encode() * 512,
]  # fmt: skip
# Keys whose text in the file no encoder writes: a malformed % stays as it is.
MALFORMED_KEYS = {
    b"malformed/%zz": b"malformed/%zz",
    b"malformed/%": b"malformed/%",
    b"malformed/\xc3\xa9%4": b"malformed/%c3%a9%4",
}

AWKWARD_SIZES = [0, 1, 1023, 1024, 10240, 131071, 131072, 1048576, 10 << 30, 100 << 30, 5 << 40]
AWKWARD_AGES = [0, -DAY, 1, 30 * DAY - 1, 30 * DAY, 90 * DAY, 365 * DAY, 2555 * DAY - 1, 2555 * DAY]
AWKWARD_TIMES = [0, -1, -86401, 4102444800]
CLASSES = ["STANDARD"] * 6 + ["INTELLIGENT_TIERING"] * 4 + [
    "STANDARD_IA", "ONEZONE_IA", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE", "REDUCED_REDUNDANCY", "",
]  # fmt: skip
NEW_CLASSES = ["EXPRESS_ONEZONE", "CLASS_OF_2030", "StandardIA", "GlacierFR", "ITArchive"]
TIERS = [
    "", "FREQUENT", "FREQUENT_ACCESS", "INFREQUENT", "INFREQUENT_ACCESS", "ARCHIVE_INSTANT_ACCESS",
    "ARCHIVE", "ARCHIVE_ACCESS", "DEEP_ARCHIVE", "DEEP_ARCHIVE_ACCESS",
]  # fmt: skip
SERVICES = ["auth", "billing", "checkout", "edge proxy", "search"]


class Draw:
    """Numbers that depend on the seed and on what they are for, and on nothing else."""

    def __init__(self, *what):
        self.what = repr(what).encode()

    def below(self, n, purpose):
        digest = hashlib.blake2b(self.what + purpose.encode(), digest_size=8).digest()
        return int.from_bytes(digest, "little") % n

    def one_of(self, choices, purpose):
        return choices[self.below(len(choices), purpose)]


def encoded(key):
    """The key as Java's URLEncoder writes it, slashes kept."""
    if key in MALFORMED_KEYS:
        return MALFORMED_KEYS[key].decode()
    return "".join(chr(b) if b in UNRESERVED else "+" if b == 32 else f"%{b:02X}" for b in key)


def ordinary_key(i, draw):
    kind = draw.below(10, "kind")
    if kind < 4:
        day = time.strftime("year=%Y/month=%m/day=%d", time.gmtime(1672531200 + draw.below(1400, "day") * DAY))
        key = f"logs/{draw.one_of(SERVICES, 'service')}/{day}/{i:08d}.log.gz"
    elif kind < 7:
        user = draw.below(1 << 16, "user")
        key = f"uploads/{user >> 8:02x}/{user & 255:02x}/IMG {i}.jpg"
    elif kind < 9:
        key = f"datasets/corpus-{draw.below(3, 'set')}/shard-{i:08d}.tar"
    else:
        key = f"models/run-{draw.below(40, 'run'):03d}/step={draw.below(50, 'step'):04d}/rank-{i}.pt"
    return key.encode()


def versions_of(i, key, options):
    """The rows of object i, its newest version first."""
    draw = Draw(options.seed, i)
    awkward = i < len(AWKWARD_KEYS) + len(MALFORMED_KEYS)
    rows = []
    hidden = draw.one_of([1, 2, 3], "hidden") if options.versions and draw.below(6, "older") == 0 else 0
    deleted = hidden and draw.below(4, "deleted") == 0
    modified = options.snapshot - 60 - draw.below(3000 * DAY, "age")
    if awkward:
        ages = [options.snapshot - age for age in AWKWARD_AGES]
        modified = draw.one_of(ages + AWKWARD_TIMES, "time")
    for version in range(hidden + 1):
        draw = Draw(options.seed, i, version)
        marker = bool(deleted) and version == 0
        storage_class = draw.one_of(CLASSES + NEW_CLASSES * options.unknown_class, "class")
        tier = draw.one_of(TIERS, "tier") if storage_class == "INTELLIGENT_TIERING" else ""
        size = draw.one_of(AWKWARD_SIZES, "size") if awkward else draw.below(1 << draw.below(34, "bits"), "size")
        etag = hashlib.md5(draw.what).hexdigest()
        rows.append(
            {
                "Bucket": options.bucket,
                "Key": encoded(key),
                "VersionId": "" if draw.below(20, "null") == 0 else etag[::-1],
                "IsLatest": "true" if version == 0 else "false",
                "IsDeleteMarker": "true" if marker else "false",
                "Size": "" if marker else str(size),
                "LastModifiedDate": timestamp(modified - version * 3600),
                "ETag": "" if marker else etag,
                "ObjectColour": draw.one_of(["", "red", 'a "green", one', "two\nlines"], "colour"),
                "StorageClass": "" if marker else storage_class,
                "IntelligentTieringAccessTier": "" if marker else tier,
                "EncryptionStatus": "" if marker else draw.one_of(["SSE-S3", "SSE-KMS"], "encryption"),
                "ReplicationStatus": "" if marker else draw.one_of(["", "COMPLETED"], "replication"),
                "ObjectMoodAtMidnight": "calm",
            }
        )
    return rows


def timestamp(seconds):
    days, second = divmod(seconds, DAY)
    clock = f"{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}"
    return time.strftime("%Y-%m-%dT", time.gmtime(days * DAY)) + clock + ".000Z"


def columns(options):
    names = ["Bucket", "Key"]
    names += ["VersionId", "IsLatest", "IsDeleteMarker"] * options.versions
    names += ["Size"] * (not options.without_size)
    names += ["LastModifiedDate", "ETag"]
    names += ["ObjectColour"] * options.unknown_columns
    names += ["StorageClass", "IntelligentTieringAccessTier", "EncryptionStatus", "ReplicationStatus"]
    names += ["ObjectMoodAtMidnight"] * options.unknown_columns
    return names


def files_of_rows(options):
    """The rows in their order, dealt out to the files."""
    keys = AWKWARD_KEYS + list(MALFORMED_KEYS)
    keys += [ordinary_key(i, Draw(options.seed, i)) for i in range(len(keys), options.objects)]
    objects = list(enumerate(keys[: options.objects]))
    if options.everyday:
        objects = objects[len(AWKWARD_KEYS) + len(MALFORMED_KEYS) :]
    if options.order == "shuffled":
        objects.sort(key=lambda pair: Draw(options.seed, pair[0]).below(1 << 64, "place"))
    else:
        objects.sort(key=lambda pair: pair[1])
    rows = [row for i, key in objects for row in versions_of(i, key, options)]
    if options.order == "overlapping":
        return [rows[k :: options.files] for k in range(options.files)]
    cuts = [len(rows) * k // options.files for k in range(options.files + 1)]
    return [rows[cuts[k] : cuts[k + 1]] for k in range(options.files)]


def text_of(rows, options):
    end = "\r\n" if options.crlf else "\n"
    quoted = ('","'.join(row[name].replace('"', '""') for name in columns(options)) for row in rows)
    return "".join(f'"{line}"{end}' for line in quoted).encode()


def packed(text, options):
    if options.compression == "plain":
        return text
    if options.compression == "zstd":
        return subprocess.run(["zstd", "-q", "-c"], input=text, stdout=subprocess.PIPE, check=True).stdout
    if options.compression == "members":
        # Borders anywhere, also within a row; an empty member; blank lines at the end.
        third = len(text) // 3
        parts = [text[:third], b"", text[third : 2 * third + 1], text[2 * third + 1 :], b"\n\n", b"\r\n\n"]
    else:
        parts = [text]
    return b"".join(gzip.compress(part, mtime=0) for part in parts)


def write(options):
    configuration = f"{options.bucket}/daily"
    folder = f"{options.out}/inventory/{configuration}"
    dated = f"{folder}/{time.strftime('%Y-%m-%dT%H-%MZ', time.gmtime(options.snapshot))}"
    os.makedirs(f"{folder}/data", exist_ok=True)
    os.makedirs(dated, exist_ok=True)
    suffix = {"plain": ".csv", "zstd": ".csv.zst"}.get(options.compression, ".csv.gz")
    prefix = "inventory//" if options.double_slash else "inventory/"
    files = []
    for number, rows in enumerate([] if options.empty else files_of_rows(options)):
        identity = hashlib.md5(f"{options.seed} {options.bucket} {options.snapshot} {number}".encode()).hexdigest()
        name = identity[:8] + "-" + identity[8:12] + suffix
        data = packed(text_of(rows, options), options)
        with open(f"{folder}/data/{name}", "wb") as file:
            file.write(data)
        md5 = hashlib.md5(data).hexdigest()
        files.append({"key": f"{prefix}{configuration}/data/{name}", "size": len(data), "MD5checksum": md5})
    manifest = {
        "sourceBucket": options.bucket,
        "destinationBucket": options.destination if options.plain_bucket else f"arn:aws:s3:::{options.destination}",
        "version": "2016-11-30",
        "creationTimestamp": str(options.snapshot * 1000),
        "fileFormat": "CSV",
        "fileSchema": ", ".join(columns(options)),
        "files": files,
    }
    text = json.dumps(manifest, indent=2, separators=(",", " : ")).encode()
    with open(f"{dated}/manifest.json", "wb") as file:
        file.write(text)
    with open(f"{dated}/manifest.checksum", "w") as file:
        file.write(hashlib.md5(text).hexdigest() + "\n")
    return f"{dated}/manifest.json"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out")
    parser.add_argument("--objects", type=int, default=1000)
    parser.add_argument("--files", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--versions", action="store_true", help="older versions and delete markers, in columns of their own"
    )
    parser.add_argument(
        "--order", choices=["sorted", "overlapping", "shuffled"], default="sorted",
        help="disjoint sorted files, sorted files that each cover all keys, or no order",
    )  # fmt: skip
    parser.add_argument(
        "--compression", choices=["gzip", "members", "plain", "zstd"], default="gzip",
        help="members: several gzip members a file, and blank lines at the end",
    )  # fmt: skip
    parser.add_argument("--everyday", action="store_true", help="leave out the awkward keys")
    parser.add_argument("--crlf", action="store_true", help="lines end in CR LF")
    parser.add_argument("--without-size", action="store_true", help="no Size column")
    parser.add_argument("--unknown-columns", action="store_true", help="columns that no reader has heard of")
    parser.add_argument("--unknown-class", action="store_true", help="new storage classes, and older tools' names")
    parser.add_argument("--double-slash", action="store_true", help="the manifest's keys begin with inventory//")
    parser.add_argument("--plain-bucket", action="store_true", help="destinationBucket is a name, not an ARN")
    parser.add_argument("--empty", action="store_true", help="a manifest without files")
    parser.add_argument("--bucket", default="example-bucket")
    parser.add_argument("--destination", default="example-destination")
    parser.add_argument("--snapshot", type=int, default=1793491200, help="seconds since 1970 (default: 2026-11-01)")
    print(write(parser.parse_args()))


main()
