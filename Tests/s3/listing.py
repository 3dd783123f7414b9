"""inv-list: the object rows of a bucket are the keys that were put into it, each once."""

import re
import subprocess

from listed_bucket import ListedBucket
from trial import INDEXING, case

LISTING = '"$@" 2> fetch.err | tee stream | inv-cat > rows 2> parse.err; echo "${PIPESTATUS[*]}" > statuses'
# In byte order and in the order of directories alike, so that weed lists them as AWS would.
EVEN = [(f"logs/{i // 500:03d}/{i:06d}.gz", b"x" * (i % 5)) for i in range(2300)]
EVEN += [(f"flat{i:05d}", b"") for i in range(1200)]
EVEN += [(f"деep/{i % 7}/{i}", b"1") for i in range(150)] + [("sp ace/p+q%20", b"22"), ("z'\"&=?#;:@,", b"333")]
AWKWARD = [
    "a", "a b", "a b/x", "a!/x", "a-b/x", "a.b/x", "a/", "a/b", "a//", "a//b", "a0", "/lead", "//", "/", "..", "a/../b",
    "./c", "tab\tx", "\x01c", "cr\rx", "back\\slash", 'q"q', "it's", "<&>", "a&amp;b", "a+b", "a%b", "a%2Fb", "%2B",
    "é", "e\u0301", "\uffee", "\U00010000", "😀/z", "\x7f", "x" * 1024, "d/" * 511 + "dd", " lead", "trail ", "~*!()",
]  # fmt: skip


def unescaped(text):
    named = {b"\\n": b"\n", b"\\t": b"\t", b"\\\\": b"\\", b"\\r": b"\r"}
    return re.sub(rb"\\(x[0-9a-fA-F]{2}|.)", lambda m: named.get(m[0]) or bytes([int(m[0][2:], 16)]), text)


def rows_of(path):
    """The rows of a text twin: key, state, size; where no versions were asked for there is no state."""
    lines = [line for line in path.read_bytes().split(b"\n") if line and not line.startswith(b"#")]
    columns = lines[0].split(b"\t") if lines else []
    places = {name: columns.index(name) for name in columns}
    for line in lines[1:]:
        parts = line.split(b"\t")
        state = parts[places[b"state"]].decode() if b"state" in places else "current"
        yield unescaped(parts[places[b"key"]]), state, int(parts[places[b"size"]])


def rows_of_pairs(pairs):
    return sorted((key.encode() if isinstance(key, str) else key, "current", len(body)) for key, body in pairs)


def rows_of_bucket(bucket, versions=False):
    if not versions:
        return [(key, "current", size) for key, _, _, size in bucket.current]
    state = lambda latest, size: "delete-marker" if size is None else "current" if latest else "noncurrent"  # noqa: E731
    return sorted((key, state(latest, size), size or 0) for key, _, latest, size in bucket.versions)


def list_command(place, source, *options):
    return ["inv-list", "--endpoint", getattr(place, "endpoint", place), *options, source]


def listed(trial, place, source, expected, *options, keys=None, **how):
    """Lists; the rows must be those expected, whatever their order."""
    result = trial.run(list_command(place, source, *options), keys=keys, script=LISTING, **how)
    trial.require(result.statuses == [0, 0], f"statuses {result.statuses}")
    found = sorted(rows_of(result.folder / "rows"))
    if found != expected:
        twice = len(found) - len(set(found))
        missing, extra = sorted(set(expected) - set(found)), sorted(set(found) - set(expected))
        trial.require(False, f"{len(found)} rows, not {len(expected)}; {twice} twice; missing {missing[:5]}; extra {extra[:5]}")
    trial.left_nothing()
    return result


def prepared(trial):
    """The bucket `listed` of weed, filled by whoever comes first."""
    with trial.world.lock:
        if not trial.world.listed:
            client = trial.weed.client()
            client.make_bucket("listed")
            client.put_many("listed", EVEN)
            trial.world.listed = rows_of_pairs(EVEN)
    return trial.world.listed


@case("list-weed")
def weed(trial):
    expected = prepared(trial)
    listed(trial, trial.weed, "s3://listed", expected)
    listed(trial, trial.weed, "s3://listed/", expected, "-j", "1")


@case("list-weed-prefixes")
def prefixes(trial):
    """A prefix need not end in a slash, and may hold nothing."""
    expected = prepared(trial)
    for prefix in ("logs/", "logs/00", "flat", "sp ace/p+q%20", "деep/3/", "z'\"&=?"):
        below = [row for row in expected if row[0].startswith(prefix.encode())]
        trial.require(below, f"nothing below {prefix}")
        listed(trial, trial.weed, f"s3://listed/{prefix}", below)


