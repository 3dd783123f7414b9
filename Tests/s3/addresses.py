"""Where an inventory may lie, and what is wanted of it: the index must be the same."""

import subprocess

from inventories import CONFIGURATION, SNAPSHOT
from s3client import NO_KEYS
from trial import case

SMALL = ("--part-size", "64K")


def plain(trial, server, *options):
    server = getattr(trial, server)
    trial.same(trial.fetch(server, *options, keys=server.keys))


for server in ("weed", "rclone", "moto"):
    case(f"plain-{server}", server)(plain)
    case(f"ranges-{server}", server, *SMALL, "-j", "8")(plain)
    case(f"inline-{server}", server, "--inline", *SMALL)(plain)


def awkward_names(trial, server):
    """Spaces, plus, percent, quotes, unicode in the keys of data files and in the destination prefix."""
    server = getattr(trial, server)
    source = trial.world.plain.replace("dest", "awkward")
    trial.same(trial.fetch(server, *SMALL, source=source, keys=server.keys))


for server in ("weed", "rclone", "moto"):
    case(f"awkward-names-{server}", server)(awkward_names)


@case("awkward-names-of-the-manifest")
def awkward_manifest(trial):
    prefix = "sp ace/p+q%20r/é'\"&=?#;/"
    inventory, client = trial.world.inventory, trial.moto.client()
    inventory.put(client, "deep", prefix, renamed=lambda key: prefix + key, stored=lambda key: key.removeprefix(prefix))
    keys = trial.moto.keys
    source = f"s3://deep/{prefix}{CONFIGURATION}/"
    trial.same(trial.fetch(trial.moto, source=source, keys=keys))
    trial.same(trial.fetch(trial.moto, source=f"{source}{SNAPSHOT}/manifest.json", keys=keys))


@case("double-slash-of-the-destination-prefix")
def double_slash(trial):
    """The data lie at inventory//bucket/, the manifest says inventory/bucket/."""
    client = trial.moto.client()
    trial.world.inventory.put(client, "trap", stored=lambda key: key.replace("inventory/", "inventory//", 1))
    proxy = trial.proxy(trial.moto)
    trial.same(trial.fetch(proxy, source=trial.world.plain.replace("dest", "trap"), keys=trial.moto.keys))


@case("session-token")
def session_token(trial):
    trial.same(trial.fetch(trial.moto, *SMALL, keys=trial.moto.role_keys()))


@case("newest-complete-snapshot")
def newest(trial):
    """A folder stands for its newest snapshot that is complete; --snapshot names another."""
    client = trial.weed.client()
    trial.world.inventory.put(client, "many")
    trial.world.older.add(client, "many")
    client.put("many", f"{CONFIGURATION}/2026-11-02T00-00Z/manifest.json", b"{")
    client.put("many", f"{CONFIGURATION}/hive/dt=2026-11-01-00-00/symlink.txt", b"s3://many/x\n")
    for source in (f"s3://many/{CONFIGURATION}/", f"s3://many/{CONFIGURATION}"):
        result = trial.same(trial.fetch(trial.weed, source=source))
        trial.require("2026-11-02T00-00Z" in result.said, "the incomplete one is not mentioned")
    source = f"s3://many/{CONFIGURATION}/"
    older = trial.fetch(trial.weed, "--snapshot", "2026-10-31", source=source)
    trial.same(older, trial.world.older_reference)
    trial.same(trial.fetch(trial.weed, source=f"s3://many/{CONFIGURATION}/{SNAPSHOT}/"))


@case("configuration-of-a-thousand-snapshots")
def many_snapshots(trial):
    """The folder's listing takes more than a page."""
    client = trial.weed.client()
    trial.world.inventory.put(client, "years")
    days = [(f"{CONFIGURATION}/20{y:02d}-{m:02d}-{d:02d}T00-00Z/manifest.checksum", b"x")
            for y in range(20, 24) for m in range(1, 13) for d in range(1, 28)]  # fmt: skip
    client.put_many("years", days)
    trial.same(trial.fetch(trial.weed, source=f"s3://years/{CONFIGURATION}/"))


