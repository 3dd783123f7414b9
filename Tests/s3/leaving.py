"""Ends in the middle, a full disk, and names that would lead elsewhere: nothing is left, nothing is half done."""

import os
import signal
import subprocess

from inventories import CONFIGURATION
from trial import Skipped, case, read

SMALL = ("--part-size", "64K")
SLOW = {"fault": "slow", "rate": 200_000, "target": "/data/"}


def interrupted(trial, number):
    """A signal to the whole foreground group, as the terminal sends ^C."""
    process = trial.start(trial.fetching(trial.world.plain, trial.proxy(trial.weed, SLOW), *SMALL), trial.weed.keys)
    trial.until(lambda: any(path.stat().st_size for path in trial.temporaries.rglob("*")), "something in the spool")
    trial.kill(process, number)
    process.wait(20)
    # bash may end before those it has started.
    trial.until(lambda: not list(trial.temporaries.iterdir()), "nothing left behind", 10)
    runs = process.folder / "runs"
    trial.require(not runs.exists() or not list(runs.iterdir()), "runs were published")


for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
    case(f"signal-{number.name}", number)(interrupted)


@case("signal-to-inv-fetch-alone")
def alone(trial):
    """It dies of the signal, and those behind it publish nothing."""
    script = '"$@" 2> fetch.err & echo $! > pid; wait $!; echo "$? 0" > statuses'
    command = trial.fetching(trial.world.plain, trial.proxy(trial.weed, SLOW), *SMALL, "--inline")
    process = trial.start(command, trial.weed.keys, script=script)
    trial.until(lambda: any(path.stat().st_size for path in trial.temporaries.rglob("*")), "something in the spool")
    os.kill(int(read(process.folder / "pid")), signal.SIGTERM)
    result = trial.wait(process, 20)
    trial.require(result.status == 128 + signal.SIGTERM, f"status {result.status}")
    trial.left_nothing()


def broken_pipe(trial, *options):
    script = '"$@" 2> fetch.err | head -c 1000 > stream; echo "${PIPESTATUS[*]} 0" > statuses'
    result = trial.run(trial.fetching(trial.world.plain, trial.weed, *SMALL, *options), script=script)
    # A stream of references may be written before its reader leaves.
    trial.require(result.status == 128 + signal.SIGPIPE or not options and result.status == 0, f"status {result.status}")
    trial.require(not result.said, f"said {result.said}")
    trial.left_nothing()


case("broken-pipe")(broken_pipe)
case("broken-pipe-inline", "--inline")(broken_pipe)


@case("reader-that-dies")
def dead_reader(trial):
    """inv-parse is killed: inv-fetch ends, and its spool is empty."""
    script = '"$@" 2> fetch.err | { head -c 200 > stream; kill -9 $BASHPID; }; echo "${PIPESTATUS[*]} 0" > statuses'
    proxy = trial.proxy(trial.weed, SLOW)
    result = trial.run(trial.fetching(trial.world.plain, proxy, *SMALL, "--spool-limit", "1M"), script=script)
    trial.require(result.status in (0, 128 + signal.SIGPIPE, 74), f"status {result.status}")
    trial.left_nothing()


@case("file-size-limit")
def size_limit(trial):
    """RLIMIT_FSIZE: an error like a full disk."""
    script = 'set -- bash -c \'ulimit -f 300; exec "$@"\' - "$@"\n' + '"$@" 2> fetch.err | tee stream | inv-parse 2> parse.err'
    script += ' | inv-agg -o runs 2> agg.err; echo "${PIPESTATUS[*]}" > statuses'
    result = trial.run(trial.fetching(trial.world.plain, trial.weed, *SMALL), script=script)
    trial.refused(result, {74}, str(trial.temporaries))


@case("full-disk")
def full_disk(trial):
    """A spool of one megabyte, where this user may mount one."""
    spool = trial.folder / "small"
    spool.mkdir()
    may = ["unshare", "--user", "--map-root-user", "--mount", "mount", "-t", "tmpfs", "-o", "size=1m", "none", spool]
    done = subprocess.run(may, capture_output=True, text=True)
    if done.returncode:
        raise Skipped(f"no file system may be mounted: {done.stderr.strip()}")
    script = 'mount -t tmpfs -o size=1m none "$SMALL" || exit; "$@" 2> fetch.err | inv-parse > rows 2> parse.err; '
    script += 'echo "${PIPESTATUS[*]} 0" > statuses; ls -A "$SMALL" > left'
    command = trial.fetching(trial.world.plain, trial.weed, *SMALL, "--spool", spool, "--spool-limit", "8M")
    inner = ["unshare", "--user", "--map-root-user", "--mount", "bash", "-c", script, "-", *command]
    result = trial.run(inner, script='"$@"', environment={"SMALL": str(spool)})
    trial.require(result.status == 74 and "No space left" in result.said, f"status {result.status}: {result.said}")
    trial.require(not read(result.folder / "left"), "left behind")


@case("spool-that-is-not-there")
def no_spool(trial):
    spool = trial.folder / "nowhere"
    trial.refused(trial.fetch(trial.weed, "--spool", spool), {64, 74}, str(spool))


ESCAPES = ["../../../../escaped.csv", "/escaped.csv", "a/../../../../../escaped.csv", "..", "x/./../../y.csv"]


def escaping(trial, option):
    """Keys that would be paths out of the folder: fetched all the same, under names of our own."""
    names = dict(zip([file["key"] for file in trial.world.inventory.manifest["files"]], ESCAPES))
    bucket = "escaping" + option
    client = trial.moto.client()
    trial.world.inventory.put(client, bucket, renamed=names.__getitem__)
    deep = trial.folder / "d/e/e/p"
    deep.mkdir(parents=True)
    source = trial.world.plain.replace("dest", bucket)
    result = trial.fetch(trial.moto, option, deep, *SMALL, source=source, keys=trial.moto.keys)
    outside = [path for path in trial.folder.rglob("*") if path.is_file() and "escaped" in path.name and deep not in path.parents]
    trial.require(not outside and not os.path.exists("/escaped.csv"), f"escaped: {outside}")
    trial.same(result)
    trial.require(option == "--keep" or not list(deep.iterdir()), "left in the spool")


case("names-that-leave-the-spool", "--spool")(escaping)
case("names-that-leave-the-kept", "--keep")(escaping)


@case("same-name-in-two-folders")
def same_names(trial):
    """Data files of different folders with one name do not overwrite each other."""
    inventory, client = trial.world.inventory, trial.weed.client()
    keys = [file["key"] for file in inventory.manifest["files"]]
    names = {key: f"{CONFIGURATION}/data/{number}/part.csv" for number, key in enumerate(keys)}
    inventory.put(client, "namesakes", renamed=names.__getitem__)
    source = trial.world.plain.replace("dest", "namesakes")
    trial.same(trial.fetch(trial.weed, *SMALL, source=source))
    kept = trial.folder / "kept"
    trial.same(trial.fetch(trial.weed, "--keep", kept, source=source))
