"""Where files wait: --spool-limit bounds them, --keep keeps them, and a run that was killed goes on."""

import os
import signal
import subprocess
import threading

from trial import case, read

SMALL = ("--part-size", "64K")
DATA = "/data/"
KEEPING = '"$@" > stream 2> fetch.err & echo $! > pid; wait $!; echo "$? 0" > statuses'


def occupied(folder):
    total = 0
    for path in folder.rglob("*"):
        try:
            status = path.stat()
            total += 0 if path.is_dir() else status.st_blocks * 512
        except OSError:
            pass
    return total


class Watch:
    """The most that a folder ever took."""

    def __init__(self, folder):
        self.folder, self.most, self.done = folder, 0, threading.Event()

    def __enter__(self):
        def watch():
            while not self.done.wait(0.002):
                self.most = max(self.most, occupied(self.folder))

        self.thread = threading.Thread(target=watch)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.done.set()
        self.thread.join()


@case("spool-limit")
def limited(trial):
    """Five files of 0.8 MB, room for two: the third comes when one has been parsed."""
    spool = trial.folder / "spool"
    spool.mkdir()
    sizes = [file["size"] for file in trial.world.inventory.manifest["files"]]
    limit = max(sizes) * 2 + 65536
    trial.require(sum(sizes) > 2 * limit, "the inventory is too small to show anything")
    # A reader that takes a while, so that the spool would fill.
    script = '"$@" 2> fetch.err | tee stream | { sleep 1; inv-parse 2> parse.err; } | inv-agg -o runs 2> agg.err'
    script += '; echo "${PIPESTATUS[*]}" > statuses'
    command = trial.fetching(trial.world.plain, trial.weed, *SMALL, "--spool", spool, "--spool-limit", str(limit))
    with Watch(spool) as watch:
        result = trial.run(command, script=script)
    trial.same(result)
    trial.require(watch.most <= limit, f"{watch.most} bytes in the spool, {limit} allowed")
    trial.require(watch.most > limit / 4, f"only {watch.most} bytes of {limit} were used")
    trial.require(not list(spool.iterdir()), "left in the spool")


@case("spool-limit-below-a-file")
def tight(trial):
    """A file larger than the limit: it comes alone, or is refused with a sentence; never a wait for ever."""
    result = trial.fetch(trial.weed, *SMALL, "--spool-limit", "100K", timeout=60)
    if result.status == 0:
        trial.same(result)
    else:
        trial.refused(result, {64, 74}, "spool-limit")


@case("spool-in-TMPDIR")
def default_place(trial):
    slow = {"fault": "slow", "rate": 400_000, "target": DATA}
    process = trial.start(trial.fetching(trial.world.plain, trial.proxy(trial.weed, slow), *SMALL), trial.weed.keys)
    trial.until(lambda: occupied(trial.temporaries), "something in $TMPDIR")
    trial.same(trial.wait(process))


def handed_on(trial, stream):
    """The names of the files that a stream, cut as it may be, has handed on."""
    done = subprocess.run(["inv-cat", stream], capture_output=True, env=trial.environment())
    return [line[8:].decode() for line in done.stdout.splitlines() if line.startswith(b"# name: ")]


def asked_for(proxy, key):
    return [entry for entry in proxy.log if entry[0] == "GET" and key in entry[1]]


@case("keep")
def kept(trial):
    """What was kept is not fetched again, and makes the same index."""
    kept, proxy = trial.folder / "kept", trial.proxy(trial.weed)
    trial.same(trial.fetch(proxy, *SMALL, "--keep", kept))
    held = {path: path.read_bytes() for path in kept.rglob("*") if path.is_file()}
    asked = len([entry for entry in proxy.log if DATA in entry[1] and entry[0] == "GET"])
    trial.same(trial.fetch(proxy, *SMALL, "--keep", kept))
    again = len([entry for entry in proxy.log if DATA in entry[1] and entry[0] == "GET"])
    trial.require(asked and again == asked, f"{again - asked} data requests in the second run")
    for file in trial.world.inventory.manifest["files"]:
        trial.require(trial.world.inventory.content(file) in held.values(), f"{file['key']} was not kept")


