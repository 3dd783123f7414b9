#!/usr/bin/env python3
"""prefix_rows.py SHAPE N: prefix rows as text for inv-cat --load, of a made tree with about N prefixes.

  leaves    folders of a thousand leaves each, three levels below the root, with mixed cells
  siblings  N prefixes directly below the root
  deep      a chain of N levels with two siblings at each, one before it and one behind
  objects   one prefix that holds N objects itself, in every cell there can be
"""

import sys
from random import Random

CLASSES = ["GLACIER", "STANDARD", "STANDARD_IA"]
SIZES = [0, 1, 1024, 1048576]
AGES = ["0", "30", "365", "unknown"]
SNAPSHOT = 1_790_000_000
HEADER = """#inv-rows: 1
# kind: prefixes
# order: prefix
# column: prefix	key
# column: oldest-modified	int
# column: newest-modified	int
# column: cells	uint
# dimension: state	state
# dimension: class	word
# dimension: size	band	0	1	1024	1048576
# dimension: age	band	0	30	365	unknown
# age-of: modified
# origin: 	made	-	key state size class modified
#words: class	GLACIER	STANDARD	STANDARD_IA
prefix	oldest-modified	newest-modified	cells
"""


def cell(number, objects):
    state = "current" if number < 48 else "noncurrent"
    size = SIZES[number // 4 % 4]
    return f"{state},{CLASSES[number // 16 % 3]},{size},{AGES[number % 4]}={objects}:{size * objects * 3}"


def tails(random):
    """Some thousand ends of rows, to be used again and again."""
    for _ in range(4096):
        cells = sorted(random.sample(range(96), random.choice([1, 1, 2, 3, 6])))
        times = ["-", "-"]
        if cells[0] < 48:
            oldest = SNAPSHOT - random.randrange(10**8)
            times = [stamp(oldest), stamp(oldest + random.randrange(10**6))]
        yield "\t" + "\t".join([*times, ";".join(cell(n, random.randrange(1, 40)) for n in cells)]) + "\n"


def stamp(seconds):
    from datetime import datetime, timezone

    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def prefixes(shape, count):
    if shape == "leaves":
        for number in range(count // 1000):
            top = f"team-{number // 10000:04}/data-{number // 100 % 100:02}/run-{number % 100:02}"
            for leaf in range(1000):
                yield f"{top}/part-{leaf:05}-{(number * 7919 + leaf * 104729) % 65521:04x}/"
    elif shape == "siblings":
        for number in range(count):
            yield f"customer={number:08}/"
    elif shape == "deep":
        for level in range(count):
            yield "m/" * level + "a/"
        for level in reversed(range(count)):
            yield "m/" * level + "z/"
    else:
        sys.exit(f"prefix_rows.py: no shape '{shape}'")


def main():
    shape, count = sys.argv[1], int(sys.argv[2])
    out = sys.stdout
    out.write(HEADER)
    if shape == "objects":
        cells = ";".join(cell(number, count // 48) for number in range(48))
        out.write(f"big/\t{stamp(SNAPSHOT - 10**8)}\t{stamp(SNAPSHOT)}\t{cells}\n#end\n")
        return
    ends = list(tails(Random(7)))
    lines = []
    for number, prefix in enumerate(prefixes(shape, count)):
        lines.append(prefix + ends[number * 2654435761 % 4093])
        if len(lines) == 4096:
            out.write("".join(lines))
            lines.clear()
    out.write("".join(lines) + "#end\n")


main()
