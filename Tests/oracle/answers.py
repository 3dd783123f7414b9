"""What inv-query answers, against plain sums over what scan.py found: every prefix, every dimension."""

import json
import subprocess
from collections import defaultdict
from datetime import datetime, timezone
from fractions import Fraction

from scan import AGE_EDGES, SIZE_EDGES

SPOTS = 23
CLAUSES = [
    "class=STANDARD", "class=GLACIER,age=1y..", "size=128KiB..1MiB", "size=0", "age=unknown",
    "class=STANDARD_IA,STANDARD,size=1KiB..,age=..90d", "state=noncurrent", "state=current,noncurrent,size=1..",
    "state=delete-marker", "class=DEEP_ARCHIVE,size=..1",
]  # fmt: skip
DIMENSIONS = ["state", "class", "size", "age"]


def band_names(edges, text):
    lows = [text(edge) for edge in edges]
    names = {}
    for i, edge in enumerate(edges):
        high = lows[i + 1] if i + 1 < len(edges) else ""
        names[str(edge)] = lows[i] if i + 1 < len(edges) and edges[i + 1] == edge + 1 else f"{lows[i]}..{high}"
    return {**names, "unknown": "unknown"}


def size_text(size):
    units = ["B", "KiB", "MiB", "GiB", "TiB"]
    while size and size % 1024 == 0:
        size, units = size // 1024, units[1:]
    return f"{size} {units[0]}"


SIZE_NAMES = band_names(SIZE_EDGES, size_text)
AGE_NAMES = band_names(AGE_EDGES, lambda days: f"{days // 365}y" if days and days % 365 == 0 else f"{days}d")


def number(text):
    """'128KiB', '1y', '90d' or '5' as bytes or days."""
    for unit, factor in [("KiB", 2**10), ("MiB", 2**20), ("GiB", 2**30), ("d", 1), ("y", 365), ("", 1)]:
        if text.endswith(unit):
            return int(text.removesuffix(unit)) * factor


class Clause:
    """The points that a --where clause allows."""

    def __init__(self, text):
        self.values = defaultdict(list)
        for item in text.split(","):
            if "=" in item:
                name, item = item.split("=")
            self.values[name].append(item)

    def allows(self, point):
        return all(
            any(self.is_value(name, value, point[DIMENSIONS.index(name)]) for value in values)
            for name, values in self.values.items()
        )

    def counts(self, point):
        """The same for totals: current objects unless the state is named."""
        return self.allows(point) and ("state" in self.values or point[0] == "current")

    @staticmethod
    def is_value(name, value, here):
        if name in ("state", "class") or "unknown" in (value, here):
            return here == value
        if ".." not in value:
            return int(here) == number(value)
        low, high = value.split("..")
        return (not low or int(here) >= number(low)) and (not high or int(here) < number(high))


class Everything:
    def allows(self, point):
        return True

    def counts(self, point):
        return point[0] == "current"


class Node:
    def __init__(self):
        self.own, self.all = defaultdict(lambda: [0, 0]), defaultdict(lambda: [0, 0])
        self.times = []


def add(cells, point, figures):
    cells[point][0] += figures[0]
    cells[point][1] += figures[1]


class Tree:
    """All prefixes of a scan, with what lies at and below each."""

    def __init__(self, prefixes):
        self.nodes = defaultdict(Node)
        for name, prefix in prefixes.items():
            ends = [0] + [i + 1 for i, byte in enumerate(name) if byte == 0x2F]
            own = self.nodes[name]
            for text, figures in prefix.cells.items():
                add(own.own, tuple(text.split("|")), figures)
            for end in ends:
                node = self.nodes[name[:end]]
                node.times += prefix.times
                for text, figures in prefix.cells.items():
                    add(node.all, tuple(text.split("|")), figures)
        self.names = sorted(self.nodes)

    def below(self, name):
        return [other for other in self.names if other.startswith(name) and other != name]

    def left(self, clause):
        """The prefixes that have something that counts."""
        return {name for name in self.names if any(map(clause.counts, self.nodes[name].all))}


def total(cells, allows):
    chosen = [figures for point, figures in cells.items() if allows(point)]
    return sum(n for n, _ in chosen), sum(size for _, size in chosen)


def below_counts(names):
    """How many of `names` lie below each prefix."""
    counts = defaultdict(int)
    for name in names:
        for i, byte in enumerate(name[:-1]):
            if byte == 0x2F:
                counts[name[: i + 1]] += 1
        if name:
            counts[b""] += 1
    return counts


def time_text(seconds):
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def row(tree, name, clause, counts):
    node = tree.nodes[name]
    objects, size = total(node.all, clause.counts)
    direct_objects, direct_bytes = total(node.own, clause.counts)
    has_times = isinstance(clause, Everything) and node.times
    return {
        "prefix": name, "depth": name.count(b"/"), "objects": objects, "bytes": size,
        "direct_objects": direct_objects, "direct_bytes": direct_bytes, "prefixes": counts[name],
        "oldest": time_text(min(node.times)) if has_times else None,
        "newest": time_text(max(node.times)) if has_times else None,
    }  # fmt: skip


