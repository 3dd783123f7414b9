#!/usr/bin/env python3
"""bad_index.py GOOD OUT [NAME...]: makes of the index in folder GOOD one for each rule of
inv-index(5) that breaks it, in a folder OUT/NAME, with all checksums right that NAME is not about.

Those of packed columns are for a packed GOOD; see Tests/golden/index. NAMEs choose some of them.
"""

import json
import re
import shutil
import struct
import sys
from pathlib import Path

MASK = (1 << 64) - 1
ABSENT = 1 << 63


def xxh64(data):
    p1, p2, p3 = 0x9E3779B185EBCA87, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9
    p4, p5 = 0x85EBCA77C2B2AE63, 0x27D4EB2F165667C5

    def turn(value, by):
        return (value << by | value >> (64 - by)) & MASK

    def lane(value, word):
        return turn((value + word * p2) & MASK, 31) * p1 & MASK

    at = 0
    if len(data) >= 32:
        lanes = [(p1 + p2) & MASK, p2, 0, -p1 & MASK]
        while at + 32 <= len(data):
            words = struct.unpack_from("<4Q", data, at)
            lanes = [lane(value, word) for value, word in zip(lanes, words)]
            at += 32
        value = sum(turn(one, by) for one, by in zip(lanes, (1, 7, 12, 18))) & MASK
        for one in lanes:
            value = ((value ^ lane(0, one)) * p1 + p4) & MASK
    else:
        value = p5
    value = (value + len(data)) & MASK
    while at + 8 <= len(data):
        value = (turn(value ^ lane(0, struct.unpack_from("<Q", data, at)[0]), 27) * p1 + p4) & MASK
        at += 8
    if at + 4 <= len(data):
        word = struct.unpack_from("<I", data, at)[0]
        value = (turn(value ^ (word * p1 & MASK), 23) * p2 + p3) & MASK
        at += 4
    for byte in data[at:]:
        value = turn(value ^ (byte * p5 & MASK), 11) * p1 & MASK
    value = (value ^ value >> 33) * p2 & MASK
    value = (value ^ value >> 29) * p3 & MASK
    return value ^ value >> 32


