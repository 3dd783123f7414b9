"""What no trying again can mend: one sentence with bucket, key, HTTP status, S3 code and request id."""

import calendar
import json
import time
from email.utils import formatdate
from pathlib import Path

from faultproxy import error, refusal
from inventories import CONFIGURATION, SNAPSHOT
from s3client import NO_KEYS, Keys
from trial import case

# 65: what was asked for is not there or not right. 74: the server refused.
REFUSED = {65, 74}


@case("wrong-secret")
def wrong_secret(trial):
    keys = Keys(trial.weed.keys.access, "not/the+secret")
    proxy = trial.proxy(trial.weed)
    result = trial.refused(trial.fetch(proxy, keys=keys), REFUSED, "dest", "manifest.json", "403", "SignatureDoesNotMatch")
    trial.require(len(proxy.log) <= 2, "a refusal was tried again")
    trial.require(keys.secret not in result.said, "the secret is in the message")


@case("unknown-key")
def unknown_key(trial):
    keys = Keys("AKIANOBODY", trial.weed.keys.secret)
    trial.refused(trial.fetch(trial.weed, keys=keys), REFUSED, "dest", "403", "InvalidAccessKeyId")


@case("missing-bucket")
def missing_bucket(trial):
    source = f"s3://nowhere/{CONFIGURATION}/{SNAPSHOT}/manifest.json"
    trial.refused(trial.fetch(trial.weed, source=source), REFUSED, "nowhere", "404", "NoSuchBucket")


@case("missing-manifest")
def missing_manifest(trial):
    result = trial.fetch(trial.weed, source="s3://dest/no/such/manifest.json")
    trial.refused(result, REFUSED, "dest", "no/such/manifest.json", "404", "NoSuchKey")


@case("missing-configuration")
def missing_configuration(trial):
    trial.refused(trial.fetch(trial.weed, source="s3://dest/no/such/folder/"), REFUSED, "s3://dest/no/such/folder/")


@case("missing-data-file")
def missing_data(trial):
    client = trial.weed.client()
    trial.world.inventory.put(client, "holed")
    key = trial.world.inventory.manifest["files"][2]["key"]
    client.delete("holed", key)
    proxy = trial.proxy(trial.weed)
    source = trial.world.plain.replace("dest", "holed")
    trial.refused(trial.fetch(proxy, source=source), REFUSED, "holed", key, "404", "NoSuchKey")
    trial.require(sum(key in entry[1] for entry in proxy.log) <= 2, "a 404 was tried again")


@case("request-id")
def request_id(trial):
    """From the header, where the body has none."""
    body = error("AccessDenied").replace(b"<RequestId>TESTREQUEST1</RequestId>", b"")
    denied = {"fault": "answer", "status": 403, "headers": {"x-amz-request-id": "FROMTHEHEADER"}, "body": body}
    result = trial.fetch(trial.proxy(trial.weed, denied))
    trial.refused(result, REFUSED, "403", "AccessDenied", "FROMTHEHEADER")


@case("error-that-is-not-xml")
def not_xml(trial):
    denied = {"fault": "answer", "status": 403, "body": b"<html>\x1b[31mno\xff" + b"\0" * 100000}
    result = trial.refused(trial.fetch(trial.proxy(trial.weed, denied)), REFUSED, "403")
    trial.require("\x1b" not in result.said and len(result.said) < 1000, "the body is in the message")


@case("configuration-without-permission-to-list")
def may_not_list(trial):
    proxy = trial.proxy(trial.weed, refusal(403, "AccessDenied", target="list-type"))
    source = f"s3://dest/{CONFIGURATION}/"
    trial.refused(trial.fetch(proxy, source=source), REFUSED, "403", "AccessDenied")


@case("no-credentials")
def no_credentials(trial):
    result = trial.fetch(trial.weed, keys=NO_KEYS)
    trial.refused(result, {64, 74}, "credentials")


def damaged(trial, change, words):
    """A manifest whose checksum is right and whose list is wrong."""
    bucket = trial.name.replace("manifest-with", "damaged")
    trial.world.inventory.put(trial.weed.client(), bucket, change=change)
    trial.refused(trial.fetch(trial.weed, source=trial.world.plain.replace("dest", bucket)), {65, 75}, bucket, *words)


def altered(**fields):
    def change(manifest):
        manifest["files"][1].update(fields)

    return change


case("manifest-with-a-larger-size", altered(size=10_000_000), ("/data/", "10000000"))(damaged)
case("manifest-with-a-smaller-size", altered(size=1000), ("/data/", "1000"))(damaged)
case("manifest-with-another-md5", altered(MD5checksum="0" * 32), ("/data/", "MD5"))(damaged)
case("manifest-with-size-zero", altered(size=0), ("/data/",))(damaged)


@case("manifest-with-a-wrong-checksum")
def wrong_checksum(trial):
    client = trial.weed.client()
    trial.world.inventory.put(client, "mischecked")
    client.put("mischecked", f"{CONFIGURATION}/{SNAPSHOT}/manifest.checksum", b"0" * 32 + b"\n")
    source = trial.world.plain.replace("dest", "mischecked")
    trial.refused(trial.fetch(trial.weed, source=source), {65}, "checksum")


