"""Fills a bucket of weed with keys by way of its metadata: an S3 PUT takes 0.7 ms here, this 20 times less.

`weed shell` loads what `fs.meta.save` saves: records of a big-endian length of 32 bits and a FullEntry of
weed's filer.proto: 1 directory, 2 entry (1 name, 2 is directory, 4 attributes (1 size, 2 modified, 3 mode, 6 created)).
The objects have sizes but no content, so they can be listed and not read.
"""

import struct


def varint(number):
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)
    return bytes(out)


def field(number, value):
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    return varint(number << 3 | 2) + varint(len(value)) + value


def record(directory, name, size, modified, is_directory=False):
    attributes = field(1, size) + field(2, modified)
    attributes += field(3, 0o20000000770 if is_directory else 0o660) + field(6, modified)
    entry = field(1, name.encode()) + (field(2, 1) if is_directory else b"") + field(4, attributes)
    full = field(1, directory.encode()) + field(2, entry)
    return struct.pack(">I", len(full)) + full


def fill(server, bucket, objects):
    """Puts objects (key, size, modified) into a bucket that exists; no key may lie below another."""
    meta = server.folder / "load.meta"
    root, made = f"/buckets/{bucket}", set()
    with open(meta, "wb") as file:
        for key, size, modified in objects:
            folder, _, name = f"{root}/{key}".rpartition("/")
            if folder not in made:
                parts = folder[len(root) + 1 :].split("/") if folder != root else []
                for depth in range(len(parts)):
                    path = "/".join([root, *parts[: depth + 1]])
                    if path not in made:
                        made.add(path)
                        file.write(record(path.rpartition("/")[0], parts[depth], 0, modified, is_directory=True))
                made.add(folder)
            file.write(record(folder, name, size, modified))
    server.shell(f"fs.meta.load -v=false -concurrency=16 {meta}")
    meta.unlink()