@case("list-of-nothing")
def nothing(trial):
    """0 objects is said out loud."""
    prepared(trial)
    result = listed(trial, trial.weed, "s3://listed/no/such/", [])
    trial.require("0 objects" in result.said, "nothing was said")


@case("list-in-the-order-of-directories")
def tree_order(trial):
    """weed lists a/x before a-b/x: whatever a server's order, no key is lost."""
    client = trial.weed.client()
    client.make_bucket("uneven")
    names = ["a", "a b", "a-b", "a.b", "a!", "a0", "b.c", "b", "b-c", "b c"]
    pairs = [(f"{top}/{below}/{i:04d}", b"") for top in names for below in names for i in range(25)]
    client.put_many("uneven", pairs)
    listed(trial, trial.weed, "s3://uneven", rows_of_pairs(pairs), "-j", "8")


@case("list-rclone")
def rclone(trial):
    client = trial.rclone.client()
    client.make_bucket("listed")
    pairs = [(f"d{i % 13}/e {i % 3}/{i:04d}+é", b"x" * (i % 3)) for i in range(1300)]
    client.put_many("listed", pairs)
    listed(trial, trial.rclone, "s3://listed", rows_of_pairs(pairs))


@case("list-awkward-keys")
def awkward(trial):
    client = trial.moto.client()
    client.make_bucket("listed")
    pairs = [(key, b"x" * i) for i, key in enumerate(AWKWARD)]
    client.put_many("listed", pairs)
    listed(trial, trial.moto, "s3://listed", rows_of_pairs(pairs), keys=trial.moto.keys)
    listed(trial, trial.moto, "s3://listed", rows_of_pairs(pairs), keys=trial.moto.role_keys())


