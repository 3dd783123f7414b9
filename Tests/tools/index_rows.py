#!/usr/bin/env python3
"""Writes the prefix rows of the golden indexes as text: inv-cat(1), "The text".

They are awkward on purpose: names that sort by their slash, bytes that are no text, a path of 70
levels, 100 siblings, subtrees that have their sums stored and such that have none, numbers that are
far from their neighbours, versions, words with signs, times before 1970 and none.
"""

import sys


def escaped(name):
    text = ""
    for byte in name:
        char = chr(byte)
        if char in "\t\n\\":
            text += {"\t": "\\t", "\n": "\\n", "\\": "\\\\"}[char]
        elif byte < 0x20 or byte == 0x7F:
            text += f"\\x{byte:02x}"
        else:
            text += char
    return text.encode("latin-1")


HEADER = r"""#inv-rows: 1
# kind: prefixes
# order: prefix
# column: prefix	key
# column: listed	uint
# column: oldest-modified	int
# column: newest-modified	int
# column: oldest-accessed	int
# column: newest-accessed	int
# column: cells	uint
# dimension: state	state
# dimension: class	word
# dimension: size	band	0	1	1024
# dimension: age	band	0	30	unknown
# age-of: modified
# max-depth: 80
# origin: 	bucket	2026-01-01T00:00:00Z	key state size class modified accessed
#words: class	,=;	GLACIER	STANDARD	\xff
prefix	listed	oldest-modified	newest-modified	oldest-accessed	newest-accessed	cells
"""


def rows():
    """The rows by prefix: listed, modified and accessed times, cells."""
    table = {
        b"": (0, "2025-01-01T00:00:00Z", "2025-12-31T12:00:00Z", "-", "-",
              r"current,\x2c\x3d\x3b,0,unknown=1:0;current,STANDARD,1024,0=2:4096;"
              "current,STANDARD,1024,30=1:2048"),
        b"a b/": (1, "-", "-", "-", "-", "-"),
        b"a!/": (0, "2025-01-01T00:00:00Z", "2025-01-01T00:00:00Z", "2025-02-01T00:00:00Z",
                 "2025-06-01T00:00:00Z", "current,GLACIER,1,30=1:5"),
        b"a.b/": (0, "-", "-", "-", "-",
                  "noncurrent,STANDARD,1024,0=3:9223372036854775807;"
                  "delete-marker,STANDARD,0,unknown=2:0"),
        b"a/": (2, "1969-12-31T23:59:59Z", "1970-01-01T00:00:00Z", "-", "-",
                "current,STANDARD,0,30=2:0"),
        b"a//": (0, "@-9223372036854775807", "9999-12-31T23:59:59Z", "-", "-",
                 "current,STANDARD,1,30=1:1;directory,STANDARD,0,30=1:4096"),
        b"a//b\n/": (0, "-", "-", "-", "-", "link,STANDARD,1,30=1:1"),
        b"no/row/of/its/ancestors/": (0, "-", "-", "-", "-", "current,GLACIER,1,0=7:700"),
        b"\xff\xfe/": (0, "-", "-", "-", "-", r"current,\xff,1,0=1:2"),
        b"\xff\xfe/" + bytes(range(1, 0x2F)) + bytes(range(0x30, 0x100)) + b"/":
            (0, "-", "-", "-", "-", "current,STANDARD,1,0=1:2"),
    }
    day = "2025-03-01T00:00:00Z"
    for level in range(1, 71):
        huge = 1 << 50 if level == 70 else level
        table[b"d/" * level] = (0, day, day, "-", "-", f"current,STANDARD,1,0=1:{huge}")
    for number in range(100):
        name = b"wide/%03d/" % number
        band, size = ("1", number + 1) if number % 7 else ("1024", number << 33 | 1024)
        table[name] = (number % 3, day, day, day, day,
                       f"current,GLACIER,{band},30=1:{size};noncurrent,GLACIER,1,30={number + 1}:9")
    for number in range(65):
        table[b"nested/wide/x%d/y/" % number] = (0, "-", "-", "-", "-", "noncurrent,GLACIER,1,0=1:1")
    return table


def main():
    out = sys.stdout.buffer
    # Words are rising and bytes as they are.
    out.write(HEADER.encode("latin-1").replace(rb"\xff", b"\xff"))
    for prefix, (listed, *rest) in sorted(rows().items()):
        cells = rest.pop().encode("latin-1").replace(rb"\xff", b"\xff")
        fields = [escaped(prefix), str(listed).encode()] + [text.encode() for text in rest] + [cells]
        out.write(b"\t".join(fields) + b"\n")
    out.write(b"#end\n# read: 9\n# set-aside: bad-row\t2\n# left-out: excluded\t3\n"
              b"# example: bad-row\tdata/1.csv\t7\t812\n")


main()
