"""A small client of S3, IAM and STS: SigV4 by hand, path-style addressing, connections kept per thread."""

import hashlib
import hmac
import http.client
import threading
import time
import urllib.parse
import xml.etree.ElementTree as ElementTree
from concurrent.futures import ThreadPoolExecutor


def encoded(text, safe=""):
    return urllib.parse.quote(text, safe=safe + "~")


def signed_headers(method, host, path, query, headers, body, keys, region, service, now=None):
    """The headers with a signature; `path` and `query` are as they are sent, `query` sorted."""
    stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(now))
    digest = hashlib.sha256(body).hexdigest()
    headers = {**headers, "host": host, "x-amz-date": stamp, "x-amz-content-sha256": digest}
    if keys.token:
        headers["x-amz-security-token"] = keys.token
    names = sorted(name for name in headers if name == "host" or name.startswith("x-amz-"))
    listed = ";".join(names)
    lines = [method, path, query, *(f"{name}:{headers[name]}" for name in names), "", listed, digest]
    scope = f"{stamp[:8]}/{region}/{service}/aws4_request"
    text = "\n".join(["AWS4-HMAC-SHA256", stamp, scope, hashlib.sha256("\n".join(lines).encode()).hexdigest()])
    key = f"AWS4{keys.secret}".encode()
    for part in [*scope.split("/"), text]:
        key = hmac.digest(key, part.encode(), "sha256")
    credential = f"Credential={keys.access}/{scope}"
    headers["authorization"] = f"AWS4-HMAC-SHA256 {credential}, SignedHeaders={listed}, Signature={key.hex()}"
    return headers


class Keys:
    def __init__(self, access, secret, token=None):
        self.access, self.secret, self.token = access, secret, token

    def environment(self):
        if not self.access:
            return {}
        token = {"AWS_SESSION_TOKEN": self.token} if self.token else {}
        return {"AWS_ACCESS_KEY_ID": self.access, "AWS_SECRET_ACCESS_KEY": self.secret, **token}


NO_KEYS = Keys("", "")


class Refused(Exception):
    """What a server answered that was not wanted."""


class Client:
    def __init__(self, endpoint, keys, region="us-east-1"):
        self.host = urllib.parse.urlsplit(endpoint).netloc
        self.keys, self.region = keys, region
        self.kept = threading.local()

    def send(self, method, path, query={}, headers={}, body=b"", service="s3"):
        """Answers status, headers and body; a kept connection that was closed is opened again, once."""
        text = "&".join(f"{encoded(name)}={encoded(value)}" for name, value in sorted(query.items()))
        all_headers = dict(headers)
        if self.keys:
            all_headers = signed_headers(
                method, self.host, path, text, headers, body, self.keys, self.region, service
            )
        for again in (True, False):
            connection = getattr(self.kept, "connection", None)
            try:
                if connection is None:
                    connection = self.kept.connection = http.client.HTTPConnection(self.host, timeout=60)
                connection.request(method, path + ("?" + text if text else ""), body, all_headers)
                answer = connection.getresponse()
                return answer.status, answer.headers, answer.read()
            except (OSError, http.client.HTTPException):
                self.kept.connection = None
                if not again:
                    raise

    def ask(self, method, bucket, key="", query={}, headers={}, body=b""):
        """Answers headers and body of what must succeed."""
        path = f"/{bucket}" + ("/" + encoded(key, "/") if key else "")
        status, headers, content = self.send(method, path, query, headers, body)
        if status >= 300:
            raise Refused(f"{method} {path} {query}: {status} {content[:500]!r}")
        return headers, content

    def act(self, service, action, **parameters):
        """A call of IAM or STS; answers the root of its XML, namespaces taken off."""
        form = {"Action": action, "Version": {"iam": "2010-05-08", "sts": "2011-06-15"}[service], **parameters}
        headers = {"content-type": "application/x-www-form-urlencoded"}
        body = urllib.parse.urlencode(form).encode()
        status, _, content = self.send("POST", "/", {}, headers, body, service)
        if status != 200:
            raise Refused(f"{action}: {status} {content[:500]!r}")
        return parsed(content)

    def make_bucket(self, bucket, versions=False):
        self.ask("PUT", bucket)
        if versions:
            state = b"<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"
            self.ask("PUT", bucket, query={"versioning": ""}, body=state)

    def put(self, bucket, key, body=b""):
        return self.ask("PUT", bucket, key, body=body)[0]

    def delete(self, bucket, key):
        return self.ask("DELETE", bucket, key)[0]

    def get(self, bucket, key):
        return self.ask("GET", bucket, key)[1]

    def put_many(self, bucket, items, connections=8):
        with ThreadPoolExecutor(connections) as pool:
            for _ in pool.map(lambda item: self.put(bucket, *item), items):
                pass

    def pages(self, bucket, query):
        """The parsed pages of a listing, to its end."""
        while True:
            page = parsed(self.ask("GET", bucket, query={"encoding-type": "url", **query})[1])
            yield page
            if page.findtext("IsTruncated") != "true":
                return
            if "list-type" in query:
                query = {**query, "continuation-token": page.findtext("NextContinuationToken")}
            else:
                query = {**query, "key-marker": unquoted(page.findtext("NextKeyMarker"))}
                query["version-id-marker"] = page.findtext("NextVersionIdMarker") or ""

    def list(self, bucket, prefix="", **query):
        """Key and size of each object."""
        for page in self.pages(bucket, {"list-type": "2", "prefix": prefix, **query}):
            for item in page.iter("Contents"):
                yield unquoted(item.findtext("Key")), int(item.findtext("Size"))

    def list_versions(self, bucket, prefix="", **query):
        """Key, version, whether it is the latest, and size, which is None for delete markers."""
        for page in self.pages(bucket, {"versions": "", "prefix": prefix, **query}):
            for item in page:
                if item.tag in ("Version", "DeleteMarker"):
                    size = item.findtext("Size") if item.tag == "Version" else None
                    latest = item.findtext("IsLatest") == "true"
                    yield unquoted(item.findtext("Key")), item.findtext("VersionId"), latest, size and int(size)


def unquoted(text):
    return urllib.parse.unquote_plus(text or "")


def parsed(content):
    root = ElementTree.fromstring(content)
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
    return root