def big_bucket(**how):
    """Keys of all kinds, in shapes that a splitter finds hard: one deep, one flat, one of very long keys."""
    rows = [(key.encode(), "null", True, i) for i, key in enumerate(AWKWARD)]
    rows += [(b"nl\n%d" % i, "null", True, i) for i in range(3)]
    rows += [(b"flat-%08d" % i, "null", True, i) for i in range(30_000)]
    rows += [(b"y=%d/m=%02d/d=%02d/%06d" % (i // 5000, i // 400 % 12, i // 15 % 28, i), "null", True, 1) for i in range(20_000)]
    rows += [(b"p" * 900 + b"/%05d" % i, "null", True, 0) for i in range(3000)]
    rows += [(f"😀é{i:06d}".encode(), "null", True, 7) for i in range(3000)]
    rows += [(b"one/deep/" + b"x/" * (i % 300) + b"%04d" % i, "null", True, 2) for i in range(1500)]
    return ListedBucket("big", rows, **how)


@case("list-splits")
def splits(trial):
    with big_bucket() as bucket:
        far = trial.proxy(bucket, {"fault": "delay", "seconds": 0.03})
        listed(trial, far, "s3://big", rows_of_bucket(bucket), "-j", "8")
        trial.require(far.most_open > 2, f"{far.most_open} requests at once")
        pages = len(bucket.current) / 1000
        trial.require(len(bucket.requests) < 4 * pages + 50, f"{len(bucket.requests)} requests for {pages:.0f} pages")


@case("list-one-at-a-time")
def single(trial):
    with big_bucket() as bucket:
        listed(trial, bucket, "s3://big/flat", [row for row in rows_of_bucket(bucket) if row[0][:4] == b"flat"], "-j", "1")
        trial.require(bucket.most_under_way == 1, f"{bucket.most_under_way} requests at once")


@case("list-slow-down")
def gentle(trial):
    """A server that bears three requests at once: inv-list becomes gentle instead of hammering."""
    with big_bucket(most=3) as bucket:
        listed(trial, bucket, "s3://big", rows_of_bucket(bucket), "-j", "16")
        share = bucket.slowed / len(bucket.requests)
        trial.require(share < 0.3, f"{share:.0%} of {len(bucket.requests)} requests were told to slow down")


@case("list-versions")
def versions(trial):
    rows = []
    for i, key in enumerate([*AWKWARD, *(f"v/{i:05d}" for i in range(4000)), "many"]):
        count = 2500 if key == "many" else i % 4 + 1
        for j in range(count):
            rows.append((key.encode(), f"id{j:05d}", j == 0, None if i % 5 == 0 and j == 0 else j))
    with ListedBucket("big", rows) as bucket:
        listed(trial, bucket, "s3://big", rows_of_bucket(bucket, versions=True), "--versions", "-j", "8")
        listed(trial, bucket, "s3://big", rows_of_bucket(bucket))
        listed(trial, bucket, "s3://big/many", [row for row in rows_of_bucket(bucket, True) if row[0] == b"many"], "--versions")


def real_versions(trial, server):
    server, keys = getattr(trial, server), getattr(trial, server).keys
    client = server.client()
    client.make_bucket("versioned", versions=True)
    rows = []
    for i in range(40):
        key = f"d{i % 4}/k{i:03d}"
        for size in range(1, i % 4 + 2):
            client.put("versioned", key, b"x" * size)
            rows.append([key.encode(), "noncurrent", size])
        if i % 5 == 0:
            client.delete("versioned", key)
            rows.append([key.encode(), "delete-marker", 0])
        else:
            rows[-1][1] = "current"
    rows = sorted(map(tuple, rows))
    listed(trial, server, "s3://versioned", rows, "--versions", keys=keys)
    listed(trial, server, "s3://versioned", [row for row in rows if row[1] == "current"], keys=keys)


for server in ("weed", "moto"):
    case(f"list-versions-{server}", server)(real_versions)


@case("list-versions-where-there-are-none")
def unversioned(trial):
    expected = [row for row in prepared(trial) if row[0].startswith(b"logs/")]
    listed(trial, trial.weed, "s3://listed/logs/", expected, "--versions")


@case("list-versions-not-implemented")
def not_implemented(trial):
    result = trial.run(list_command(trial.rclone, "s3://dest", "--versions"), script=LISTING)
    trial.require(result.status in (65, 74) and "501" in result.said, f"status {result.status}: {result.said}")


@case("list-built")
def built(trial):
    """inv-build --list gives the index of the pipeline, and passes on what it is told."""
    prepared(trial)
    words = ["--mount", "m/", "--exclude", "*/000*", "--snapshot", "2026-11-01T00:00:00Z"]
    script = '"$@" 2> fetch.err | tee stream | inv-agg -o runs 2> agg.err; echo "${PIPESTATUS[*]}" > statuses; ' + INDEXING
    piped = trial.run(list_command(trial.weed, "s3://listed/logs/", *words), script=script)
    trial.require(piped.statuses == [0, 0], f"statuses {piped.statuses}")
    kept = trial.folder / "kept"
    command = ["inv-build", "--list", "--endpoint", trial.weed.endpoint, *words, "--keep", kept, "s3://listed/logs/", "-o", "index"]
    for _ in range(2):
        made = trial.run(command, script='"$@" 2> fetch.err; echo "$? 0" > statuses')
        trial.require(made.status == 0 and (kept / "journal").exists(), f"status {made.status}")
        trial.equal(made.folder / "index", piped.folder / "index")
    trial.left_nothing()


@case("list-versions-built")
def versions_built(trial):
    """The versions reach the index."""
    rows = [(b"v/%05d" % (i // 2), f"id{i % 2}", i % 2 == 0, 7) for i in range(3000)]
    with ListedBucket("big", rows) as bucket:
        command = ["inv-build", "--list", "--versions", "--endpoint", bucket.endpoint, "s3://big", "-o", "index"]
        made = trial.run(command, script='"$@" 2> fetch.err; echo "$? 0" > statuses')
        trial.require(made.status == 0, f"status {made.status}")
        script = ["inv-query", "index", "--by", "state", "--format", "tsv"]
        text = subprocess.run(script, cwd=made.folder, capture_output=True, text=True).stdout
        trial.require("noncurrent" in text and "1500" in text, text)


@case("list-then-index")
def indexed(trial):
    """The rows of a listing go where those of an inventory go."""
    expected = prepared(trial)
    script = '"$@" 2> fetch.err | tee stream | inv-agg -o runs 2> agg.err; echo "${PIPESTATUS[*]}" > statuses'
    result = trial.run(list_command(trial.weed, "s3://listed"), script=script)
    trial.require(result.statuses == [0, 0], f"statuses {result.statuses}")
    script = "inv-merge runs/* | inv-mkindex index && inv-query index --format tsv"
    done = subprocess.run(["bash", "-o", "pipefail", "-c", script], cwd=result.folder, capture_output=True, text=True)
    trial.require(done.returncode == 0, done.stderr)
    header, row = (line.split("\t") for line in done.stdout.splitlines()[:2])
    figures = dict(zip(header, row))
    trial.require(int(figures["objects"]) == len(expected), f"{figures}")
    trial.require(int(figures["bytes"]) == sum(size for *_, size in expected), f"{figures}")
