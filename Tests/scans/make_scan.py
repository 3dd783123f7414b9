#!/usr/bin/env python3
"""Writes a scan of a made file system, as GPFS, Lustre or find write it: LINES lines to standard output or -o.

The tree is the same for the same seed and number of lines, whatever the format and the order: homes of users,
shared projects and scratch, with sizes from one file in a directory to one percent of all files in one,
three to thirty-five levels deep, and everything that makes a scan hard: names that are not UTF-8 or hold spaces,
' -- ', '%', backslashes (and newlines, where the format ends lines with NUL), hard links, some of whose names are
outside, symbolic links, special files, sparse files, files that lie in their inode, times in the future, at zero
and before 1970, owners up to 2^32-2, directories that are empty and directories that have no line.
"""

import argparse
import math
import os
import random
import sys
import tempfile
from datetime import date
from statistics import NormalDist

NOW = 1768089600  # 2026-01-11T00:00:00Z, the time of the scan
DAY = 86400
OWNERS, GROUPS = 3000, 300
NOBODY = 4294967294
ROOT = "/gpfs/asp"
LEADS = ["run", "out", "history", "case.e21.f09_g17", "wrfout_d01", "restart", "obs-2019", "m", "chunk", "IMG"]
TAILS = [".nc", ".nc", ".nc", ".h5", ".log", ".txt", ".dat", ".tar.gz", "", ".o", ".py", ".grib2"]
FOLDERS = ["data", "src", "build", "results", "exp", "conda/pkgs", "archive", "tmp", "figs", "hist", "mem", "rest"]
# What stands in some names, as latin-1; the last two only where a line may hold them.
ODD = [" ", " -- ", "%20", "%", "\\", "\xff\xfe", "caf\xe9", "na\xc3\xafve", " -- /gpfs/x", "\t", "'\"", "#", "-", "\n", "\n<0> "]


def log_normal(count, median, sigma, least, most):
    """`count` values that lie as evenly as a log-normal distribution has them."""
    inverse = NormalDist().inv_cdf
    values = (median * math.exp(sigma * inverse((i + 0.5) / count)) for i in range(count))
    return [int(min(max(value, least), most)) for value in values]


SIZES = log_normal(4096, 40_000, 3.2, 0, 1 << 42)
LEAVES = log_normal(1024, 9, 1.1, 0, 5000)
AGES = log_normal(1024, 260, 1.3, 0, 3650)
CLOCK = [f" {s // 3600:02}:{s // 60 % 60:02}:{s % 60:02}" for s in range(DAY)]


class Days(dict):
    """The dates of days since 1970."""

    def __missing__(self, day):
        self[day] = date.fromordinal(719163 + day).isoformat()
        return self[day]


DAYS = Days()