class File:
    """A file of an index: its header's fields and its payload."""

    def __init__(self, data):
        (self.magic, self.version, self.encoding, self.width, self.rows, self.count, self.length,
         self.checksum, self.build, self.directory) = struct.unpack_from("<8sHBBIQQQQQ", data)
        self.payload = bytearray(data[64:])
        # In place of what follows from the payload and the manifest.
        self.says = {}

    def bytes(self, build):
        says = {"length": len(self.payload), "checksum": xxh64(self.payload), "build": build}
        says.update(self.says)
        header = struct.pack(
            "<8sHBBIQQQQQ", self.magic, self.version, self.encoding, self.width, self.rows,
            self.count, says["length"], says["checksum"], says["build"], self.directory)
        return header + struct.pack("<Q", says.get("header", xxh64(header))) + self.payload

    # Bits of the payload.
    def get(self, bit, width):
        number = int.from_bytes(self.payload, "little")
        return number >> bit & (1 << width) - 1

    def put(self, bit, width, value):
        number = int.from_bytes(self.payload, "little")
        number &= ~((1 << width) - 1 << bit)
        self.payload[:] = (number | value << bit).to_bytes(len(self.payload), "little")

    # Packed columns.
    def entry(self, block):
        """Where the directory's entry of a block lies, and its parts."""
        at = self.directory + 16 * block
        base, word = struct.unpack_from("<QQ", self.payload, at)
        return at, {
            "base": base, "place": (word & (1 << 40) - 1) * 8, "width": word >> 40 & 127,
            "exceptions": word >> 47 & 255, "wide": word >> 55 & 127, "absent": word >> 62 & 1}

    def values(self):
        values = []
        for block in range((self.count + 127) // 128):
            _, entry = self.entry(block)
            width, bit = entry["width"], entry["place"] * 8
            total = min(128, self.count - 128 * block)
            numbers = bit + (total * width + 63) // 64 * 64
            wide = numbers + (entry["exceptions"] * 8 + 63) // 64 * 64
            for index in range(total):
                value = self.get(bit + index * width, width)
                for j in range(entry["exceptions"]):
                    if self.get(numbers + 8 * j, 8) == index and value == (1 << width) - 1:
                        value = self.get(wide + j * entry["wide"], entry["wide"])
                        break
                if entry["absent"]:
                    value = ABSENT if value == 0 else entry["base"] + value - 1 & MASK
                else:
                    value = entry["base"] + value + (index if self.encoding == 2 else 0) & MASK
                values.append(value)
        return values

    def set(self, values):
        """Packs values anew, each in 64 bits."""
        payload, directory = bytearray(), bytearray()
        for first in range(0, len(values), 128):
            place = len(payload) // 8
            for index, value in enumerate(values[first:first + 128]):
                payload += struct.pack("<Q", value - (index if self.encoding == 2 else 0) & MASK)
            directory += struct.pack("<QQ", 0, place | 64 << 40)
        self.count, self.directory = len(values), len(payload)
        self.payload = payload + directory


class Index:
    def __init__(self, folder):
        self.manifest = json.loads((folder / "manifest.json").read_text())
        self.source = json.loads((folder / "source.json").read_text())
        self.files = {path.name: File(path.read_bytes())
                      for path in folder.iterdir() if path.suffix != ".json"}
        # What is done to a finished file: a function of its bytes, by name.
        self.after = {}

    def __getitem__(self, name):
        return self.files[name]

    def change(self, name, position, value):
        """Gives an entry another value; a function makes it of the old one."""
        values = self[name].values()
        values[position] = value(values[position]) if callable(value) else value
        self[name].set(values)

    def write(self, folder):
        folder.mkdir(parents=True)
        for entry in self.manifest["files"]:
            if entry["name"] in self.files and "said" not in entry:
                file = self[entry["name"]]
                entry["size"] = 64 + len(file.payload)
                entry["checksum"] = f"{file.says.get('checksum', xxh64(file.payload)):016x}"
            entry.pop("said", None)
        build = self.manifest.pop("wrong build", None)
        self.manifest["build"] = "0" * 16
        text = json.dumps(self.manifest, indent=2).encode()
        build = build or f"{xxh64(text):016x}"
        text = text.replace(b'"build": "' + b"0" * 16, b'"build": "' + build.encode(), 1)
        self.source["build"] = build
        contents = {name: file.bytes(int(build, 16)) for name, file in self.files.items()}
        contents["manifest.json"] = text
        contents["source.json"] = json.dumps(self.source).encode()
        for name, data in contents.items():
            data = self.after.get(name, lambda data: data)(data)
            if data is not None:
                (folder / name).write_bytes(data)


RULES = {}


def rule(function):
    RULES[function.__name__.replace("_", "-")] = function
    return function


def flag(name, **fields):
    """A rule about fields of a header, or a finished file."""
    def broken(index):
        for field, value in fields.items():
            if field == "says":
                index["depth.u32"].says.update(value)
            else:
                setattr(index["depth.u32"], field, value)
    RULES[name] = broken


def value(name, file, position, new):
    RULES[name] = lambda index: index.change(file, position, new)


def member(name, key, new):
    def broken(index):
        index.manifest[key] = new(index.manifest[key]) if callable(new) else new
    RULES[name] = broken


def after(name, file, change):
    RULES[name] = lambda index: index.after.update({file: change})


def flipped(at, bit=0):
    return lambda data: data[:at] + bytes([data[at] ^ 1 << bit]) + data[at + 1:]


# Files.
after("file-missing", "rollup.u64", lambda data: None)
after("file-empty", "rollup.u64", lambda data: b"")
after("file-short", "rollup.u64", lambda data: data[:-1])
after("file-long", "rollup.u64", lambda data: data + b"\0")
after("file-in-header", "rollup.u64", lambda data: data[:63])
after("source-missing", "source.json", lambda data: None)
after("source-text", "source.json", lambda data: data[:-2])
after("source-format", "source.json", lambda data: data.replace(b"inv-source", b"source"))
after("source-build", "source.json", lambda data: re.sub(rb'(build": ").{16}', rb"\g<1>" + b"0" * 16, data))
after("manifest-missing", "manifest.json", lambda data: None)
after("manifest-text", "manifest.json", lambda data: data[:-2])


@rule
def file_unknown(index):
    index.files["objects.u64"] = index["object_count.u64"]


@rule
def file_of_times(index):
    index.manifest["times"] = ["modified"]


# Headers.
flag("header-magic", magic=b"\x89inv\r\n\x1a\n")
flag("header-version", version=2)
flag("header-encoding-unknown", encoding=8)
flag("header-encoding", encoding=2)
flag("header-raw", encoding=0, width=4, directory=0)
flag("header-width", width=4)
flag("header-rows", rows=128)
flag("header-count", count=318)
flag("header-length", says={"length": 217})
flag("header-build", says={"build": 1})
flag("header-directory", directory=8)
after("header-checksum", "depth.u32", flipped(60))
after("payload-checksum", "depth.u32", flipped(70))


@rule
def header_payload_checksum(index):
    index["depth.u32"].says["checksum"] = 1


@rule
def header_directory_of_cells(index):
    index["cells.bin"].directory = 8


@rule
def header_rows_of_cells(index):
    index["cells.bin"].rows = 64


# The manifest.
member("manifest-format", "format", "inv-source")
member("manifest-version", "version", 2)
member("manifest-build", "wrong build", None)
RULES["manifest-build"] = lambda index: index.manifest.update({"wrong build": "0123456789abcdef"})
member("manifest-encoding", "encoding", "packed, or raw")
member("manifest-raw", "encoding", "raw")
member("manifest-prefixes", "prefixes", lambda count: count + 1)
member("manifest-no-prefixes", "prefixes", 0)
member("manifest-prefixes-over", "prefixes", 1 << 47)
member("manifest-first", "first", "a/")
member("manifest-last", "last", "z/")
member("manifest-objects", "objects", lambda count: count + 1)
member("manifest-bytes", "bytes", lambda count: count - 1)
member("manifest-depth", "depth", lambda depth: depth - 1)
member("manifest-depth-over", "depth", 65537)
member("manifest-rollups", "rollups", lambda count: count + 1)
member("manifest-rollups-over", "rollups", MASK)
member("manifest-age-of", "age_of", "created")
member("manifest-times", "times", ["modified", "created"])
member("manifest-listed", "listed", False)
member("manifest-listed-type", "listed", None)
member("manifest-max-depth", "max_depth", 69)
member("manifest-under", "under", "wide/")
member("manifest-read", "read", 4)
member("manifest-read-over", "left_out", [{"reason": "excluded", "rows": MASK}])
member("manifest-no-state", "dimensions", lambda all: all[1:])
member("manifest-too-many-points", "dimensions", lambda all: all + [
    {"name": f"x{i}", "type": "band", "edges": list(range(250)), "unknown": False}
    for i in range(8)])
member("manifest-edges", "dimensions", lambda all: all[:2] + [{**all[2], "edges": [1, 0]}] + all[3:])
member("manifest-words", "dimensions", lambda all: all[:1] + [
    {**all[1], "words": all[1]["words"][::-1]}] + all[2:])
member("manifest-fewer-words", "dimensions", lambda all: all[:1] + [
    {**all[1], "words": all[1]["words"][:3]}] + all[2:])
member("manifest-files-order", "files", lambda files: files[1:] + files[:1])
member("manifest-file-missing", "files", lambda files: files[1:])
member("manifest-file-twice", "files", lambda files: files[:1] + files)
member("manifest-file-size", "files", lambda files: [{**files[0], "size": 8, "said": 1}] + files[1:])
member("manifest-file-checksum", "files", lambda files: [
    {**files[0], "checksum": "0" * 16, "said": 1}] + files[1:])


# Packed columns.
def directory(name, file, block, **parts):
    def broken(index):
        at, entry = index[file].entry(block)
        entry.update({part: new(entry[part]) if callable(new) else new
                      for part, new in parts.items()})
        word = (entry["place"] // 8 | entry["width"] << 40 | entry["exceptions"] << 47
                | entry["wide"] << 55 | entry["absent"] << 62 | entry.get("reserved", 0) << 63)
        struct.pack_into("<QQ", index[file].payload, at, entry["base"], word)
    RULES[name] = broken


directory("block-width", "total_bytes.u64", 0, width=57)
directory("block-width-over", "total_bytes.u64", 0, width=65)
directory("block-exception-width", "total_bytes.u64", 0, wide=60)
directory("block-exceptions", "total_bytes.u64", 0, exceptions=129)
directory("block-reserved", "total_bytes.u64", 0, reserved=1)
directory("block-place", "total_bytes.u64", 1, place=lambda place: place + 4096)
directory("block-place-over", "total_bytes.u64", 1, place=((1 << 40) - 1) * 8)
directory("block-absent", "total_bytes.u64", 1, absent=1)


def with_exceptions(index, file):
    """A block with exceptions, fewer than eight: where their numbers begin, and how many there are."""
    for block in range((index[file].count + 127) // 128):
        _, entry = index[file].entry(block)
        if 1 < entry["exceptions"] < 8:
            return entry["place"] + (128 * entry["width"] + 63) // 64 * 8, entry["exceptions"]
    sys.exit(f"{file} has no block with exceptions")


@rule
def block_exceptions_order(index):
    place, _ = with_exceptions(index, "depth.u32")
    payload = index["depth.u32"].payload
    payload[place], payload[place + 1] = payload[place + 1], payload[place]


@rule
def block_exception_number(index):
    place, count = with_exceptions(index, "depth.u32")
    index["depth.u32"].payload[place + count - 1] = 128


@rule
def block_padding(index):
    place, count = with_exceptions(index, "depth.u32")
    index["depth.u32"].payload[place + 7] = 1


@rule
def block_gap(index):
    file = index["depth.u32"]
    file.payload[file.directory:file.directory] = bytes(8)
    file.directory += 8


@rule
def block_last_bits(index):
    file = index["depth.u32"]
    _, entry = file.entry(2)
    file.put(entry["place"] * 8 + (file.count - 256) * entry["width"], 1, 1)


# Prefixes.
@rule
def offsets_first(index):
    index.change("prefix_offsets.u64", 0, 1)


@rule
def offsets_last(index):
    index.change("prefix_offsets.u64", -1, lambda place: place - 1)


@rule
def offsets_order(index):
    index.change("prefix_offsets.u64", 1, lambda place: place + 4096)


@rule
def offsets_fewer(index):
    index["prefix_offsets.u64"].set(index["prefix_offsets.u64"].values()[:-1])


def blob(name, change, *arguments):
    RULES[name] = lambda index: change(index["prefix_blob.bin"], *arguments)


def put_byte(file, at, byte):
    file.payload[at] = byte


blob("prefix-end", lambda file: put_byte(file, -1, 1))
blob("prefix-width", put_byte, 0, 9)
blob("prefix-shared-width", put_byte, 1, 18)
blob("prefix-rest-width", put_byte, 2, 18)
blob("prefix-characters", put_byte, 3, 255)
blob("prefix-first-length", put_byte, 8, 1)
blob("prefix-shared-over", put_byte, 5, 255)
blob("prefix-alphabet", lambda file: put_byte(file, 10, file.payload[11]))


@rule
def prefix_too_short(index):
    file = index["prefix_blob.bin"]
    file.payload = bytearray(8)
    offsets = index["prefix_offsets.u64"]
    offsets.set([0] * offsets.count)


def exchange(name, text, first, second):
    """A rule for which two letters of `text` change their places."""
    def broken(index):
        file, offsets = index["prefix_blob.bin"], index["prefix_offsets.u64"].values()
        for block, (at, end) in enumerate(zip(offsets, offsets[1:])):
            width, shared, rest, count = file.payload[at:at + 4]
            total = min(32, file.count - 32 * block)
            bit = (at + 10 + count) * 8 + (total - 1) * (shared + rest)
            letters = [file.get(place, width) for place in range(bit, end * 8 - width + 1, width)]
            found = bytes(file.payload[at + 10 + n] if width < 8 else n for n in letters).find(text)
            if found >= 0:
                file.put(bit + (found + first) * width, width, letters[found + second])
                file.put(bit + (found + second) * width, width, letters[found + first])
                return
        sys.exit(f"there is no {text}")
    RULES[name] = broken


# 'a b/' and 'a!/' become 'a!b/' and 'a /'.
exchange("prefix-order", b"a b!", 1, 3)


@rule
def prefix_letter_over(index):
    file = index["prefix_blob.bin"]
    width, shared, rest, count = file.payload[:4]
    file.put((10 + count) * 8 + 31 * (shared + rest), width, (1 << width) - 1)


@rule
def prefix_last_bits(index):
    file = index["prefix_blob.bin"]
    end = index["prefix_offsets.u64"].values()[-1] * 8
    for block in range((file.count + 31) // 32):
        last = index["prefix_offsets.u64"].values()[block + 1] * 8
        if file.get(last - 1, 1) == 0:
            file.put(last - 1, 1, 1)
            return
    sys.exit(f"no block has bits left, up to {end}")


# The tree.
value("depth", "depth.u32", 5, lambda depth: depth + 1)
value("depth-root", "depth.u32", 0, 1)
value("subtree-end-self", "subtree_end.u64", 5, 5)
value("subtree-end-back", "subtree_end.u64", 5, 0)
value("subtree-end-over", "subtree_end.u64", 0, 318)
value("subtree-end-huge", "subtree_end.u64", 5, MASK)
value("subtree-end-short", "subtree_end.u64", 0, 316)
value("subtree-end-leaf", "subtree_end.u64", 1, 3)
value("max-depth", "max_depth_in_subtree.u32", 0, 71)
value("objects", "object_count.u64", 0, lambda count: count + 1)
value("bytes", "total_bytes.u64", 0, lambda count: count - 1)
value("direct-objects", "direct_objects.u64", 0, lambda count: count + 1)
value("direct-bytes", "direct_bytes.u64", 0, lambda count: count + 1)
value("direct-objects-of-leaf", "direct_objects.u64", 1, 1)
value("direct-bytes-of-leaf", "direct_bytes.u64", 1, 1)
value("direct-time-of-leaf", "direct_oldest_modified.i64", 1, 5)
value("oldest", "oldest_modified.i64", 0, 7)
value("newest", "newest_modified.i64", 0, 7)
value("oldest-accessed", "oldest_accessed.i64", 0, ABSENT)
value("newest-accessed", "newest_accessed.i64", 0, 7)
value("oldest-after-newest", "direct_oldest_modified.i64", 0, 1 << 62)
value("oldest-alone", "direct_newest_modified.i64", 0, ABSENT)
value("depth-index", "depth_index.u64", 3, lambda position: position + 1)
value("depth-index-huge", "depth_index.u64", 3, MASK)
value("depth-levels-first", "depth_levels.u64", 0, 1)
value("depth-levels-order", "depth_levels.u64", 2, 0)
value("depth-levels-over", "depth_levels.u64", 71, 318)
value("depth-levels-short", "depth_levels.u64", 71, 316)
value("depth-levels-edge", "depth_levels.u64", 2, lambda place: place + 1)


@rule
def time_without_object(index):
    position = index["object_count.u64"].values().index(0)
    index.change("oldest_modified.i64", position, 5)
    index.change("newest_modified.i64", position, 5)


# Sums.
value("rollup-none", "rollup.u64", 0, 0)
value("rollup-other", "rollup.u64", 0, 1)
value("rollup-over", "rollup.u64", 0, 11)
value("rollup-huge", "rollup.u64", 0, MASK)
value("rollup-of-small", "rollup.u64", 1, 1)


@rule
def rollup_fewer(index):
    index.manifest["rollups"] -= 1
    index["rollup_cells.bin"].count -= 1


# Cells.
def cells(name, at, byte, file="cells.bin"):
    RULES[name] = lambda index: put_byte(index[file], at, byte)


cells("cells-points", 0, 255)
cells("cells-points-over", 3, 255)
cells("cells-count", 4, 1)
cells("cells-count-over", 7, 255)
cells("cells-count-width", 8, 33)
cells("cells-number-width", 9, 33)
cells("cells-code-width", 10, 60)
cells("cells-reserved", 11, 1)
cells("cells-end", -1, 1)
cells("rollup-cells-count", 4, 1, "rollup_cells.bin")
cells("rollup-cells-reserved", 11, 1, "rollup_cells.bin")


def first_block(index, name="cells.bin"):
    """The bits where points, counts, numbers and figures begin in the first block."""
    file = index[name]
    points, cells, count, number, code = struct.unpack_from("<IIBBB", file.payload)
    counts = 96 + points * (code + 12)
    rows = min(file.rows, file.count)
    numbers = counts + rows * count
    return file, {"points": (96, code, points), "counts": (counts, count, rows),
                  "numbers": (numbers, number, cells), "figures": numbers + cells * number}


@rule
def cells_code_order(index):
    file, parts = first_block(index)
    first, width, _ = parts["points"]
    file.put(first + width + 12, width, 0)


@rule
def cells_code_over(index):
    file, parts = first_block(index)
    first, width, count = parts["points"]
    file.put(first + (count - 1) * (width + 12), width, (1 << width) - 1)


@rule
def cells_point_width(index):
    file, parts = first_block(index)
    first, width, _ = parts["points"]
    file.put(first + width, 6, 57)


@rule
def cells_counts(index):
    file, parts = first_block(index)
    first, width, _ = parts["counts"]
    file.put(first, width, 0)


@rule
def cells_numbers(index):
    file, parts = first_block(index)
    first, width, _ = parts["numbers"]
    file.put(first, width, file.get(first + width, width))


@rule
def cells_number_over(index):
    file, parts = first_block(index)
    first, width, _ = parts["numbers"]
    file.put(first, width, (1 << width) - 1)


@rule
def cells_figures(index):
    file, parts = first_block(index)
    file.put(parts["figures"], 1, 1 - file.get(parts["figures"], 1))


@rule
def rollup_cells_figures(index):
    file, parts = first_block(index, "rollup_cells.bin")
    file.put(parts["figures"], 1, 1 - file.get(parts["figures"], 1))


@rule
def cells_offsets_last(index):
    index.change("cell_offsets.u64", -1, lambda place: place + 1)


@rule
def cells_offsets_first(index):
    index.change("cell_offsets.u64", 0, 8)


@rule
def rollup_offsets_last(index):
    index.change("rollup_offsets.u64", -1, lambda place: place - 1)


# The hash.
def hashed(name, at, byte, file="mph.bin"):
    RULES[name] = lambda index: put_byte(index[file], at, byte)


hashed("hash-count", 0, 7)
hashed("hash-partitions", 8, 0)
hashed("hash-partitions-over", 8, 255)
hashed("hash-position-bits", 12, 8)
hashed("hash-fingerprint-bits", 13, 60)
hashed("hash-reserved", 14, 1)
hashed("hash-table-end", -1, 1, "mph_pos.bin")
hashed("hash-first", -32, 1)
hashed("hash-offset", -24, 0)
hashed("hash-keys", -16, 0)
hashed("hash-buckets", -12, 0)
hashed("hash-slots", -8, 0)
hashed("hash-seed", -4, 77)
RULES["hash-pilot"] = lambda index: put_byte(index["mph.bin"], 64, index["mph.bin"].payload[64] ^ 1)
RULES["hash-position"] = lambda index: put_byte(
    index["mph_pos.bin"], 0, index["mph_pos.bin"].payload[0] ^ 1)


@rule
def hash_last_bits(index):
    file, header = index["mph_pos.bin"], index["mph.bin"].payload
    bits = file.count * (header[12] + header[13])
    if bits % 8 == 0:
        sys.exit("the slots fill their last byte")
    file.put(bits, 1, 1)


@rule
def hash_table_short(index):
    del index["mph_pos.bin"].payload[-9:-8]


# An index of plain arrays.
RAW = {}


def plain(name, file, position, new):
    def broken(index):
        width = 4 if file.endswith("u32") else 8
        at = position * width % len(index[file].payload)
        old = int.from_bytes(index[file].payload[at:at + width], "little")
        value = new(old) if callable(new) else new
        index[file].payload[at:at + width] = value.to_bytes(width, "little")
    RAW["raw-" + name] = broken


plain("offsets-first", "prefix_offsets.u64", 0, 1)
plain("offsets-last", "prefix_offsets.u64", -1, lambda place: place - 1)
plain("offsets-order", "prefix_offsets.u64", 2, 1)
plain("offsets-over", "prefix_offsets.u64", 2, MASK)
plain("prefix-slash", "prefix_offsets.u64", 2, lambda place: place - 1)
plain("prefix-too-long", "prefix_offsets.u64", 2, 70000)
plain("depth", "depth.u32", 5, 3)
plain("subtree-end-back", "subtree_end.u64", 5, 4)
plain("subtree-end-huge", "subtree_end.u64", 5, MASK)
plain("subtree-end-behind-parent", "subtree_end.u64", 5, 70)
plain("direct-objects-of-leaf", "direct_objects.u64", 2, 0)
plain("direct-bytes-of-leaf", "direct_bytes.u64", 2, 0)
plain("direct-time-of-leaf", "direct_newest_modified.i64", 2, ABSENT)
plain("depth-index-huge", "depth_index.u64", 7, MASK)
plain("rollup-huge", "rollup.u64", 0, MASK)
plain("objects", "object_count.u64", 0, MASK)
plain("total-over", "total_bytes.u64", 2, MASK)


def text(name, old, new):
    def broken(index):
        index["prefix_blob.bin"].payload = index["prefix_blob.bin"].payload.replace(old, new, 1)
    RAW["raw-" + name] = broken


text("prefix-order", b"a b/", b"z b/")
text("prefix-parent", b"no/row/", b"nor/ow/")
RAW["raw-count"] = lambda index: setattr(index["depth.u32"], "count", 316)
RAW["raw-count-over"] = lambda index: setattr(index["prefix_offsets.u64"], "count", 1 << 61)
RAW["raw-width"] = lambda index: setattr(index["depth.u32"], "width", 8)
RAW["raw-width-zero"] = lambda index: setattr(index["depth.u32"], "width", 0)
RAW["raw-packed"] = lambda index: index.manifest.update(encoding="packed")


def main():
    good, out, *names = sys.argv[1:]
    rules = RAW if Index(Path(good)).manifest["encoding"] == "raw" else RULES
    for name in names or sorted(rules):
        index = Index(Path(good))
        rules[name](index)
        shutil.rmtree(Path(out, name), ignore_errors=True)
        index.write(Path(out, name))


main()
