#!/usr/bin/env python3
"""oracle.py FORMAT SCAN: every directory of a scan with all its figures, as lines of JSON.

A plain scan, written from what the makers of GPFS, Lustre and find say of their lists: it shares no code with
the programs. A line has the members that read_index.py writes of an index, but for `end` and `max_depth`, and
cells in the order of their values.
"""

import argparse
import calendar
import json
import re
import sys
from bisect import bisect_right
from collections import defaultdict
from time import strptime

KIB = 1024
SIZES = [0, 1, KIB, 10 * KIB, 100 * KIB, 128 * KIB, *(n * KIB**k for k in (2, 3) for n in (1, 10, 100))]
AGES = [0, 30, 60, 90, 180, 365, 730, 1095, 1460, 1825, 2190, 2555]
DAY = 86400


class Entry:
    """One line of a scan: kind is a letter as `find -type` has it, times are whole seconds since 1970 or None."""

    __slots__ = ("path", "kind", "size", "allocated", "owner", "group", "accessed", "modified", "file", "links")

    def __init__(self, path, kind, size, allocated, owner, group, accessed, modified, file, links):
        self.path, self.kind, self.size, self.allocated = path, kind, size, allocated
        self.owner, self.group, self.accessed, self.modified = owner, group, accessed, modified
        self.file, self.links = file, links


GPFS_LINE = re.compile(rb"<\d+> +(\d+) +(\d+) +(\d+) +(.*?) -- (.*)", re.DOTALL)
GPFS_FIELD = re.compile(rb"(\w+)=(.*?)(?= \w+=|\Z)")


def gpfs(text, zone):
    """Lines of a policy list; those that do not begin with '<' are remarks."""
    for line in text.split(b"\n"):
        if not line.startswith(b"<"):
            continue
        inode, generation, snapshot, fields, path = GPFS_LINE.fullmatch(line).groups()
        has = dict(GPFS_FIELD.findall(fields))
        size, allocated = int(has[b"s"]), int(has[b"a"]) * 1024
        kind = has[b"p"][:1].decode()
        kind = "f" if kind == "-" else kind
        if kind != "d" and allocated == 0 and 0 < size <= 4096:
            allocated = size
        accessed, modified = (local(has[name], zone) if name in has else None for name in (b"ac", b"mt"))
        file = (int(snapshot), int(generation), int(inode))
        links = int(has.get(b"nl", 1))
        yield Entry(path, kind, size, allocated, int(has[b"u"]), int(has[b"g"]), accessed, modified, file, links)


def local(text, zone, known={}):
    """The seconds of a date and a time of day that is `zone` seconds ahead of UTC."""
    day, _, clock = text.partition(b" ")
    if day not in known:
        known[day] = calendar.timegm(strptime(day.decode(), "%Y-%m-%d"))
    hours, minutes, seconds = clock.split(b":")
    return known[day] + int(hours) * 3600 + int(minutes) * 60 + int(seconds) - zone


def lustre(text, zone):
    """Lines of `lfs find --printf`, which know no number of links; those that begin with '#' are remarks."""
    for line in text.split(b"\n"):
        if line and not line.startswith(b"#"):
            front, _, path = line.partition(b" -- ")
            fid, *fields = front.split(b" ")
            has = dict(field.split(b"=") for field in fields)
            file = tuple(int(part, 16) for part in fid.split(b":"))
            whole = {name: int(has[name]) for name in (b"s", b"b", b"u", b"g", b"a", b"m")}
            yield Entry(
                path, has[b"type"].decode(), whole[b"s"], whole[b"b"] * 512, whole[b"u"], whole[b"g"],
                whole[b"a"], whole[b"m"], file, 1,
            )  # fmt: skip


FIND_FIELDS = ["y", "i", "D", "n", "U", "G", "s", "b", "A@", "T@"]


def find(text, zone):
    """Records of the `find -printf` that inv-filesystems(7) recommends, which end with NUL."""
    for record in text.split(b"\0")[:-1]:
        *fields, path = record.split(b" ", len(FIND_FIELDS))
        has = dict(zip(FIND_FIELDS, fields))
        number = {name: int(has[name]) for name in ("i", "D", "n", "U", "G", "s", "b")}
        # Seconds and nanoseconds stand side by side: -2.5 is half a second after -2.
        accessed, modified = (int(has[name].partition(b".")[0]) for name in ("A@", "T@"))
        yield Entry(
            path, has["y"].decode(), number["s"], number["b"] * 512, number["U"], number["G"],
            accessed, modified, (number["D"], number["i"]), number["n"],
        )  # fmt: skip


FORMATS = {"gpfs": gpfs, "lustre": lustre, "find": find}


class Directory:
    """What a directory holds itself, and what it holds with all below it."""

    def __init__(self):
        self.listed = 0
        self.own, self.all = defaultdict(lambda: [0, 0]), defaultdict(lambda: [0, 0])
        self.own_times, self.all_times = Times(), Times()

    @staticmethod
    def totals(cells):
        current = [figures for point, figures in cells.items() if point[0] == "current"]
        return [sum(column) for column in zip(*current)] or [0, 0]