def breakdown(cells, dimensions, clause):
    """As --by has it: current objects only unless the state is named, in the order of values."""
    sums = defaultdict(lambda: [0, 0])
    places = [DIMENSIONS.index(name) for name in dimensions]
    for point, figures in cells.items():
        if clause.counts(point) or 0 in places and clause.allows(point):
            add(sums, tuple(point[place] for place in places), figures)
    names = [None, None, SIZE_NAMES, AGE_NAMES]
    orders = [["current", "noncurrent", "delete-marker"].index, str.encode] + [
        lambda value: (value == "unknown", int(value) if value != "unknown" else 0)
    ] * 2
    return [
        {name: (names[place] or {}).get(value, value) for name, place, value in zip(dimensions, places, key)}
        | {"objects": n, "bytes": size}
        for key, (n, size) in sorted(
            sums.items(), key=lambda item: [orders[place](value) for place, value in zip(places, item[0])]
        )
    ]


class Prices:
    """The shipped list, read by another hand, and applied to the whole of a tree."""

    def __init__(self, path, cells):
        self.classes = {}
        for line in path.read_text().splitlines():
            words = line.split("#")[0].split()
            if words[:1] == ["class"]:
                here = self.classes[words[1]] = {"steps": []}
            elif words[:1] == ["price"]:
                here["steps"].append((Fraction(words[1]), number_of(words[3]) if len(words) > 2 else None))
            elif words[:1] == ["overhead"] and len(words) > 2:
                here["elsewhere"] = (number_of(words[1]), words[3])
            elif words[:1] in (["minimum"], ["overhead"]):
                here[words[0]] = number_of(words[1])
            elif words[:1] == ["monitor"]:
                here["monitor"] = (Fraction(words[1]) / 1000, number_of(words[3]))
            elif words[:1] == ["below"]:
                here["below"] = (number_of(words[1]), words[3])
        billed = defaultdict(int)
        for point, figures in cells.items():
            for name, size, _ in self.parts(point, figures):
                billed[name] += size
        self.rates = {name: self.rate(name, size) for name, size in billed.items()}

    def rate(self, name, size):
        """A byte's share of what all of the class cost."""
        cost, before = Fraction(0), 0
        for price, end in self.classes[name]["steps"]:
            upto = size if end is None else min(size, end)
            cost += max(0, upto - before) * price / 2**30
            before = max(before, upto)
        return cost / size if size else Fraction(0)

    def parts(self, point, figures):
        """(class, its bytes, the monitoring) of all that a cell is billed as."""
        state, name, edge = point[0], point[1], int(point[2])
        rule = self.classes.get(name)
        if rule is None or state not in ("current", "noncurrent"):
            return
        n, size = figures
        if "below" in rule and edge < rule["below"][0]:
            yield rule["below"][1], size, 0
            return
        if edge < rule.get("minimum", 0):
            size = n * rule["minimum"]
        watched = rule["monitor"][0] * n if "monitor" in rule and edge >= rule["monitor"][1] else 0
        yield name, size + n * rule.get("overhead", 0), watched
        if "elsewhere" in rule:
            yield rule["elsewhere"][1], n * rule["elsewhere"][0], 0

    def cost(self, cells):
        return sum(
            self.rates[name] * size + watched
            for point, figures in cells.items()
            for name, size, watched in self.parts(point, figures)
        )


def number_of(text):
    for power, unit in enumerate(["KiB", "MiB", "GiB", "TiB"]):
        if text.endswith(unit):
            return int(text.removesuffix(unit)) << 10 * (power + 1)
    return int(text)


def money(amount):
    """Rounded half up to six places."""
    return f"{(amount * 10**6 + Fraction(1, 2)).__floor__() / 10**6:.6f}"


def asked(index, *options, names=None):
    """The objects that inv-query prints, their prefixes as bytes."""
    command = ["inv-query", str(index), *options, "--format", "json"]
    if names is not None:
        command += ["--null", "-"]
    text = b"".join(name + b"\0" for name in names or [])
    said = subprocess.run(command, input=text, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)
    rows = [json.loads(line, parse_float=str) for line in said.stdout.splitlines()]
    for answer in rows:
        answer["prefix"] = answer["prefix"].encode("utf-8", "surrogateescape")
    return rows


def lines(rows, members=None):
    return [repr({name: each[name] for name in members or each}) for each in rows]


