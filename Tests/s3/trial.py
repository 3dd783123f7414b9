"""What a case has at hand: servers, proxies, a scratch folder, the pipeline, and what must come out of it."""

import filecmp
import os
import signal
import subprocess
import time
from contextlib import ExitStack

from faultproxy import FaultProxy

CASES = {}
PIPELINE = """
"$@" 2> fetch.err | tee stream | inv-parse 2> parse.err | inv-agg -o runs 2> agg.err
echo "${PIPESTATUS[*]}" > statuses
"""
INDEXING = "inv-merge runs/* | inv-mkindex index"


def case(name, *arguments, waits=False):
    """Makes the function below a case; those that do little but wait run beside the others."""
    def add(function):
        assert name not in CASES, name
        CASES[name] = (waits, function, arguments)
        return function

    return add


class Failed(Exception):
    """What a case says when something is not as it must be."""


class Skipped(Exception):
    """What a case says when it cannot be tried here."""


class Result:
    """What became of a pipeline: a status for each program, and what inv-fetch said."""

    def __init__(self, folder, command, statuses):
        self.folder, self.command, self.statuses = folder, command, statuses
        self.status = statuses[0] if statuses else None
        self.said = read(folder / "fetch.err")
        self.stream = folder / "stream"


def read(path):
    return path.read_text(errors="backslashreplace") if path.exists() else ""


class Trial:
    def __init__(self, name, folder, world):
        self.name, self.folder, self.world = name, folder, world
        self.proxies, self.results, self.stack, self.count = [], [], ExitStack(), 0
        self.temporaries, self.home = folder / "tmp", folder / "home"
        self.temporaries.mkdir(parents=True)
        self.home.mkdir()
        self.weed, self.rclone, self.moto = (world.servers.get(name) for name in ("weed", "rclone", "moto"))

    def environment(self, keys=None, **more):
        kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        own = {"HOME": str(self.home), "TMPDIR": str(self.temporaries), "LC_ALL": "C", "TZ": "UTC"}
        own["AWS_EC2_METADATA_DISABLED"] = "true"
        return {**kept, **own, **(keys.environment() if keys else {}), **more}

    def proxy(self, upstream, *rules, **how):
        """A fault proxy before a server; what it saw is shown when the case fails."""
        upstream = getattr(upstream, "endpoint", upstream)
        made = self.stack.enter_context(FaultProxy(upstream, rules, **how))
        self.proxies.append(made)
        return made

    def require(self, holds, what):
        if not holds:
            raise Failed(what)

    def fetching(self, source, place, *options):
        """The command that fetches from a server, a proxy or an endpoint."""
        endpoint = getattr(place, "endpoint", place)
        return ["inv-fetch", *(["--endpoint", endpoint] if endpoint else []), *options, *([source] if source else [])]

    def start(self, command, keys, environment={}, script=PIPELINE):
        """Starts the pipeline behind a command, in a folder and a process group of its own."""
        self.count += 1
        folder = self.folder / f"run{self.count}"
        folder.mkdir()
        process = subprocess.Popen(
            ["bash", "-c", script, "bash", *map(str, command)], cwd=folder, stdin=subprocess.DEVNULL,
            stdout=open(folder / "out", "wb"), stderr=open(folder / "bash.err", "wb"),
            env=self.environment(keys, **environment), start_new_session=True,
        )  # fmt: skip
        process.folder, process.command = folder, command
        self.stack.callback(self.kill, process, signal.SIGKILL)
        return process

    def kill(self, process, number):
        try:
            os.killpg(process.pid, number)
        except ProcessLookupError:
            pass

    def wait(self, process, timeout=90):
        try:
            process.wait(timeout)
        except subprocess.TimeoutExpired:
            self.kill(process, signal.SIGKILL)
            self.results.append(Result(process.folder, process.command, []))
            raise Failed(f"not done after {timeout} seconds") from None
        statuses = [int(text) for text in read(process.folder / "statuses").split()]
        result = Result(process.folder, process.command, statuses)
        # Of tee there is nothing to say.
        result.statuses = statuses[:1] + statuses[2:]
        self.results.append(result)
        return result

    def run(self, command, keys=None, timeout=90, environment={}, script=PIPELINE):
        return self.wait(self.start(command, keys or self.weed.keys, environment, script), timeout)

    def fetch(self, place, *options, source=None, **how):
        """Fetches the plain inventory, or another source, from a place."""
        return self.run(self.fetching(source or self.world.plain, place, *options), **how)

    def same(self, result, reference=None):
        """The pipeline went well, its index is that of the local files, and nothing was left behind."""
        self.require(result.statuses == [0, 0, 0], f"statuses {result.statuses}")
        done = subprocess.run(
            ["bash", "-o", "pipefail", "-c", INDEXING], cwd=result.folder, env=self.environment(), capture_output=True
        )
        self.require(done.returncode == 0, f"indexing: {done.stderr.decode()}")
        self.equal(result.folder / "index", reference or self.world.reference)
        self.left_nothing()
        return result

    def equal(self, index, reference):
        names = {path.name for path in reference.iterdir()} - {"source.json"}
        self.require({path.name for path in index.iterdir()} - {"source.json"} == names, "the index has other files")
        _, differing, missing = filecmp.cmpfiles(reference, index, sorted(names), shallow=False)
        self.require(not differing and not missing, f"the index differs in {', '.join(differing + missing)}")

    def left_nothing(self):
        left = [str(path.relative_to(self.temporaries)) for path in self.temporaries.rglob("*")]
        self.require(not left, f"left behind: {', '.join(left[:5])}")

    def refused(self, result, statuses, *words):
        """inv-fetch ended with one of the statuses and one sentence with the words; nothing was published."""
        self.require(result.status in statuses, f"status {result.status}, not one of {sorted(statuses)}")
        lines = [line for line in result.said.splitlines() if line.startswith("inv-fetch: ")]
        self.require(lines and len(result.said.splitlines()) <= 3, "no sentence, or too many")
        missing = [word for word in words if word.lower() not in lines[-1].lower()]
        self.require(not missing, f"the sentence lacks {', '.join(missing)}")
        self.require(not (result.folder / "runs").exists() or not list((result.folder / "runs").iterdir()), "published")
        self.require(result.statuses[-1] == result.status, f"inv-agg ended with {result.statuses[-1]}")
        self.left_nothing()
        return result

    def until(self, holds, what, seconds=30):
        """Waits for a condition, and answers it."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if found := holds():
                return found
            time.sleep(0.005)
        raise Failed(f"{what}: not in {seconds} seconds")

    def complaint(self):
        """All that may explain a failure."""
        for result in self.results:
            yield f"  command: {' '.join(map(str, result.command))}"
            for name in ("fetch", "parse", "agg", "bash"):
                yield from (f"  {name}: {line}" for line in read(result.folder / f"{name}.err").splitlines()[:10])
        for proxy in self.proxies:
            lines = proxy.lines()
            yield f"  proxy on port {proxy.port}, {len(lines)} requests, {proxy.most_open} connections at once"
            yield from (f"    {line}" for line in lines[:15] + ["..."] * (len(lines) > 30) + lines[15:][-15:])