def url(trial, form):
    source = f"{trial.weed.endpoint}/public/{CONFIGURATION}/{SNAPSHOT}/manifest.json"
    trial.same(trial.fetch(None, *form, source=source, keys=NO_KEYS))


case("url-of-a-manifest")(lambda trial: url(trial, []))
case("url-of-a-manifest-in-ranges")(lambda trial: url(trial, [*SMALL, "-j", "4"]))


@case("url-of-nothing")
def url_of_nothing(trial):
    source = f"{trial.weed.endpoint}/public/no/manifest.json"
    trial.refused(trial.fetch(None, source=source, keys=NO_KEYS), {65, 74}, "404", "no/manifest.json")


@case("mixed-with-local-ones")
def mixed(trial):
    """A manifest on S3 and a local one, each under a root of its own."""
    both = ["--mount", "here/", trial.world.older.path, "--mount", "there/", trial.world.plain]
    trial.same(trial.fetch(trial.weed, *both[:-1], source=both[-1]), mixture(trial))


def mixture(trial):
    folder = trial.folder / "reference"
    sources = ["--mount", "here/", trial.world.older.path, "--mount", "there/", trial.world.inventory.path]
    script = 'inv-fetch "$@" | inv-parse | inv-agg -o runs && inv-merge runs/* | inv-mkindex index'
    folder.mkdir()
    subprocess.run(["bash", "-o", "pipefail", "-c", script, "bash", *map(str, sources)], cwd=folder, check=True)
    return folder / "index"


@case("part")
def parts(trial):
    """Shares of an inventory on S3 are those of its local copy."""
    for part in ("1/2", "2/2"):
        result = trial.fetch(trial.weed, "--part", part)
        trial.require(result.statuses == [0, 0, 0], f"statuses {result.statuses}")
    runs = [run for result in trial.results for run in sorted((result.folder / "runs").iterdir())]
    folder = trial.folder / "index"
    subprocess.run(["bash", "-o", "pipefail", "-c", 'inv-merge "$@" | inv-mkindex ' + str(folder), "-", *runs], check=True)
    trial.equal(folder, trial.world.reference)


@case("dry-run")
def dry_run(trial):
    """A list costs the manifest and no data."""
    proxy = trial.proxy(trial.weed)
    command = trial.fetching(trial.world.plain, proxy, "--dry-run")
    result = trial.run(command, script='"$@" > list 2> fetch.err; echo "$? 0" > statuses')
    lines = (result.folder / "list").read_text().splitlines()
    keys = [file["key"] for file in trial.world.inventory.manifest["files"]]
    trial.require(result.status == 0, f"status {result.status}")
    trial.require([line.split("\t")[2] for line in lines[1:-1]] == keys, "other keys")
    trial.require(not any(entry[0] == "GET" and "/data/" in entry[1] for entry in proxy.log), "data were fetched")


@case("inv-build")
def build(trial):
    command = ["inv-build", "--endpoint", trial.weed.endpoint, trial.world.plain, "-o", "index"]
    result = trial.run(command, script='"$@" 2> fetch.err; echo "$? 0" > statuses')
    trial.require(result.status == 0, f"status {result.status}")
    trial.equal(result.folder / "index", trial.world.reference)
    trial.left_nothing()


@case("several-at-once")
def several(trial):
    """Ranges of a file, and files, are fetched over several connections."""
    proxy = trial.proxy(trial.weed, {"fault": "slow", "rate": 2_000_000, "target": "/data/"})
    trial.same(trial.fetch(proxy, *SMALL, "-j", "8"))
    trial.require(3 <= proxy.most_open <= 12, f"{proxy.most_open} connections at once")


@case("one-at-a-time")
def single(trial):
    proxy = trial.proxy(trial.weed)
    trial.same(trial.fetch(proxy, *SMALL, "-j", "1"))
    trial.require(proxy.most_open <= 2, f"{proxy.most_open} connections at once")
