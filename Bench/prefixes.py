#!/usr/bin/env python3
"""Writes prefix rows as text for `inv-cat --load`: COUNT prefixes in a tree seven levels deep.

Half of them are named like days and hours, half by random digits; every leaf holds one to three cells.
"""

import random
import sys

HEADER = """#inv-rows: 1
# kind: prefixes
# order: prefix
# column: prefix\tkey
# column: oldest-modified\tint
# column: newest-modified\tint
# column: cells\tuint
# dimension: state\tstate
# dimension: class\tword
# dimension: size\tband\t0\t1\t1024\t10240\t102400\t131072\t1048576\t10485760\t104857600\t1073741824\t10737418240\t107374182400
# dimension: age\tband\t0\t30\t60\t90\t180\t365\t730\t1095\t1460\t1825\t2190\t2555\tunknown
# age-of: modified
# origin: \tbucket\t2026-11-01T00:00:00Z\tkey size class modified
#words: class\tDEEP_ARCHIVE\tGLACIER\tSTANDARD\tSTANDARD_IA
prefix\toldest-modified\tnewest-modified\tcells
"""


def leaves(count):
    """The prefixes of leaves in order, with their ancestors about `count`."""
    made = 0
    team = 0
    while made < count:
        dated = team % 2 == 0
        root = f"team-{team:06d}/"
        made += 1
        for year in range(2024, 2026):
            made += 1
            for month in range(1, 13):
                made += 1
                for day in range(1, 29):
                    made += 1
                    folder = f"{root}{year}/{month:02d}/{day:02d}/"
                    if dated:
                        names = [f"hour={hour:02d}/" for hour in range(12)]
                    else:
                        names = sorted(f"{random.getrandbits(64):016x}/" for _ in range(12))
                    made += len(names)
                    for name in names:
                        yield folder + name
        team += 1


def main():
    count = int(sys.argv[1])
    random.seed(1)
    out = sys.stdout
    out.write(HEADER)
    rows = cells = objects = total = 0
    classes = ["DEEP_ARCHIVE", "GLACIER", "STANDARD", "STANDARD_IA"]
    bands = [(1024, 10240), (10240, 102400), (131072, 1048576)]
    lines = []
    for prefix in leaves(count):
        day = random.randrange(28)
        picked = []
        for place in sorted(random.sample(range(3), random.choice((1, 1, 2, 3)))):
            low, high = bands[place]
            n = random.randrange(1, 5)
            size = random.randrange(low, high) * n
            picked.append(f"current,{classes[rows // 4096 % 4]},{low},365={n}:{size}")
            objects += n
            total += size
        time = f"2025-0{1 + rows % 9}-{1 + day:02d}T{rows % 24:02d}:{rows % 60:02d}:{day:02d}Z"
        lines.append(f"{prefix}\t{time}\t{time}\t{';'.join(picked)}\n")
        rows += 1
        cells += len(picked)
        if len(lines) == 4096:
            out.write("".join(lines))
            lines.clear()
    out.write("".join(lines))
    out.write(f"#end\n# rows: {rows}\n# cells: {cells}\n# objects: {objects}\n# bytes: {total}\n# read: {objects}\n")


main()
