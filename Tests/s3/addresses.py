"""Where an inventory may lie and how it is reached: the index must be the same."""

import subprocess

from faultproxy import error, refusal
from inventories import CONFIGURATION, SNAPSHOT, awkward
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
    inventory.put(client, "deep", prefix, renamed=lambda key: prefix + key)
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


@case("without-signing")
def unsigned(trial):
    proxy = trial.proxy(trial.weed, {"authorization": ".", **refusal(403, "SignedThough")})
    source = trial.world.plain.replace("dest", "public")
    trial.same(trial.fetch(proxy, "--no-sign", source=source, keys=NO_KEYS))
    trial.same(trial.fetch(proxy, "--no-sign", source=source))


@case("requester-pays")
def requester_pays(trial):
    unpaid = {"when": lambda request: request.header("x-amz-request-payer") != "requester"} | refusal(403, "AccessDenied")
    proxy = trial.proxy(trial.weed, unpaid)
    trial.same(trial.fetch(proxy, "--requester-pays"))
    trial.require(trial.fetch(proxy).status in (65, 74), "passed without paying")


def endpoint_of(trial, name):
    trial.same(trial.fetch(None, environment={name: trial.weed.endpoint}))


for name in ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"):
    case(f"endpoint-of-{name}", name)(endpoint_of)


@case("endpoint-with-a-slash")
def endpoint_slash(trial):
    trial.same(trial.fetch(trial.weed.endpoint + "/"))


@case("profile")
def profile(trial):
    """Keys, region and endpoint of a profile in the two files of the AWS tools."""
    keys = trial.moto.role_keys()
    (trial.home / ".aws").mkdir()
    (trial.home / ".aws/credentials").write_text(
        "[default]\naws_access_key_id = AKIAWRONG\naws_secret_access_key = wrong\n\n[other]\n"
        f"aws_access_key_id={keys.access}\naws_secret_access_key = {keys.secret}\naws_session_token = {keys.token}\n"
    )
    (trial.home / ".aws/config").write_text(f"[profile other]\nregion = eu-west-1\nendpoint_url = {trial.moto.endpoint}\n")
    trial.same(trial.fetch(trial.moto, "--profile", "other", keys=NO_KEYS))
    trial.same(trial.fetch(trial.moto, keys=NO_KEYS, environment={"AWS_PROFILE": "other"}))
    trial.same(trial.fetch(None, "--profile", "other", keys=NO_KEYS))


def region(trial, status, headers, body, *options):
    """A server that accepts eu-north-1 only and says so in one of the ways of AWS."""
    def elsewhere(request):
        return "/eu-north-1/s3/" not in request.header("authorization")

    told = {"when": elsewhere, "fault": "answer", "status": status, "headers": headers, "body": body}
    proxy = trial.proxy(trial.weed, told)
    trial.same(trial.fetch(proxy, *options))
    trial.require(sum("answer" in entry for entry in proxy.log) <= 12, "asked in the wrong region again and again")


MALFORMED = error("AuthorizationHeaderMalformed", "the region is wrong", Region="eu-north-1")
SAID = {"x-amz-bucket-region": "eu-north-1"}
case("wrong-region-400", 400, {}, MALFORMED)(region)
case("wrong-region-400-after-option", 400, {}, MALFORMED, "--region", "us-west-2")(region)
case("wrong-region-400-with-header", 400, SAID, error("AuthorizationHeaderMalformed"))(region)
case("wrong-region-301", 301, SAID, error("PermanentRedirect", Bucket="dest"))(region)
case("wrong-region-307", 307, SAID, error("TemporaryRedirect"))(region)


def region_of(trial, options, environment):
    wrong = {"when": lambda request: "/ap-south-1/s3/" not in request.header("authorization")} | refusal(403, "WrongRegion")
    trial.same(trial.fetch(trial.proxy(trial.weed, wrong), *options, environment=environment))


