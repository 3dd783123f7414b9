"""Where credentials come from: each service that gives them stands in on loopback (standin.py), or is moto.

Those of the stand-ins have a token that is another each time, which rclone ignores and the proxy before it
knows: it says so when one has ended.
"""

import hashlib
import json
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from faultproxy import refusal
from s3client import NO_KEYS
from trial import case

STANDIN = Path(__file__).resolve().parent / "standin.py"
SMALL = ("--part-size", "64K")
ROLE = "arn:aws:iam::123456789012:role/reader"
SIGN_ON = "[sso-session ours]\nsso_start_url = https://example.com/start\nsso_region = eu-west-1\n"
SIGNED_ON = "[profile own]\nsso_session = ours\nsso_account_id = 123456789012\nsso_role_name = reader\n"


class StandIn:
    def __init__(self, trial, *options):
        command = [sys.executable, STANDIN, "serve", *given(trial), *options]
        self.process = subprocess.Popen(list(map(str, command)), stdout=subprocess.PIPE, text=True)
        trial.stack.callback(self.stop)
        self.url = self.process.stdout.readline().removeprefix("ready ").strip()

    def stop(self):
        self.process.kill()
        self.process.communicate()

    def log(self):
        with urllib.request.urlopen(self.url + "/log") as answer:
            return json.load(answer)


def given(trial):
    keys = trial.rclone.keys
    return ["--access-key", keys.access, "--secret-key", keys.secret, "--session-token", "token"]


def configure(trial, config, credentials=""):
    (trial.home / ".aws").mkdir(exist_ok=True)
    (trial.home / ".aws/config").write_text(config)
    (trial.home / ".aws/credentials").write_text(credentials)


def leave_token(trial, seconds, **more):
    """Puts the token of `aws sso login` where that puts it; answers its path."""
    cache = trial.home / ".aws/sso/cache"
    cache.mkdir(parents=True, exist_ok=True)
    path = cache / (hashlib.sha1(b"ours").hexdigest() + ".json")
    end = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + seconds))
    path.write_text(json.dumps({"accessToken": "sign-on-token", "expiresAt": end, **more}))
    return path


# Each sets up what it needs and answers the options and the environment that lead to it.


def role(trial, url):
    source = "[base]\naws_access_key_id = SOURCE\naws_secret_access_key = source-secret\n"
    named = f"[profile own]\nrole_arn = {ROLE}/external\nsource_profile = base\nexternal_id = ours: 1/2\n"
    configure(trial, named + "[profile base]\n", source)
    return ["--profile", "own"], {"AWS_ENDPOINT_URL_STS": url}


def web_identity(trial, url):
    (trial.home / "web").write_text("web-token\n")
    return [], {"AWS_ENDPOINT_URL_STS": url, "AWS_WEB_IDENTITY_TOKEN_FILE": str(trial.home / "web"), "AWS_ROLE_ARN": ROLE}


def sign_on(trial, url):
    configure(trial, SIGN_ON + SIGNED_ON)
    leave_token(trial, 7200)
    return [], {"AWS_PROFILE": "own", "AWS_ENDPOINT_URL_SSO": url}


def container(trial, url):
    return [], {"AWS_CONTAINER_CREDENTIALS_FULL_URI": url + "/container", "AWS_CONTAINER_AUTHORIZATION_TOKEN": "container-token"}


def instance(trial, url):
    found = {"AWS_EC2_METADATA_DISABLED": "false", "AWS_EC2_METADATA_SERVICE_ENDPOINT": url}
    # Once is usual, since most machines are no instance.
    return [], found | {"AWS_METADATA_SERVICE_NUM_ATTEMPTS": "3"}


def process(trial, url):
    command = " ".join(f"'{word}'" for word in [sys.executable, STANDIN, "process", *given(trial)])
    configure(trial, f"[default]\ncredential_process = {command}\n")
    return [], {}


PROVIDERS = {"sts": role, "web-identity": web_identity, "sso": sign_on, "container": container, "imds": instance, "process": process}


def renewed(trial, provider, *options):
    """The first token ends in the middle, as the server says; the second does for the rest."""
    service = StandIn(trial, *options)
    words, environment = provider(trial, service.url)
    seen = []

    def outlived(request):
        token = request.header("x-amz-security-token")
        seen.append(token)
        return token == seen[0] and seen.count(token) > 8

    proxy = trial.proxy(trial.rclone, {"when": outlived} | refusal(400, "ExpiredToken"))
    trial.same(trial.fetch(proxy, *SMALL, *words, keys=NO_KEYS, environment=environment))
    trial.require(all(token.startswith("token-") for token in seen), f"tokens {set(seen)}")
    trial.require(len(set(seen)) == 2 and seen[-1] != seen[0], f"{len(set(seen))} tokens")
    trial.require(all(entry["status"] in (200, 503) for entry in service.log()), f"{service.log()}")