class Times:
    """The least and the greatest of times of modification and of access."""

    def __init__(self):
        self.ends = [None] * 4

    def add(self, modified, accessed):
        for place, time in enumerate((modified, modified, accessed, accessed)):
            now = self.ends[place]
            if time is not None and (now is None or (time > now if place % 2 else time < now)):
                self.ends[place] = time

    def add_all(self, other):
        self.add(other.ends[0], other.ends[2])
        self.add(other.ends[1], other.ends[3])


class Scan:
    """The directories of a scan by their names, which end in a slash but for the root, b''."""

    def __init__(self, entries, snapshot, size="allocated", hardlinks="once", strip=b""):
        self.snapshot, self.by_size = snapshot, size == "logical"
        self.directories = defaultdict(Directory)
        linked = defaultdict(list)
        for entry in entries:
            key = self.key(entry.path, strip)
            if entry.kind == "d":
                self.add(key + b"/" if key else b"", "directory", entry)
            elif entry.links > 1 and hardlinks == "once":
                linked[entry.file].append((key, entry))
            else:
                self.add(key[: key.rfind(b"/") + 1], "current", entry)
        for names in linked.values():
            names.sort(key=lambda name: name[0])
            for place, (key, entry) in enumerate(names):
                self.add(key[: key.rfind(b"/") + 1], "link" if place else "current", entry)
        self.roll_up()

    @staticmethod
    def key(path, strip):
        if strip and (path == strip or path.startswith(strip + b"/")):
            path = path[len(strip) :]
        path = path.removeprefix(b"./") if path != b"." else b""
        return path.removeprefix(b"/")

    def add(self, name, state, entry):
        amount = entry.size if self.by_size else entry.allocated
        band = SIZES[bisect_right(SIZES, amount) - 1]
        age = "unknown"
        if self.snapshot is not None and entry.accessed is not None:
            age = AGES[bisect_right(AGES, max(0, (self.snapshot - entry.accessed) // DAY)) - 1]
        directory = self.directories[name]
        cell = directory.own[state, str(entry.owner), str(entry.group), band, age]
        cell[0] += 1
        cell[1] += amount
        directory.listed += state == "directory"
        if state == "current":
            directory.own_times.add(entry.modified, entry.accessed)

    def roll_up(self):
        for name in list(self.directories) + [b""]:
            at = name.rfind(b"/", 0, -1) + 1
            while name and name[:at] not in self.directories:
                name = name[:at]
                self.directories[name]
                at = name.rfind(b"/", 0, -1) + 1
        # Names below another are longer, so each is whole when it is added to the one above.
        for name in sorted(self.directories, key=len, reverse=True):
            directory = self.directories[name]
            self.pour(directory.own, directory.own_times, directory)
            if name:
                parent = self.directories[name[: name.rfind(b"/", 0, -1) + 1]]
                self.pour(directory.all, directory.all_times, parent)

    @staticmethod
    def pour(cells, times, into):
        for point, (number, amount) in cells.items():
            cell = into.all[point]
            cell[0] += number
            cell[1] += amount
        into.all_times.add_all(times)

    def names(self):
        return sorted(self.directories)

    def line(self, name):
        """A directory in the form of read_index.py."""
        of = self.directories[name]
        (objects, amount), (direct_objects, direct_amount) = of.totals(of.all), of.totals(of.own)
        own, whole = (sorted(([*p, *f] for p, f in cells.items()), key=order) for cells in (of.own, of.all))
        return {
            "prefix": name.decode("utf-8", "surrogateescape"),
            "depth": name.count(b"/"),
            "objects": objects,
            "bytes": amount,
            "direct_objects": direct_objects,
            "direct_bytes": direct_amount,
            "times": of.all_times.ends,
            "direct_times": of.own_times.ends,
            "listed": of.listed,
            "own": own,
            "all": whole,
        }


def order(cell):
    return list(map(str, cell))


def read(path, name, snapshot, zone=0, **options):
    with open(path, "rb") as file:
        return Scan(FORMATS[name](file.read(), zone), snapshot, **options)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("format", choices=FORMATS)
    parser.add_argument("scan")
    parser.add_argument("--snapshot", type=int, help="seconds since 1970")
    parser.add_argument("--zone", type=int, default=0, help="seconds that times are ahead of UTC")
    parser.add_argument("--size", choices=["allocated", "logical"], default="allocated")
    parser.add_argument("--hardlinks", choices=["once", "all"], default="once")
    parser.add_argument("--strip", default="", type=lambda text: text.encode())
    options = parser.parse_args()
    scan = read(
        options.scan, options.format, options.snapshot, options.zone,
        size=options.size, hardlinks=options.hardlinks, strip=options.strip,
    )  # fmt: skip
    for name in scan.names():
        print(json.dumps(scan.line(name)))


if __name__ == "__main__":
    sys.exit(main())
