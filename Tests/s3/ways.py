"""How servers are reached: signed or not, in which region, through redirects, TLS and proxies."""

import subprocess

from faultproxy import error, refusal
from s3client import NO_KEYS
from trial import case

SMALL = ("--part-size", "64K")


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
