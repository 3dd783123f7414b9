"""Makes the tables of this folder: python3 make.py, with pyarrow and pyorc."""

from datetime import datetime, timezone

import pyarrow as pa
import pyarrow.parquet as pq
import pyorc


def time(text):
    return datetime.fromisoformat(text).replace(tzinfo=timezone.utc)


ROWS = [
    ("b", "a/1", True, False, 10, time("2026-01-02T03:04:05.678"), "INTELLIGENT_TIERING", "FREQUENT", "SSE-S3", None),
    ("b", "a/1", False, False, 9, time("2026-01-01T00:00:00"), "ITDeepArchive", None, "SSE-S3", time("2030-01-01T00:00:00.5")),
    ("b", "a/b c+%20", True, True, None, None, None, None, None, None),
    ("b", "b/2", True, False, 0, None, "", None, "SSE-C", None),
]
NAMES = ["bucket", "key", "is_latest", "is_delete_marker", "size", "last_modified_date", "storage_class",
         "intelligent_tiering_access_tier", "encryption_status", "object_lock_retain_until_date"]
MS = pa.timestamp("ms", tz="UTC")
TYPES = [pa.string(), pa.string(), pa.bool_(), pa.bool_(), pa.int64(), MS, pa.string(), pa.string(), pa.string(), MS]


def parquet(name, names, types, rows, **options):
    columns = [pa.array(column, type) for column, type in zip(zip(*rows), types)]
    pq.write_table(pa.table(columns, names=names), name, **options)


parquet("s3.parquet", NAMES, TYPES, ROWS, row_group_size=3)
with open("s3.orc", "wb") as file:
    names = {"string": pyorc.String, "bool": pyorc.Boolean, "int64": pyorc.BigInt}
    struct = pyorc.Struct(**{
        name: names.get(str(type), pyorc.Timestamp)() for name, type in zip(NAMES, TYPES)})
    with pyorc.Writer(file, struct, compression=pyorc.CompressionKind.ZLIB) as writer:
        for row in ROWS:
            writer.write(row)
parquet(
    "azure.parquet",
    ["Name", "Last-Modified", "Content-Length", "AccessTier", "LastAccessTime", "Owner", "hdi_isfolder", "Snapshot", "IsCurrentVersion", "Deleted"],
    [pa.string(), pa.string(), pa.int64(), pa.string(), MS, pa.string(), pa.bool_(), pa.string(), pa.bool_(), pa.bool_()],
    [
        ("logs/a/1.gz", "2026-01-02T03:04:05.0000000Z", 10, "Hot", time("2026-02-02T03:04:05"), "alice", None, None, True, None),
        ("logs/a", "2026-01-02T03:04:05Z", None, None, None, "alice", True, None, None, None),
        ("logs/a/1.gz", "2026-01-01T03:04:05Z", 9, "Cool", None, "alice", False, "2026-01-01T00:00:00Z", None, None),
        ("logs/b", None, 5, None, None, None, False, None, False, True),
    ])
parquet(
    "gcs.parquet",
    ["project", "bucket", "name", "size", "storageClass", "timeCreated", "timeDeleted"],
    [pa.string(), pa.string(), pa.string(), pa.int64(), pa.string(), pa.timestamp("us", tz="UTC"), pa.timestamp("us", tz="UTC")],
    [("p", "b", "x/1", 5, "NEARLINE", time("2025-01-02T03:04:05.123"), None),
     ("p", "b", "x/1", 4, "STANDARD", time("2025-01-01T03:04:05.123"), time("2025-01-02T03:04:05"))])
parquet(
    "bad.parquet", ["key", "size"], [pa.string(), pa.int64()],
    [("a", 1), ("b", 2), ("c", -3), ("", 4), ("e", 5)], row_group_size=2, compression="none")
