"""Faults on the way that leave the data reachable: the index must be the same, byte for byte."""

from faultproxy import refusal
from trial import case

DATA = r"/data/"
SMALL = ("--part-size", "64K")
WRONG_ETAG = '"00000000000000000000000000000000"'
MIDDLE = r"bytes=[1-9]\d*-"

REACHABLE = {
    "none": [],
    "503-storm": [refusal(503, "SlowDown", first=8)],
    "503-on-the-manifest": [refusal(503, "SlowDown", target="manifest.json", first=2)],
    "503-at-random": [refusal(503, "SlowDown", p=0.3)],
    "slow-down-with-retry-after": [refusal(503, "SlowDown", {"Retry-After": "1"}, target=DATA, first=2)],
    "500": [refusal(500, "InternalError", every=4, first=12)],
    "502-without-a-body": [refusal(502, None, every=5, first=10)],
    "429": [refusal(429, None, {"Retry-After": "1"}, target=DATA, first=2)],
    "400-request-timeout": [refusal(400, "RequestTimeout", target=DATA, nth={3})],
    "reset": [{"fault": "reset", "after": 30000, "target": DATA, "every": 4}],
    "reset-before-the-answer": [{"fault": "close", "every": 5}],
    "reset-of-the-head": [{"fault": "reset", "target": DATA, "every": 6}],
    "truncation": [{"fault": "truncate", "after": 50000, "target": DATA, "every": 4}],
    "truncation-of-the-manifest": [{"fault": "truncate", "after": 100, "target": "manifest.json", "nth": {1}}],
    "short-content-length": [{"fault": "short", "after": 1000, "target": DATA, "every": 5}],
    "flipped-byte-once": [{"fault": "flip", "after": 100000, "target": DATA, "range": r"bytes=(0|65536)-", "nth": {2}}],
    "reset-of-each-answer": [{"fault": "reset", "after": 20000, "target": DATA}],
    "dropped-range": [{"fault": "norange", "target": DATA}],
    "dropped-range-of-all-but-the-first": [{"fault": "norange", "target": DATA, "range": MIDDLE}],
    "dropped-range-now-and-then": [{"fault": "norange", "target": DATA, "range": MIDDLE, "nth": {2, 5}}],
    "range-answered-with-another": [
        {"fault": "header", "target": DATA, "range": MIDDLE, "nth": {3}, "headers": {"Content-Range": "bytes 0-65535/900000"}}
    ],
    "etag-changed-in-the-middle": [
        {"fault": "header", "target": DATA, "range": MIDDLE, "nth": {3}, "headers": {"ETag": WRONG_ETAG}}
    ],
    "412-in-the-middle": [refusal(412, "PreconditionFailed", target=DATA, range=MIDDLE, nth={3})],
    "everything-at-once": [
        refusal(503, "SlowDown", p=0.1), {"fault": "reset", "after": 20000, "p": 0.1},
        {"fault": "truncate", "after": 40000, "p": 0.1}, {"fault": "close", "p": 0.1},
    ],
}  # fmt: skip


# The manifest is asked for again and again until it comes.
LONG = {"503-storm"}


def through_weed(trial, rules, *options):
    proxy = trial.proxy(trial.weed, *rules)
    result = trial.same(trial.fetch(proxy, *options))
    trial.require(not rules or any(proxy.counts), "no rule was used")
    return result, proxy


for name, rules in REACHABLE.items():
    case(f"fault-{name}", rules, *SMALL, waits=name in LONG)(through_weed)
for name in ("none", "503-at-random", "reset", "truncation", "flipped-byte-once"):
    # Whole files instead of ranges.
    rules = [{key: value for key, value in rule.items() if key != "range"} for rule in REACHABLE[name]]
    case(f"fault-{name}-whole-files", rules)(through_weed)
    case(f"fault-{name}-inline", rules, "--inline", *SMALL)(through_weed)