@case("kill-9-then-resume", waits=True)
def resumed(trial):
    """The fourth file stalls, the run is killed; the next one fetches what is missing and no more."""
    kept, names = trial.folder / "kept", [file["key"] for file in trial.world.inventory.manifest["files"]]
    # Three may pass; of each further one, all that is behind 200 kB stalls.
    passed = set()

    def later(request):
        name = next((name for name in names if name in request.target), None)
        if name and (name in passed or len(passed) < 3):
            passed.add(name)
            return False
        first = int(request.header("range")[6:].split("-")[0] or 0) if request.header("range") else 0
        return name is not None and first >= 196608

    proxy = trial.proxy(trial.weed, {"when": later, "fault": "stall", "after": 0})
    command = trial.fetching(trial.world.plain, proxy, "--part-size", "64K", "-j", "3", "--keep", kept)
    process = trial.start(command, trial.weed.keys, script=KEEPING)
    trial.until(lambda: set(handed_on(trial, process.folder / "stream")) >= passed and len(passed) == 3, "three files")
    os.kill(int(read(process.folder / "pid")), signal.SIGKILL)
    process.wait(20)
    done = set(handed_on(trial, process.folder / "stream"))
    second = trial.proxy(trial.weed)
    trial.same(trial.fetch(second, *SMALL, "--keep", kept))
    for name in done:
        trial.require(not asked_for(second, name), f"{name} was verified and fetched again")
    fetched = sum(entry[-1] for entry in second.log if DATA in entry[1] and entry[3] == "pass")
    missing = sum(file["size"] for file in trial.world.inventory.manifest["files"] if file["key"] not in done)
    trial.require(0 < fetched <= missing, f"{fetched} bytes fetched, {missing} were missing")


def damage(trial, change):
    """A kept file that was changed since: fetched again or refused, never believed."""
    kept = trial.folder / "kept"
    trial.same(trial.fetch(trial.weed, *SMALL, "--keep", kept))
    held = [path for path in kept.rglob("*") if path.is_file() and path.stat().st_size > 500_000]
    trial.require(held, "nothing was kept")
    change(held[0])
    result = trial.fetch(trial.weed, *SMALL, "--keep", kept)
    if result.status == 0:
        trial.same(result)
    else:
        trial.refused(result, {65}, "MD5")


def flip(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


case("kept-file-cut-short", lambda path: os.truncate(path, path.stat().st_size - 1000))(damage)
case("kept-file-with-a-flipped-byte", flip)(damage)
case("kept-file-gone", os.unlink)(damage)


@case("keep-of-another-inventory")
def two_inventories(trial):
    """One folder for two inventories: neither takes the files of the other."""
    kept, client = trial.folder / "kept", trial.weed.client()
    client.make_bucket("others")
    trial.world.older.add(client, "others")
    source = trial.world.plain.replace("dest", "others").replace("2026-11-01", "2026-10-31")
    trial.same(trial.fetch(trial.weed, "--keep", kept))
    trial.same(trial.fetch(trial.weed, "--keep", kept, source=source), trial.world.older_reference)
    trial.same(trial.fetch(trial.weed, "--keep", kept))


@case("two-at-once-in-one-kept-folder")
def two_runs(trial):
    kept = trial.folder / "kept"
    slow = trial.proxy(trial.weed, {"fault": "slow", "rate": 1_000_000, "target": DATA})
    command = trial.fetching(trial.world.plain, slow, *SMALL, "--keep", kept)
    both = [trial.start(command, trial.weed.keys) for _ in range(2)]
    results = [trial.wait(process) for process in both]
    trial.require(any(result.status == 0 for result in results), "neither went well")
    for result in results:
        if result.status == 0:
            trial.same(result)
        else:
            trial.refused(result, {74, 75}, str(kept))