def written(time):
    return DAYS[time // DAY] + CLOCK[time % DAY]


# Lines. An entry is (path, letter, inode, size, blocks of 512 bytes, uid, gid, mode, three times, links).

MISC = {"d": "D2u", "-": "FAu", "l": "L", "p": "O", "s": "O"}


def gpfs(e):
    path, letter, inode, size, blocks, uid, gid, mode, accessed, modified, changed, links = e
    return (
        f"<{inode & 7}> {inode} {inode * 7919 & 0xFFFFF} 0 s={size} a={blocks + 1 >> 1} u={uid} g={gid} m={MISC[letter]}"
        f" p={letter}{mode} ac={written(accessed)} mt={written(modified)} cr={written(changed)} nl={links} -- {path}\n"
    )


OCTAL = {"rwxr-xr-x": "0755", "rwxrws---": "2770", "rw-r--r--": "0644", "rw-r-----": "0640", "rwxrwxrwx": "0777"}


def lustre(e):
    path, letter, inode, size, blocks, uid, gid, mode, accessed, modified, changed, _ = e
    return (
        f"0x{0x200000400 + (inode >> 17):x}:0x{(inode & 0x1FFFF) + 1:x}:0x0 s={size} b={blocks} u={uid} g={gid} p={gid & 15}"
        f" type={'f' if letter == '-' else letter} perm={OCTAL[mode]} a={accessed} m={modified} c={changed} -- {path}\n"
    )


def find(e):
    path, letter, inode, size, blocks, uid, gid, _, accessed, modified, _, links = e
    return (
        f"{'f' if letter == '-' else letter} {inode} 64769 {links} {uid} {gid} {size} {blocks}"
        f" {accessed}.{inode % 10**9:09}0 {modified}.0000000000 {path}\0"
    )


FORMATS = {"gpfs": gpfs, "lustre": lustre, "find": find}


class Share:
    """Whose a directory and what is in it is: one owner's, or several members' of a group."""

    def __init__(self, owners, group):
        self.owners, self.group = owners, group


class Tree:
    """Walks the tree in byte order of paths, those of directories with their slash, and gives entries to `put`."""

    def __init__(self, lines, seed, odd, put):
        self.lines, self.odd, self.put = lines, odd, put
        self.bits = random.Random(seed).getrandbits
        self.count = 0
        self.linked = []  # entries with names to come, and how many
        width = max(20, (lines * 3).bit_length())
        self.mask, self.shift = (1 << width) - 1, width // 2

    def inode(self):
        """A number that no other entry has and that says nothing of the path."""
        self.count += 1
        x = self.count * 0x9E3779B1 & self.mask
        x ^= x >> self.shift
        x = x * 0x85EBCA6B & self.mask
        return (x ^ x >> self.shift) + 4096

    def make(self):
        users, projects = max(3, min(OWNERS, self.lines // 400)), max(2, min(GROUPS, self.lines // 3000))
        flat = self.lines // 100
        homes = int(self.lines * 0.45)
        shared = int(self.lines * 0.35)
        scratch = self.lines - 4 - homes - shared - flat
        root = Share([0], 0)
        for name in ("", "/projects", "/scratch", "/users"):
            self.directory(ROOT + name, root, 200)
            if name == "/projects":
                places = [(f"p{at:04}", self.project(at, users)) for at in range(projects)]
                self.areas(ROOT + name, shared, places)
            elif name == "/scratch":
                self.flat(ROOT + name, flat)
                self.areas(ROOT + name, scratch, [(self.user(at), self.home(at)) for at in range(0, users, 3)])
            elif name:
                self.areas(ROOT + name, homes, [(self.user(at), self.home(at)) for at in range(users)])

    def user(self, at):
        letters = "aeioubdfgklmnprstvz"
        return "".join(letters[at * 7919 // 19**place % 19] for place in range(5)) + (str(at % 10) if at % 3 else "")

    def home(self, at):
        uid = NOBODY if at == 2 else 3_000_000_000 + at if at % 50 == 7 else 1000 + at
        return Share([uid], 100 + at % GROUPS)

    def project(self, at, users):
        members = [self.home((at * at * 31 + member * 17) % users).owners[0] for member in range(2 + at % 9)]
        return Share(members, 100 + at % GROUPS)

    def areas(self, path, lines, places):
        """Deals `lines` out to places whose shares fall like those of users do."""
        weights = [1 / (rank + 3) ** 1.05 for rank in range(len(places))]
        order = sorted(range(len(places)), key=lambda at: at * 2654435761 & 0xFFFFFFFF)
        whole, left = sum(weights), lines
        budgets = {}
        for rank, at in enumerate(order):
            budgets[at] = min(left, int(lines * weights[rank] / whole))
            left -= budgets[at]
        budgets[order[0]] += left
        for (name, share), budget in sorted((place, budgets[at]) for at, place in enumerate(places)):
            deep = 35 if self.bits(6) == 0 else 5 + self.bits(3) + self.bits(2)
            if budget:
                self.folder(f"{path}/{name}", budget, 4, deep, share, AGES[self.bits(10)])

    def flat(self, path, lines):
        """One directory that holds `lines` lines, its own with them."""
        share = self.home(1)
        self.directory(f"{path}/0flat", share, 10)
        for at in range(lines - 1):
            self.file(f"{path}/0flat/part-{at:09}.bin", share, 40)

    def folder(self, path, budget, depth, deep, share, age):
        """Writes `budget` lines of a directory and what is below."""
        bits = self.bits
        if bits(8) or budget < 2:
            self.directory(path, share, age)
            budget -= 1
        leaf = LEAVES[bits(10)]
        children, files = [], budget
        if budget > leaf and depth < deep:
            if budget > 3 and bits(3) < (6 if deep == 35 else 1):
                children = [budget - 1]
            else:
                children = self.dealt(budget - min(leaf, budget // 3))
            files = budget - sum(children)
        names = self.names(files)
        taken = set(names)
        inside = [(name, 0) for name in names]
        for at, below in enumerate(children):
            name = FOLDERS[bits(8) % len(FOLDERS)].partition("/")[0] + f"{'_-. '[bits(5) % 4 if bits(5) == 0 else 0]}{at:03}"
            if bits(9) == 0:
                name += self.odd[bits(10) % len(self.odd)]
            if name not in taken:
                taken.add(name)
                inside.append((name + "/", below))
            else:
                inside.append((f"d{at}/", below))
        inside.sort()
        for name, below in inside:
            if below:
                other = share
                if len(share.owners) > 1 and bits(1):  # most of a project has one owner
                    other = Share([share.owners[bits(8) % len(share.owners)]], share.group)
                self.folder(f"{path}/{name[:-1]}", below, depth + 1, deep, other, AGES[bits(10)] if bits(2) == 0 else age)
            else:
                self.file(f"{path}/{name}", share, age)

    def dealt(self, lines):
        """The budgets of subdirectories, a few of which take the most."""
        bits = self.bits
        count = max(1, min(2 + bits(2) + (bits(6) if bits(3) == 0 else 0), lines // 10))
        weights = [1 / (1 + bits(10)) for _ in range(count)]
        whole = sum(weights)
        parts = [int(lines * weight / whole) for weight in weights]
        return [part for part in parts if part]

    def names(self, count):
        """Names of files in one directory, none twice."""
        bits = self.bits
        lead, tail, digits = LEADS[bits(10) % len(LEADS)], TAILS[bits(10) % len(TAILS)], 3 + bits(3)
        names = [f"{lead}.{at:0{digits}}{tail}" for at in range(count)]
        for at in range(bits(7) % 9 if count < 200 else 0, count, 9):
            names[at] = f"{LEADS[bits(10) % len(LEADS)]}{at}-{bits(16):x}{TAILS[bits(10) % len(TAILS)]}"
        if count and bits(5) == 0:
            at = bits(20) % count
            names[at] = f"{names[at][:4]}{self.odd[bits(10) % len(self.odd)]}{at}"
        return names

    def directory(self, path, share, age):
        bits = self.bits(32)
        accessed = NOW - age * DAY - bits % DAY
        shared = len(share.owners) > 1
        # The root of the file system is the inode that it is, and its blocks are what directories take.
        mode, blocks = ("rwxrws---" if shared else "rwxr-xr-x"), (0, 16, 64, 512)[bits >> 20 & 3]
        entry = (path, "d", self.inode(), 4096 << (bits >> 25 & 3), blocks, share.owners[0], share.group)
        self.put((*entry, mode, accessed, accessed, accessed, 2 + (bits >> 28)))

    def file(self, path, share, age):
        bits = self.bits(80)
        if self.linked and bits & 127 == 0:
            at = bits >> 7 & 0xFFFF
            at %= len(self.linked)
            entry, more = self.linked[at]
            self.put((path, *entry[1:]))
            if more > 1:
                self.linked[at] = entry, more - 1
            else:
                self.linked[at] = self.linked[-1]
                self.linked.pop()
            return
        size = SIZES[bits & 4095] * (192 + (bits >> 12 & 127)) >> 8
        bits >>= 19
        blocks = size + 8191 >> 13 << 4
        letter, mode, links = "-", ("rw-r--r--" if bits & 3 else "rw-r-----"), 1
        rare = bits >> 2 & 1023
        bits >>= 12
        if rare < 12:
            if rare < 6:
                letter, mode, size, blocks = "l", "rwxrwxrwx", 5 + (bits & 63), 0
            elif rare == 6 and bits & 7 == 0:
                letter, size, blocks = "ps"[bits >> 3 & 1], 0, 0
            elif rare < 10:  # sparse
                size, blocks = size * 1000, blocks // 100 << 4
            elif rare == 10:
                size = blocks = 0
        elif size <= 3500 and bits & 1:
            blocks = 0
        bits >>= 6
        days = age + (bits & 7) if bits & 24 else AGES[bits >> 5 & 1023]
        bits >>= 15
        modified = NOW - (days + 3) * DAY - (bits & 0xFFFF)
        accessed = modified + (bits >> 3 & 0x3FFFF)
        odd = bits >> 16 & 4095
        if odd < 6:
            accessed = (NOW + 86400 * (bits & 255), 0, -bits & 0xFFFFFFF, -157_766_400, NOW, 1)[odd]
        uid = share.owners[0] if len(share.owners) == 1 else share.owners[bits % len(share.owners)]
        entry = (path, letter, self.inode(), size, blocks, uid, share.group, mode, accessed, modified, modified + 60)
        if bits & 0xFF == 5 and letter != "l" and len(self.linked) < 50_000:
            links = 2 + (bits >> 9 & 3)
            self.linked.append(((*entry, links), links - 1))
        self.put((*entry, links))


class InOrder:
    """Writes the lines as they come."""

    def __init__(self, out, line, lines):
        self.out, self.line = out, line
        self.waiting = []

    def put(self, entry):
        self.waiting.append(self.line(entry))
        if len(self.waiting) == 1 << 14:
            self.flush()

    def flush(self):
        self.out.write("".join(self.waiting).encode("latin-1"))
        self.waiting.clear()

    def close(self):
        self.flush()


class ByInode:
    """Writes the lines in the order of inodes, by way of temporary files that are sorted one after another."""

    def __init__(self, out, line, lines):
        self.out, self.line = out, line
        self.width = max(20, (lines * 3).bit_length())
        self.files = [tempfile.TemporaryFile() for _ in range(1 << max(0, self.width - 21))]
        self.waiting = [[] for _ in self.files]

    def put(self, entry):
        inode = entry[2] - 4096
        at = inode >> 21 if len(self.files) > 1 else 0
        self.waiting[at].append(f"{inode:010}{self.line(entry)}")
        if len(self.waiting[at]) == 1 << 13:
            self.flush(at)

    def flush(self, at):
        self.files[at].write("".join(self.waiting[at]).encode("latin-1"))
        self.waiting[at].clear()

    def close(self):
        for at, file in enumerate(self.files):
            self.flush(at)
            file.seek(0)
            text = file.read()
            file.close()
            end = text[-1:]
            lines = text.split(end)[:-1] if text else []
            lines.sort()
            self.out.write(b"".join([line[10:] + end for line in lines]))


def write(out, lines, name="gpfs", order="path", seed=1):
    """Writes a scan of `lines` lines to the binary file `out`."""
    odd = ODD if name == "find" else ODD[:-2]
    sink = (InOrder if order == "path" else ByInode)(out, FORMATS[name], lines)
    Tree(lines, seed, odd, sink.put).make()
    sink.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("lines", type=int, metavar="LINES")
    parser.add_argument("-f", "--format", choices=FORMATS, default="gpfs")
    parser.add_argument("--order", choices=["path", "inode"], default="path")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("-o", "--output", help="default: standard output")
    options = parser.parse_args()
    if options.lines < 100:
        parser.error("LINES is at least 100")
    sys.setrecursionlimit(10_000)
    with open(options.output, "wb") if options.output else os.fdopen(1, "wb") as out:
        write(out, options.lines, options.format, options.order, options.seed)


if __name__ == "__main__":
    main()