@case("fault-stall", waits=True)
def stalled(trial):
    through_weed(trial, [{"fault": "stall", "after": 20000, "target": DATA, "nth": {2}}], *SMALL)


@case("fault-stall-before-the-answer", waits=True)
def silent(trial):
    through_weed(trial, [{"fault": "delay", "seconds": 80, "target": DATA, "nth": {2}}], *SMALL)


@case("fault-slow-link")
def slow(trial):
    """Slow is not stalled: nothing is to be asked for again."""
    _, proxy = through_weed(trial, [{"fault": "slow", "rate": 400000, "target": DATA}])
    asked = [entry[1:3] for entry in proxy.log]
    trial.require(len(asked) == len({tuple(entry) for entry in asked}), "something was asked for twice")


@case("fault-retry-after-is-honoured")
def patient(trial):
    """While a server says when to come again, nobody comes to that object earlier."""
    times = []
    slow_down = refusal(503, "SlowDown", {"Retry-After": "3"}, target="manifest.json", first=1)
    noted = {"when": lambda request: "manifest.json" in request.target and times.append(request.since), "fault": None}
    proxy = trial.proxy(trial.weed, noted, slow_down)
    trial.same(trial.fetch(proxy))
    trial.require(len(times) >= 2 and times[1] - times[0] >= 2.9, f"asked at {times}")


@case("fault-fresh-signature")
def signs_anew(trial):
    """A retry a second later carries the time of its own, as a server with a short window would demand."""
    stamps = []
    noted = {"when": lambda request: stamps.append(request.header("x-amz-date")), "fault": None}
    slow_down = refusal(503, "SlowDown", {"Retry-After": "2"}, target="manifest.json", first=1)
    trial.same(trial.fetch(trial.proxy(trial.weed, noted, slow_down)))
    trial.require(stamps[0] != stamps[1], "signed once for two requests")


def gives_up(trial, statuses, words, *rules):
    """A fault that stays: bounded tries, then a sentence."""
    proxy = trial.proxy(trial.weed, *rules)
    trial.refused(trial.fetch(proxy, *SMALL, timeout=170), statuses, *words)
    trial.require(len(proxy.log) < 500, f"{len(proxy.log)} requests")


DEST = ("dest", "/data/")
for name, statuses, words, rules in [
    ("503", {75}, (*DEST, "503", "SlowDown", "TESTREQUEST1"), [refusal(503, "SlowDown", target=DATA)]),
    ("500-on-the-manifest", {75}, ("manifest.json", "500", "InternalError"), [refusal(500, "InternalError")]),
    ("reset", {75}, DEST, [{"fault": "reset", "after": 0, "target": DATA}]),
    ("close", {75}, ("dest",), [{"fault": "close"}]),
    ("truncation", {75}, DEST, [{"fault": "truncate", "after": 0, "target": DATA}]),
    ("flipped-byte", {65}, (*DEST, "MD5"), [{"fault": "flip", "after": 100000, "target": DATA}]),
    ("etag", {75}, DEST, [
        {"fault": "header", "target": DATA, "range": MIDDLE, "headers": {"ETag": WRONG_ETAG}, "every": 2}]),
]:  # fmt: skip
    case(f"always-{name}", statuses, words, *rules, waits=True)(gives_up)


@case("changed-in-the-middle")
def changed(trial):
    """The data file becomes another one of the same size while it is fetched: never a mixture."""
    client, inventory = trial.weed.client(), trial.world.inventory
    client.make_bucket("changing")
    contents = dict(inventory.objects())
    key = next(key for key in contents if DATA in key)
    other = contents[key][::-1]
    for name, content in contents.items():
        client.put("changing", name, content)
    asked = []

    def swap(request):
        asked.append(request.target)
        if len(asked) == 4:
            client.put("changing", key, other)

    proxy = trial.proxy(trial.weed, {"target": key, "when": swap, "fault": None})
    result = trial.fetch(proxy, *SMALL, source=trial.world.plain.replace("dest", "changing"))
    trial.refused(result, {65}, "changing", key)
