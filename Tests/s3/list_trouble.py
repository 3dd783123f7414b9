"""inv-list where something breaks: all rows come, or a sentence and none that pass for all."""

import signal

from faultproxy import refusal
from listing import LISTING, big_bucket, list_command, listed, prepared, rows_of, rows_of_bucket, rows_of_pairs
from s3client import NO_KEYS
from trial import case, read


for name, rules in {
    "503-storm": [refusal(503, "SlowDown", first=8)],
    "503-at-random": [refusal(503, "SlowDown", p=0.3)],
    "500": [refusal(500, "InternalError", every=3)],
    "resets": [{"fault": "reset", "after": 20000, "every": 4}],
    "truncation": [{"fault": "truncate", "after": 30000, "every": 4}],
    "close": [{"fault": "close", "every": 4}],
    "short-content-length": [{"fault": "short", "after": 500, "every": 5}],
    "slow-link": [{"fault": "slow", "rate": 500_000}],
}.items():

    @case(f"list-fault-{name}", rules, waits=name == "503-storm")
    def faulty(trial, rules):
        proxy = trial.proxy(trial.weed, *rules)
        listed(trial, proxy, "s3://listed", prepared(trial), "-j", "4")
        trial.require(any(proxy.counts), "no rule was used")


def list_refused(trial, statuses, words, *rules, source="s3://listed", keys=None):
    proxy = trial.proxy(trial.weed, *rules)
    result = trial.run(list_command(proxy, source), keys=keys, script=LISTING, timeout=170)
    trial.require(result.status in statuses, f"status {result.status}")
    said = [line for line in result.said.splitlines() if line.startswith("inv-list: ")]
    missing = [word for word in words if not said or word.lower() not in said[-1].lower()]
    trial.require(not missing, f"the sentence lacks {missing}")
    trial.require(result.statuses[1] == result.status, f"inv-cat took it for whole: {result.statuses}")
    trial.require(len(proxy.log) < 500, f"{len(proxy.log)} requests")


@case("list-always-503", waits=True)
def always(trial):
    list_refused(trial, {75}, ("listed", "503", "SlowDown", "TESTREQUEST1"), refusal(503, "SlowDown"))


@case("list-refusals")
def refusals(trial):
    list_refused(trial, {65, 74}, ("nowhere", "404", "NoSuchBucket"), source="s3://nowhere/")
    prepared(trial)
    list_refused(trial, {65, 74}, ("listed", "403", "AccessDenied"), refusal(403, "AccessDenied", nth={3}))


@case("list-broken-page")
def broken_page(trial):
    """A page that is no listing, or not all of one, is no empty bucket."""
    for body in (b"", b"<html></html>", b"<ListBucketResult><Contents>", b"<ListBucketResult></ListBucketResult>",
                 b"<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>"):  # fmt: skip
        page = {"fault": "answer", "status": 200, "body": body}
        result = trial.run(list_command(trial.proxy(trial.weed, page), "s3://listed"), script=LISTING, timeout=170)
        trial.require(result.status in (65, 75) and result.said, f"{body}: status {result.status}")


@case("list-without-signing")
def unsigned(trial):
    proxy = trial.proxy(trial.weed, {"authorization": "."} | refusal(403, "SignedThough"))
    names = [(key, content) for key, content in trial.world.inventory.objects()]
    listed(trial, proxy, "s3://public", rows_of_pairs(names), "--no-sign", keys=NO_KEYS)


@case("list-kill-9-then-resume", waits=True)
def resumed(trial):
    """What was listed and kept is not listed again."""
    with big_bucket() as bucket:
        kept = trial.folder / "kept"
        slow = trial.proxy(bucket, {"fault": "slow", "rate": 1_500_000})
        process = trial.start(list_command(slow, "s3://big", "-j", "4", "--keep", kept), NO_KEYS, script=LISTING,
                              environment=trial.weed.keys.environment())  # fmt: skip
        trial.until(lambda: len(bucket.requests) > 40 or process.poll() is not None, "forty requests", 60)
        trial.require(process.poll() is None, f"it ended: {read(process.folder / 'fetch.err')}")
        trial.kill(process, signal.SIGKILL)
        process.wait(20)
        pages = lambda: sum("max-keys=1000" in path for path in bucket.requests)  # noqa: E731
        before, whole = pages(), len(bucket.current) / 1000
        # The same bucket, by another address.
        listed(trial, bucket, "s3://big", rows_of_bucket(bucket), "-j", "4", "--keep", kept)
        again = pages() - before
        trial.require(again < whole - before / 2, f"{again} pages to go on after {before}; there are {whole:.0f}")


@case("list-keep-of-another-prefix")
def kept_elsewhere(trial):
    """A kept listing is not taken for that of another prefix or of the versions."""
    expected, kept = prepared(trial), trial.folder / "kept"
    listed(trial, trial.weed, "s3://listed/logs/", [row for row in expected if row[0][:5] == b"logs/"], "--keep", kept)
    result = trial.run(list_command(trial.weed, "s3://listed/flat", "--keep", kept), script=LISTING)
    if result.status == 0:
        rows = sorted(rows_of(result.folder / "rows"))
        trial.require(rows == [row for row in expected if row[0][:4] == b"flat"], "rows of another prefix")
    else:
        trial.require(result.status in (64, 65, 74) and str(kept) in result.said, f"status {result.status}")


@case("list-broken-pipe")
def broken_pipe(trial):
    prepared(trial)
    script = '"$@" 2> fetch.err | head -c 100 > stream; echo "${PIPESTATUS[*]} 0" > statuses'
    result = trial.run(list_command(trial.weed, "s3://listed"), script=script)
    trial.require(result.status == 128 + signal.SIGPIPE and not result.said, f"status {result.status}: {result.said}")
    trial.left_nothing()
