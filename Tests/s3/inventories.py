"""The inventories that the cases fetch: made once, put on the servers, and indexed from the local files."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

TOOLS = Path(__file__).resolve().parent.parent / "tools"
CONFIGURATION = "inventory/example-bucket/daily"
SNAPSHOT = "2026-11-01T00-00Z"
# What keys of data files may hold; a part of a path must not be longer than 255 bytes for weed.
AWKWARD_NAMES = ["a b+c%20d%é.csv", "q'\"&=?#;:@.csv", "~!*()[]{}|^`$,<>.csv", "отчёт/e\u0301/見😀.csv", "%2B+ /%.csv"]


class Inventory:
    """An inventory in a local folder that lies as its bucket does."""

    def __init__(self, folder, *options):
        self.folder = folder
        made = [sys.executable, TOOLS / "plain_inventory.py", folder, *options]
        path = subprocess.run(list(map(str, made)), check=True, capture_output=True, text=True).stdout.strip()
        self.path = Path(path)
        self.manifest = json.loads(self.path.read_bytes())

    def content(self, file):
        return (self.folder / file["key"].replace("//", "/")).read_bytes()

    def objects(self, renamed=lambda key: key, stored=lambda key: key, change=None):
        """Key and content of all that the bucket holds: data, manifest and checksum.

        The manifest calls data files by their `renamed` keys; they lie at the `stored` form of those.
        """
        manifest = dict(self.manifest, files=[dict(file) for file in self.manifest["files"]])
        for file in manifest["files"]:
            content = self.content(file)
            file["key"] = renamed(file["key"])
            yield stored(file["key"]), content
        if change:
            change(manifest)
        text = json.dumps(manifest, indent=2).encode()
        folder = self.path.relative_to(self.folder).parent
        yield f"{folder}/manifest.json", text
        yield f"{folder}/manifest.checksum", hashlib.md5(text).hexdigest().encode() + b"\n"

    def put(self, client, bucket, prefix="", **how):
        client.make_bucket(bucket)
        self.add(client, bucket, prefix, **how)

    def add(self, client, bucket, prefix="", **how):
        for key, content in self.objects(**how):
            client.put(bucket, prefix + key, content)


def awkward(inventory):
    """A function from the keys of the data files to awkward ones."""
    keys = [file["key"] for file in inventory.manifest["files"]]
    return dict(zip(keys, [f"de st+1%/ü/{CONFIGURATION}/data/{name}" for name in AWKWARD_NAMES])).__getitem__