def check(tally, what, prefixes, index, snapshot, prices_path, has_versions):
    tree = Tree(prefixes)
    everything, counts = Everything(), below_counts(tree.names)
    expected = [row(tree, name, everything, counts) for name in tree.names]
    members = list(expected[0])
    answers = asked(index, names=tree.names)
    tally.compare(f"{what}: every prefix", lines(expected), lines(answers, members))
    tally.compare(f"{what}: snapshot", [snapshot], sorted({answer["snapshot"] for answer in answers}))
    tally.compare(
        f"{what}: --all", lines(expected[1:]), lines(asked(index, "--all", "--sort", "name")[:-1], members)
    )
    hidden = ["noncurrent_objects", "noncurrent_bytes", "delete_markers"]
    sums = [
        {
            **dict(zip(hidden, total(node.all, lambda point: point[0] == "noncurrent"))),
            hidden[2]: total(node.all, lambda point: point[0] == "delete-marker")[0],
        }
        for node in map(tree.nodes.get, tree.names)
    ]
    if not has_versions:
        sums = [dict.fromkeys(hidden) for _ in sums]
    tally.compare(f"{what}: --hidden", lines(sums), lines(asked(index, "--hidden", names=tree.names), hidden))
    check_breakdowns(tally, what, tree, index)
    for clause in CLAUSES:
        check_clause(tally, f"{what}: --where {clause}", tree, index, clause)
    check_listings(tally, what, tree, index)
    prices = Prices(prices_path, tree.nodes[b""].all)
    tally.compare(
        f"{what}: --cost",
        [money(prices.cost(tree.nodes[name].all)) for name in tree.names],
        [answer["cost"] for answer in asked(index, "--cost", names=tree.names)],
    )


def check_breakdowns(tally, what, tree, index):
    for dimensions in [[name] for name in DIMENSIONS] + [["class", "age"], ["state", "size"], ["age", "class"]]:
        names = tree.names if len(dimensions) == 1 else tree.names[::SPOTS]
        expected = [repr(breakdown(tree.nodes[name].all, dimensions, Everything())) for name in names]
        answers = asked(index, "--by", ",".join(dimensions), names=names)
        tally.compare(f"{what}: --by {dimensions}", expected, [repr(answer["by"]) for answer in answers])
    own = asked(index, "--by", "class", "--children", "1", names=tree.names[::SPOTS])
    tally.compare(
        f"{what}: --by of what is directly here",
        [repr(breakdown(tree.nodes[name].own, ["class"], Everything())) for name in tree.names[::SPOTS]],
        [repr(answer["by"]) for answer in own if answer["directly_here"]],
    )


def check_clause(tally, what, tree, index, text):
    try:
        listed = asked(index, "--where", text, "--all", "--sort", "name")
    except subprocess.CalledProcessError:
        return tally.compare(what, ["an answer"], ["a refusal"])
    clause = Clause(text)
    left = tree.left(clause)
    counts = below_counts(left)
    expected = [row(tree, name, clause, counts) for name in tree.names if name in left and name]
    members = list(row(tree, b"", clause, counts))
    tally.compare(what, lines(expected), lines(listed[:-1], members))
    spots = tree.names[::SPOTS]
    expected = [row(tree, name, clause, counts) for name in spots]
    answers = asked(index, "--where", text, "--by", "class", names=spots)
    tally.compare(f"{what}, each alone", lines(expected), lines(answers, members))
    tally.compare(
        f"{what}, --by",
        [repr(breakdown(tree.nodes[name].all, ["class"], clause)) for name in spots],
        [repr(answer["by"]) for answer in answers],
    )


def check_listings(tally, what, tree, index):
    figures = {name: total(node.all, Everything().counts) for name, node in tree.nodes.items()}

    def by_bytes(names):
        return sorted(names, key=lambda name: (-figures[name][1], name))

    def walk(name, levels):
        depth = name.count(b"/")
        for child in by_bytes([other for other in tree.below(name) if other.count(b"/") == depth + 1]):
            yield child
            if levels > 1:
                yield from walk(child, levels - 1)

    inner = below_counts(tree.names)
    leaves = {name for name in tree.names if not inner[name]}
    for name in [b"", b"a/", b"logs/", b"/", b"d/d/"]:
        below = tree.below(name)
        for level in [1, 2, 5]:
            at = [other for other in below if other[len(name) :].count(b"/") == level]
            compare_names(tally, f"{what}: --children {level} of {name}", by_bytes(at), index, name, "--children", level)
        if name != b"d/d/":
            compare_names(tally, f"{what}: --tree of {name}", walk(name, 3), index, name, "--tree", 3)
        at = by_bytes([other for other in below if other in leaves])
        compare_names(tally, f"{what}: --leaves of {name}", at, index, name, "--leaves")
        at = by_bytes([other for other in below if figures[other][1] >= 1 << 20 and figures[other][0] <= 9])
        compare_names(
            tally, f"{what}: filters of {name}", at[:50], index, name,
            "--all", "--min-bytes", "1M", "--max-objects", 9, "--limit", 50,
        )  # fmt: skip


def compare_names(tally, what, expected, index, name, *options):
    listed = asked(index, *map(str, options), names=[name])
    tally.compare(what, [*map(repr, expected), repr(name)], [repr(answer["prefix"]) for answer in listed])