@case("manifest-without-a-checksum")
def no_checksum(trial):
    client = trial.weed.client()
    trial.world.inventory.put(client, "unchecked")
    client.delete("unchecked", f"{CONFIGURATION}/{SNAPSHOT}/manifest.checksum")
    trial.same(trial.fetch(trial.weed, source=trial.world.plain.replace("dest", "unchecked")))


@case("manifest-of-another-bucket-name")
def renamed_bucket(trial):
    """A copy of the destination bucket under another name: the data lie beside their manifest."""
    def change(manifest):
        manifest["destinationBucket"] = "arn:aws:s3:::gone-away"

    trial.world.inventory.put(trial.weed.client(), "copied", change=change)
    trial.same(trial.fetch(trial.weed, source=trial.world.plain.replace("dest", "copied")))


def clock(trial, ahead):
    """A server whose clock is off by an hour, or ours is: its Date tells."""
    def far(request):
        stamp = request.header("x-amz-date")
        told = calendar.timegm(time.strptime(stamp, "%Y%m%dT%H%M%SZ")) if stamp else 0
        return abs(told - (time.time() + ahead)) > 900

    class Dated(dict):
        def items(self):
            return [("Date", formatdate(time.time() + ahead, usegmt=True))]

    def unsigned(request):
        request.headers = request.without("authorization", "x-amz-")

    refused = {"when": far, "fault": "answer", "status": 403, "headers": Dated(), "body": error("RequestTimeTooSkewed")}
    proxy = trial.proxy(trial.weed, refused, rewrite=unsigned)
    source = trial.world.plain.replace("dest", "public")
    result = trial.fetch(proxy, source=source)
    if result.status == 0:
        trial.same(result)
    else:
        trial.refused(result, REFUSED, "403", "RequestTimeTooSkewed", "clock")
    trial.require(len(proxy.log) < 100, "tried again and again")


case("clock-an-hour-behind", 3600)(clock)
case("clock-an-hour-ahead", -3600)(clock)


@case("expired-token-that-is-static")
def expired(trial):
    expired = refusal(400, "ExpiredToken", target="/data/")
    proxy = trial.proxy(trial.moto, expired)
    result = trial.fetch(proxy, keys=trial.moto.role_keys())
    trial.refused(result, {74, 75}, "ExpiredToken", "400")
    trial.require(len(proxy.log) < 40, "tried again and again")


@case("expired-token-that-is-renewed")
def renewed(trial):
    """credential_process gives a token that ends in the middle, then another."""
    first, second = trial.moto.role_keys(), trial.moto.role_keys()
    for number, keys in enumerate((first, second), 1):
        said = {"Version": 1, "AccessKeyId": keys.access, "SecretAccessKey": keys.secret, "SessionToken": keys.token}
        (trial.home / f"keys{number}").write_text(json.dumps(said | {"Expiration": "2099-01-01T00:00:00Z"}))
    script = trial.home / "keys"
    script.write_text('#!/bin/sh\ncd "${0%/*}"; echo >> calls; [ "$(wc -l < calls)" -gt 1 ] && exec cat keys2; cat keys1\n')
    script.chmod(0o755)
    config = trial.home / "config"
    config.write_text(f"[default]\nregion = us-east-1\ncredential_process = {script}\n")
    seen = []

    def outlived(request):
        old = request.header("x-amz-security-token") == first.token
        seen.append(old)
        return old and seen.count(True) > 8

    proxy = trial.proxy(trial.moto, {"when": outlived} | refusal(400, "ExpiredToken"))
    result = trial.fetch(proxy, "--part-size", "64K", keys=NO_KEYS, environment={"AWS_CONFIG_FILE": str(config)})
    trial.same(result)
    trial.require(seen[-1] is False and 9 <= seen.count(True) < 60, f"old tokens: {seen.count(True)} of {len(seen)}")


@case("secrets-stay-secret")
def secrets(trial):
    """Not in messages, not on command lines, not in the stream, not in what is kept."""
    keys = trial.moto.role_keys()
    slow = {"fault": "slow", "rate": 1_000_000, "target": "/data/"}
    denied = refusal(403, "AccessDenied", target="/data/", nth={20})
    proxy = trial.proxy(trial.moto, denied, slow)
    kept = trial.folder / "kept"
    process = trial.start(trial.fetching(trial.world.plain, proxy, "-v", "--part-size", "64K", "--keep", kept), keys)
    shown = set()
    while process.poll() is None:
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                shown.add(path.read_bytes())
            except OSError:
                pass
    result = trial.wait(process)
    files = [path for folder in (kept, process.folder) for path in folder.rglob("*") if path.is_file()]
    for secret in (keys.secret, keys.token):
        trial.require(not any(secret.encode() in line for line in shown), "on a command line")
        told = [path.name for path in files if secret.encode() in path.read_bytes()]
        trial.require(not told, f"in {', '.join(told)}")
    trial.require(result.status is not None, "no status")