for name, provider in PROVIDERS.items():
    case(f"credentials-{name}", provider)(renewed)
for name in ("sts", "container", "imds"):
    case(f"credentials-{name}-after-a-503", PROVIDERS[name], "--fail", "1")(renewed)


def replaced(trial, provider):
    """Credentials for a few seconds are replaced before they end: no server ever has to say so."""
    service = StandIn(trial, "--lifetime", "4")
    words, environment = provider(trial, service.url)
    seen = []

    def ended(request):
        token = request.header("x-amz-security-token")
        seen.append(token)
        return time.time_ns() - int(token.partition("-")[2]) > 4_000_000_000

    rules = [{"when": ended} | refusal(400, "ExpiredToken"), {"fault": "slow", "rate": 300_000, "target": "/data/"}]
    proxy = trial.proxy(trial.rclone, *rules)
    command = trial.fetching(trial.world.plain, proxy, *SMALL, "-j", "3", *words)
    trial.same(trial.run(command, keys=NO_KEYS, environment=environment))
    trial.require(len(set(seen)) > 1, "asked for only once: the case is too short")
    trial.require(not proxy.counts[0], f"{proxy.counts[0]} requests had credentials that had ended")


for name in ("sts", "container", "imds"):
    case(f"credentials-{name}-end-soon", PROVIDERS[name])(replaced)


@case("credentials-sso-renews-its-token")
def renews_sign_on(trial):
    """A token of the sign-on that ends soon is renewed, and left to the AWS tools."""
    service = StandIn(trial)
    configure(trial, SIGN_ON + SIGNED_ON)
    renewal = {"clientId": "client", "clientSecret": "client-secret", "refreshToken": "refresh-token"}
    path = leave_token(trial, 300, registrationExpiresAt="2099-01-01T00:00:00Z", **renewal)
    environment = {"AWS_ENDPOINT_URL_SSO": service.url, "AWS_ENDPOINT_URL_SSO_OIDC": service.url}
    trial.same(trial.fetch(trial.rclone, "--profile", "own", keys=NO_KEYS, environment=environment))
    trial.require(json.loads(path.read_text())["accessToken"] == "renewed-token", "the new token was not kept")
    trial.require(path.stat().st_mode & 0o077 == 0, "others may read the new token")


@case("credentials-sso-has-ended")
def ended_sign_on(trial):
    service = StandIn(trial)
    configure(trial, SIGN_ON + SIGNED_ON)
    environment = {"AWS_ENDPOINT_URL_SSO": service.url}
    for seconds in (None, -60):
        if seconds:
            leave_token(trial, seconds)
        result = trial.fetch(trial.rclone, "--profile", "own", keys=NO_KEYS, environment=environment)
        trial.refused(result, {64, 74}, "aws sso login", "--profile own")


@case("credentials-of-the-sts-of-moto")
def real_role(trial):
    """A role, from a server that checks signatures and gives tokens which it checks too."""
    keys = trial.moto.keys
    source = f"[base]\naws_access_key_id = {keys.access}\naws_secret_access_key = {keys.secret}\n"
    configure(trial, f"[profile own]\nrole_arn = {trial.moto.role}\nsource_profile = base\n", source)
    seen = []

    def outlived(request):
        seen.append(request.header("x-amz-security-token"))
        return seen[-1] == seen[0] and seen.count(seen[0]) > 8

    proxy = trial.proxy(trial.moto, {"when": outlived} | refusal(400, "ExpiredToken"))
    environment = {"AWS_ENDPOINT_URL_STS": trial.moto.endpoint}
    trial.same(trial.fetch(proxy, *SMALL, "--profile", "own", keys=NO_KEYS, environment=environment))
    trial.require(len(set(seen)) == 2 and "" not in seen, f"{len(set(seen))} tokens")


def refused_role(trial, credentials, words):
    service = StandIn(trial)
    configure(trial, f"[profile own]\nrole_arn = {ROLE}\nsource_profile = base\n[profile base]\n", credentials)
    result = trial.fetch(
        trial.rclone, "--profile", "own", keys=NO_KEYS, environment={"AWS_ENDPOINT_URL_STS": service.url})  # fmt: skip
    trial.refused(result, {64, 74}, *words)


WRONG = "[base]\naws_access_key_id = SOURCE\naws_secret_access_key = wrong\n"
case("credentials-sts-refuses", WRONG, ("own", "403", "SignatureDoesNotMatch"))(refused_role)
case("credentials-sts-has-no-source", "", ("base",))(refused_role)