case("region-of-the-option", ["--region", "ap-south-1"], {"AWS_REGION": "us-west-2"})(region_of)
case("region-of-AWS_REGION", [], {"AWS_REGION": "ap-south-1", "AWS_DEFAULT_REGION": "us-west-2"})(region_of)
case("region-of-AWS_DEFAULT_REGION", [], {"AWS_DEFAULT_REGION": "ap-south-1"})(region_of)


@case("redirect-to-another-endpoint")
def redirected(trial):
    """The new host is part of what is signed."""
    other = trial.proxy(trial.weed)

    class There(dict):
        def items(self):
            return [("Location", other.endpoint + There.target)]

    def everything(request):
        There.target = request.target
        return True

    first = trial.proxy(trial.weed, {"when": everything, "fault": "answer", "status": 307, "headers": There(),
                                     "body": error("TemporaryRedirect")})  # fmt: skip
    trial.same(trial.fetch(first, "-j", "1"))
    trial.require(other.log, "the redirect was not followed")


@case("redirect-for-ever")
def round_and_round(trial):
    class Same(dict):
        def items(self):
            return [("Location", f"{proxy.endpoint}/dest/again")]

    rule = {"fault": "answer", "status": 307, "headers": Same(), "body": error("TemporaryRedirect")}
    proxy = trial.proxy(trial.weed, rule)
    trial.refused(trial.fetch(proxy), {65, 74, 75}, "dest", "307")
    trial.require(len(proxy.log) < 50, "went round and round")


@case("redirect-to-a-file")
def redirected_to_a_file(trial):
    rule = {"fault": "answer", "status": 307, "headers": {"Location": "file:///etc/passwd"}, "body": b""}
    trial.refused(trial.fetch(trial.proxy(trial.weed, rule)), {65, 74, 75}, "dest", "307")


@case("virtual-host")
def virtual_host(trial):
    """weed knows dest.localhost, and resolvers take every name below localhost for loopback."""
    config = trial.home / "config"
    config.write_text("[default]\nregion = us-east-1\ns3 =\n  addressing_style = virtual\n")
    proxy = trial.proxy(trial.weed)
    endpoint = f"http://localhost:{proxy.port}"
    trial.same(trial.fetch(endpoint, *SMALL, environment={"AWS_CONFIG_FILE": str(config)}))
    trial.require(not any(entry[1].startswith("/dest") for entry in proxy.log), "path-style")


@case("dots-in-the-bucket-name")
def dotted(trial):
    trial.world.inventory.put(trial.weed.client(), "a.bucket.with-dots")
    trial.same(trial.fetch(trial.weed, source=trial.world.plain.replace("dest", "a.bucket.with-dots")))


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


def certificate(folder):
    made = [folder / "cert.pem", folder / "key.pem"]
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-days", "2", "-subj", "/CN=test", "-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run([*command, "-out", made[0], "-keyout", made[1]], check=True, capture_output=True)
    return made


@case("tls")
def tls(trial):
    """A certificate of one's own in AWS_CA_BUNDLE; unknown it is refused; and through a proxy by CONNECT."""
    made = certificate(trial.folder)
    server = trial.stack.enter_context(trial.world.another("rclone", trial.folder / "server", made, trial.rclone.data))
    known = {"AWS_CA_BUNDLE": str(made[0])}
    trial.same(trial.fetch(server, *SMALL, environment=known))
    trial.refused(trial.fetch(server), {74, 75}, "certificate")
    between = trial.proxy(None)
    trial.same(trial.fetch(server, environment=known | {"https_proxy": between.endpoint}))
    trial.require(any(entry[0] == "CONNECT" for entry in between.log), "the proxy was not used")


@case("http-proxy")
def forward_proxy(trial):
    between = trial.proxy(None)
    trial.same(trial.fetch(trial.weed, *SMALL, environment={"http_proxy": between.endpoint}))
    trial.require(between.log and all(entry[1].startswith("http://") for entry in between.log), "the proxy was not used")
    used = len(between.log)
    trial.same(trial.fetch(trial.weed, environment={"http_proxy": between.endpoint, "no_proxy": "127.0.0.1"}))
    trial.require(len(between.log) == used, "no_proxy was not heeded")
