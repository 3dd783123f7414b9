#!/usr/bin/env python3
"""read_index.py INDEX: every prefix of an index with all its figures, as lines of JSON.

Written from inv-index(5) alone: shares no code with the programs. Every rule of that page that a
reader can see broken is checked on the way, and every checksum. A line has

  prefix   text; a byte that is not of valid UTF-8 is one of the surrogates DC80 to DCFF
  depth, objects, bytes, direct_objects, direct_bytes, end, max_depth
  times, direct_times   oldest and newest by modification, then by access, those there are; or null
  listed   where the index has it
  own, all   cells of what the prefix holds itself and of all below: [values..., objects, bytes]

Values are words, states, lower edges or "unknown".
"""

import json
import sys
from itertools import accumulate
from pathlib import Path
from struct import Struct, unpack_from

MASK = (1 << 64) - 1
RAW, PACKED, RISING, STRINGS, CELLS, HASH, SLOTS, RAW_STRINGS = range(8)
STATES = ["current", "noncurrent", "delete-marker", "directory", "link"]


def xxh64(data, seed=0):
    p1, p2, p3 = 0x9E3779B185EBCA87, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9
    p4, p5 = 0x85EBCA77C2B2AE63, 0x27D4EB2F165667C5

    def turn(value, by):
        return (value << by | value >> 64 - by) & MASK

    def lane(value, word):
        return turn((value + word * p2) & MASK, 31) * p1 & MASK

    at, count = 0, len(data)
    if count >= 32:
        a, b, c, d = (seed + p1 + p2) & MASK, (seed + p2) & MASK, seed, (seed - p1) & MASK
        for words in Struct("<4Q").iter_unpack(memoryview(data)[: count // 32 * 32]):
            a, b, c, d = lane(a, words[0]), lane(b, words[1]), lane(c, words[2]), lane(d, words[3])
        value = (turn(a, 1) + turn(b, 7) + turn(c, 12) + turn(d, 18)) & MASK
        for one in (a, b, c, d):
            value = ((value ^ lane(0, one)) * p1 + p4) & MASK
        at = count // 32 * 32
    else:
        value = (seed + p5) & MASK
    value = (value + count) & MASK
    while at + 8 <= count:
        value = (turn(value ^ lane(0, unpack_from("<Q", data, at)[0]), 27) * p1 + p4) & MASK
        at += 8
    if at + 4 <= count:
        value = (turn(value ^ unpack_from("<I", data, at)[0] * p1 & MASK, 23) * p2 + p3) & MASK
        at += 4
    for byte in data[at:]:
        value = turn(value ^ byte * p5 & MASK, 11) * p1 & MASK
    value = (value ^ value >> 33) * p2 & MASK
    value = (value ^ value >> 29) * p3 & MASK
    return value ^ value >> 32


def check(truth, *what):
    if not truth:
        sys.exit("read_index.py: " + " ".join(map(str, what)))


class Bits:
    """Numbers of any width, one behind the other from byte `at` of `data` on."""

    def __init__(self, data, at):
        self.data, self.bit = data, at * 8

    def take(self, width):
        first, last = self.bit // 8, (self.bit + width + 7) // 8
        check(last <= len(self.data), "bits behind the end")
        value = int.from_bytes(self.data[first:last], "little") >> self.bit % 8
        self.bit += width
        return value & (1 << width) - 1

    def end(self):
        """The byte that follows, when the bits up to it are 0."""
        check(self.take(-self.bit % 8) == 0, "bits that are not 0 behind the last")
        return self.bit // 8


class File:
    def __init__(self, folder, entry, build, slow):
        self.name = entry["name"]
        data = Path(folder, self.name).read_bytes()
        check(len(data) == entry["size"], self.name, "has another size")
        magic, version, self.encoding, self.width, self.rows, self.count = unpack_from("<8sHBBIQ", data)
        length, checksum, of, self.directory, header = unpack_from("<5Q", data, 24)
        check(magic == b"\x89inx\r\n\x1a\n" and version == 1, self.name, "has another magic or version")
        check(header == xxh64(data[:56]), self.name, "has a broken header")
        check(of == build and length == len(data) - 64, self.name, "is of another build, or cut")
        check(checksum == int(entry["checksum"], 16), self.name, "is not that of the manifest")
        self.data = data[64:]
        if slow:
            check(checksum == xxh64(self.data), self.name, "has a broken payload")
        check((self.encoding in (PACKED, RISING)) or self.directory == 0, self.name, "directory")

    def values(self, count):
        """All values of a column; None for those that are absent."""
        check(self.count == count, self.name, "has", self.count, "values, not", count)
        signed = self.name.endswith(".i64")
        if self.encoding == RAW:
            check(self.width == (4 if self.name.endswith(".u32") else 8), self.name, "has another width")
            check(len(self.data) == count * self.width, self.name, "has another length")
            kind = "I" if self.width == 4 else "q" if signed else "Q"
            raw = list(unpack_from(f"<{count}{kind}", self.data))
            return [None if value == -1 << 63 else value for value in raw] if signed else raw
        check(self.encoding in (PACKED, RISING), self.name, "has encoding", self.encoding)
        check(len(self.data) == self.directory + (count + 127) // 128 * 16, self.name, "has another length")
        values = []
        for block in range((count + 127) // 128):
            size = min(128, count - block * 128)
            for index, value in enumerate(self.block(self.directory + block * 16, size)):
                if value is not None and self.encoding == RISING:
                    value = (value + index) & MASK
                if value is not None and signed and value >> 63:
                    value -= 1 << 64
                values.append(value)
        return values

    def block(self, at, size):
        base, word = unpack_from("<QQ", self.data, at)
        start, width, exceptions = (word & (1 << 40) - 1) * 8, word >> 40 & 127, word >> 47 & 255
        beyond, absent = word >> 55 & 127, word >> 62 & 1
        check(word >> 63 == 0 and exceptions <= 128, self.name, "has a broken directory")
        check(all(w <= 56 or w == 64 for w in (width, beyond)), self.name, "has a broken width")
        bits = Bits(self.data, start)
        values = [bits.take(width) for _ in range(size)]
        bits = Bits(self.data, (bits.end() + 7) // 8 * 8)
        places = [bits.take(8) for _ in range(exceptions)]
        check(all(a < b for a, b in zip(places, places[1:])), self.name, "has exceptions that do not rise")
        bits = Bits(self.data, (bits.end() + 7) // 8 * 8)
        for place in places:
            check(place < size and values[place] == (1 << width) - 1, self.name, "has no mark for an exception")
            values[place] = bits.take(beyond)
        check((bits.end() + 7) // 8 * 8 <= self.directory, self.name, "has a block in its directory")
        if absent:
            return [None if value == 0 else (base + value - 1) & MASK for value in values]
        return [(base + value) & MASK for value in values]


class Index:
    def __init__(self, folder, slow=True):
        text = Path(folder, "manifest.json").read_bytes()
        self.manifest = json.loads(text)
        build = self.manifest["build"]
        check(self.manifest["format"] == "inv-index" and self.manifest["version"] == 1, "another format")
        blank = text.replace(build.encode(), b"0" * 16, 1)
        check(f"{xxh64(blank):016x}" == build, "the build is not that of the manifest")
        self.files = {f["name"]: File(folder, f, int(build, 16), slow) for f in self.manifest["files"]}
        self.count = self.manifest["prefixes"]
        self.dimensions = [self.labels(dimension) for dimension in self.manifest["dimensions"]]
        self.prefixes = self.strings()

    @staticmethod
    def labels(dimension):
        if dimension["type"] == "state":
            return STATES
        if dimension["type"] == "word":
            return dimension["words"]
        return dimension["edges"] + (["unknown"] if dimension["unknown"] else [])

    def column(self, name, count=None):
        return self.files[name].values(self.count if count is None else count)

    def strings(self):
        file = self.files["prefix_blob.bin"]
        check(file.count == self.count, "prefix_blob.bin has another count")
        if file.encoding == RAW_STRINGS:
            offsets = self.column("prefix_offsets.u64", self.count + 1)
            check(offsets[0] == 0 and offsets[-1] == len(file.data), "prefix_offsets.u64 has other ends")
            return [file.data[a:b] for a, b in zip(offsets, offsets[1:])]
        check(file.encoding == STRINGS, "prefix_blob.bin has another encoding")
        blocks = (self.count + 31) // 32
        offsets = self.column("prefix_offsets.u64", blocks + 1)
        check(file.data[offsets[-1] :] == bytes(8), "prefix_blob.bin has another end")
        prefixes = []
        for block in range(blocks):
            size = min(32, self.count - block * 32)
            c, s, r, a, share, rest, first = unpack_from("<4B3H", file.data, offsets[block])
            check(1 <= c <= 8 and s <= 17 and r <= 17 and a <= 1 << c and (c < 8 or a == 0), "a string block")
            alphabet = file.data[offsets[block] + 10 :][:a] if c < 8 else bytes(range(256))
            check(list(alphabet) == sorted(set(alphabet)), "an alphabet that does not rise")
            bits = Bits(file.data, offsets[block] + 10 + a)
            shared = [0] + [share + bits.take(s) for _ in range(size - 1)]
            rests = [first] + [rest + bits.take(r) for _ in range(size - 1)]
            for place in range(size):
                before = prefixes[-1] if prefixes else b""
                check(shared[place] <= len(before), "a prefix that shares too much")
                name = before[: shared[place]] + bytes(alphabet[bits.take(c)] for _ in range(rests[place]))
                prefixes.append(name + b"/" if prefixes else name)
            check(bits.end() == offsets[block + 1], "a string block that ends elsewhere")
        return prefixes

    def cells(self, name, offsets, count, totals):
        """The cells of each entry; `totals` are the objects and bytes of the current ones."""
        file = self.files[name]
        check(file.encoding == CELLS and file.count == count, name, "has another encoding or count")
        blocks = (count + file.rows - 1) // file.rows
        starts = self.column(offsets, blocks + 1)
        check(file.data[starts[-1] :] == bytes(8), name, "has another end")
        rows = []
        for block in range(blocks):
            size = min(file.rows, count - block * file.rows)
            check(starts[block] + 12 <= starts[block + 1], name, "has a short block")
            self.cell_block(file, starts[block], starts[block + 1], size, totals, rows)
        return rows

    def cell_block(self, file, start, end, size, totals, rows):
        points, cells, cw, nw, dw, zero = unpack_from("<2I4B", file.data, start)
        check(zero == 0 and cw <= 32 and nw <= 32 and (dw <= 56 or dw == 64), file.name, "has a broken head")
        bits = Bits(file.data, start + 12)
        codes, widths, code = [], [], 0
        for number in range(points):
            step = bits.take(dw)
            check(step > 0 or number == 0, file.name, "has codes that do not rise")
            code += step
            codes.append(code)
            pair = [bits.take(6), bits.take(6)]
            check(all(w <= 56 or w == 63 for w in pair), file.name, "has broken widths")
            widths.append([64 if w == 63 else w for w in pair])
        counts = [bits.take(cw) for _ in range(size)]
        check(sum(counts) == cells, file.name, "has counts that do not add up")
        numbers = [bits.take(nw) for _ in range(cells)]
        first = 0
        for n in counts:
            row = numbers[first : first + n]
            first += n
            check(all(a < b for a, b in zip(row, row[1:])) and all(x < points for x in row), file.name, "numbers")
            current = [x for x in row if self.point(codes[x])[0] == 0]
            left_out = max(current, key=lambda x: (sum(widths[x]), -x), default=None)
            figures = {x: [bits.take(widths[x][0]) + 1, bits.take(widths[x][1])] for x in row if x != left_out}
            if left_out is not None:
                rest = totals[len(rows)]
                others = [figures[x] for x in current if x != left_out]
                figures[left_out] = [t - sum(o[i] for o in others) for i, t in enumerate(rest)]
                check(figures[left_out][0] > 0 and figures[left_out][1] >= 0, file.name, "has a negative rest")
            rows.append([(codes[x], *figures[x]) for x in row])
        check(bits.end() == end, file.name, "has a block that ends elsewhere")

    def point(self, code):
        values = []
        for labels in reversed(self.dimensions):
            width = max(0, len(labels) - 1).bit_length()
            values.append(code & (1 << width) - 1)
            code >>= width
        return values[::-1]

    def labelled(self, cells):
        named = []
        for code, objects, size in cells:
            values = self.point(code)
            check(all(v < len(labels) for v, labels in zip(values, self.dimensions)), "a value out of range")
            named.append([labels[v] for v, labels in zip(values, self.dimensions)] + [objects, size])
        return named

    def positions_by_depth(self, depths):
        levels = self.column("depth_levels.u64", self.manifest["depth"] + 2)
        positions = self.column("depth_index.u64")
        by_depth = sorted(range(self.count), key=lambda p: depths[p])
        check(positions == by_depth, "the depth index is not sorted")
        counts = [0] * (len(levels) - 1)
        for depth in depths:
            counts[depth] += 1
        check(levels == [0, *accumulate(counts)], "the levels begin elsewhere")

    def find(self, prefix):
        """The position of a prefix by the hash; None when there is none."""
        data, slots = self.files["mph.bin"].data, self.files["mph_pos.bin"].data
        n, partitions, position_bits, finger_bits = unpack_from("<QIBB", data)
        if n == 0:
            return None
        h0, h1 = xxh64(prefix), xxh64(prefix, 1)

        def high(a, b):
            return (a & MASK) * (b & MASK) >> 64

        at = len(data) - partitions * 32 + high(h0, partitions) * 32
        first, offset, keys, buckets, slot_count, seed = unpack_from("<QQIIII", data, at)
        salt = seed * 0x9E3779B97F4A7C15 & MASK
        even = (h1 ^ salt) * 0xD6E8FEB86659FD93 & MASK
        square = high(even, even)
        cube = high(square, even // 2 + (1 << 63))
        bucket = high(cube - cube // 256 + even // 256, buckets)
        pilot = data[offset + bucket]
        word = ((h0 ^ salt) + h1) & MASK
        slot = high((word ^ pilot * 0x5851F42D4C957F2D & MASK) * 0xA0761D6478BD642F, slot_count)
        if slot >= keys:
            slot = unpack_from("<I", data, offset + buckets + 4 * (slot - keys))[0]
            if slot >= keys:
                return None
        width = position_bits + finger_bits
        bit = (first + slot) * width
        entry = unpack_from("<Q", slots, bit // 8)[0] >> bit % 8 & (1 << width) - 1
        if entry >> position_bits != h1 & (1 << finger_bits) - 1:
            return None
        position = entry & (1 << position_bits) - 1
        return position if position < n and self.prefixes[position] == prefix else None

    def entries(self):
        count = self.count
        depths, ends = self.column("depth.u32"), self.column("subtree_end.u64")
        objects, sizes = self.column("object_count.u64"), self.column("total_bytes.u64")
        deepest, rollup = self.column("max_depth_in_subtree.u32"), self.column("rollup.u64")
        names = [f"{end}_{kind}.i64" for kind in self.manifest["times"] for end in ("oldest", "newest")]
        times = [self.column(name) for name in names]
        direct = [self.column(name) for name in ("direct_objects.u64", "direct_bytes.u64")]
        direct_times = [self.column("direct_" + name) for name in names]
        listed = self.column("listed.u64") if self.manifest["listed"] else None
        packed = self.manifest["encoding"] == "packed"
        for p in range(count):
            check(p < ends[p] <= count, "a subtree that ends nowhere")
            if ends[p] == p + 1:
                whole = [objects, sizes, *times]
                for of_direct, of_all in zip([*direct, *direct_times], whole):
                    check(of_direct[p] == of_all[p] or (packed and not of_direct[p]), "a leaf with other figures")
                    of_direct[p] = of_all[p]
        check(self.prefixes[0] == b"" and ends[0] == count, "no root")
        check(all(a < b for a, b in zip(self.prefixes, self.prefixes[1:])), "prefixes that do not rise")
        self.positions_by_depth(depths)
        own = self.cells("cells.bin", "cell_offsets.u64", count, list(zip(*direct)))
        order = sorted((p for p in range(count) if ends[p] - p > 64), key=lambda p: (ends[p], -p))
        check([rollup[p] for p in order] == list(range(1, len(order) + 1)), "sums in another order")
        check(sum(1 for r in rollup if r) == len(order) == self.manifest["rollups"], "sums of small subtrees")
        stored = self.cells(
            "rollup_cells.bin", "rollup_offsets.u64", len(order), [(objects[p], sizes[p]) for p in order]
        )
        for p, prefix in enumerate(self.prefixes):
            check(depths[p] == prefix.count(b"/") and self.find(prefix) == p, "depth or hash of", prefix)
            inside = self.prefixes[p + 1 : ends[p]]
            check(all(name.startswith(prefix) for name in (inside[:1] + inside[-1:])), "a subtree too large")
            check(ends[p] == count or not self.prefixes[ends[p]].startswith(prefix), "a subtree too small")
            check(deepest[p] == max(depths[p : ends[p]]), "the greatest depth below", prefix)
            if rollup[p]:
                cells = stored[rollup[p] - 1]
            else:
                cells = added(own[p : ends[p]])
            check(sum(c[1] for c in cells if self.point(c[0])[0] == 0) == objects[p], "objects of", prefix)
            entry = {
                "prefix": prefix.decode("utf-8", "surrogateescape"),
                "depth": depths[p],
                "objects": objects[p],
                "bytes": sizes[p],
                "direct_objects": direct[0][p],
                "direct_bytes": direct[1][p],
                "end": ends[p],
                "max_depth": deepest[p],
                "times": [column[p] for column in times],
                "direct_times": [column[p] for column in direct_times],
            }
            if listed:
                entry["listed"] = listed[p]
            entry["own"], entry["all"] = self.labelled(own[p]), self.labelled(cells)
            yield entry


def added(rows):
    sums = {}
    for row in rows:
        for code, objects, size in row:
            n, b = sums.get(code, (0, 0))
            sums[code] = (n + objects, b + size)
    return [(code, *sums[code]) for code in sorted(sums)]


def main():
    index = Index(sys.argv[1])
    for entry in index.entries():
        print(json.dumps(entry))
    check(all(index.find(prefix + b"?/") is None for prefix in index.prefixes[:1000]), "a prefix too many")


if __name__ == "__main__":
    main()
