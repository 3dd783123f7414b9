"""A bucket that can be listed exactly as AWS lists one, whatever its keys are; it holds no content.

Real test servers list in the order of their directories, forget rows between pages of versions, or cannot
hold every key. This one compares bytes, caps pages at 1000, and makes opaque tokens. It checks no signature.
"""

import base64
import threading
import urllib.parse
from bisect import bisect_left, bisect_right
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from xml.sax.saxutils import escape

from faultproxy import error


def encoded(key):
    return urllib.parse.quote_plus(key, safe="/*-._")


class ListedBucket:
    """`rows` are (key bytes, version, is latest, size or None for a delete marker), newest version first.

    `most` is how many requests may be under way: one more is told to slow down.
    """

    def __init__(self, name, rows, most=1 << 30):
        self.name, self.most = name, most
        self.versions = sorted(rows, key=lambda row: row[0])
        self.current = [row for row in self.versions if row[2] and row[3] is not None]
        self.keys = {id(rows): [row[0] for row in rows] for rows in (self.versions, self.current)}
        self.lock, self.under_way, self.most_under_way = threading.Lock(), 0, 0
        self.requests, self.slowed = [], 0

    def __enter__(self):
        bucket = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                with bucket.lock:
                    bucket.under_way += 1
                    bucket.most_under_way = max(bucket.most_under_way, bucket.under_way)
                    bucket.requests.append(self.path)
                    too_many = bucket.under_way > bucket.most
                    bucket.slowed += too_many
                try:
                    status, content = (503, error("SlowDown")) if too_many else bucket.answer(self.path)
                finally:
                    with bucket.lock:
                        bucket.under_way -= 1
                self.send_response(status)
                self.send_header("Content-Type", "application/xml")
                self.send_header("Content-Length", str(len(content)))
                self.send_header("x-amz-request-id", "STANDIN")
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        self.endpoint = f"http://127.0.0.1:{self.server.server_port}"
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    def answer(self, target):
        path, _, text = target.partition("?")
        query = {}
        for part in filter(None, text.split("&")):
            name, _, value = part.partition("=")
            query[urllib.parse.unquote(name)] = urllib.parse.unquote_to_bytes(value)
        if path.strip("/") != self.name:
            return 404, error("NoSuchBucket")
        most = min(1000, int(query.get("max-keys", b"1000")))
        shown = encoded if query.get("encoding-type") == b"url" else lambda key: escape(key.decode())
        if "versions" in query:
            return 200, self.version_page(query, most, shown)
        if query.get("list-type") == b"2":
            return 200, self.page(query, most, shown)
        return 501, error("NotImplemented")

    def rolled_up(self, rows, place, query, most):
        """Rows from `place` on, those with the delimiter as common prefixes; and the place behind them."""
        prefix, delimiter = query.get("prefix", b""), query.get("delimiter", b"")
        keys, found, prefixes = self.keys[id(rows)], [], []
        place = max(place, bisect_left(keys, prefix))
        while place < len(rows) and keys[place].startswith(prefix) and len(found) + len(prefixes) < most:
            cut = keys[place].find(delimiter, len(prefix)) if delimiter else -1
            if cut < 0:
                found.append(rows[place])
                place += 1
                continue
            common = keys[place][: cut + len(delimiter)]
            prefixes.append(common)
            while place < len(rows) and keys[place].startswith(common):
                place += 1
        truncated = place < len(rows) and keys[place].startswith(prefix)
        return found, prefixes, place, truncated

    def page(self, query, most, shown):
        keys = self.keys[id(self.current)]
        if "continuation-token" in query:
            place = int(base64.b64decode(query["continuation-token"]).split(b"+/?")[1])
        else:
            place = bisect_right(keys, query.get("start-after", b""))
        found, prefixes, place, truncated = self.rolled_up(self.current, place, query, most)
        parts = [f"<Name>{self.name}</Name><IsTruncated>{str(truncated).lower()}</IsTruncated>"]
        parts.append(f"<KeyCount>{len(found) + len(prefixes)}</KeyCount>")
        if truncated:
            token = base64.b64encode(b"opaque+/?%d+/?=" % place).decode()
            parts.append(f"<NextContinuationToken>{token}</NextContinuationToken>")
        for key, _, _, size in found:
            parts.append(
                f"<Contents><Key>{shown(key)}</Key><LastModified>2026-01-02T03:04:05.000Z</LastModified>"
                f"<ETag>&quot;d41d8cd98f00b204e9800998ecf8427e&quot;</ETag><Size>{size}</Size>"
                "<StorageClass>STANDARD_IA</StorageClass></Contents>"
            )
        parts += [f"<CommonPrefixes><Prefix>{shown(common)}</Prefix></CommonPrefixes>" for common in prefixes]
        return self.document("ListBucketResult", query, parts)

    def version_page(self, query, most, shown):
        keys, marker = self.keys[id(self.versions)], query.get("key-marker", b"")
        place = bisect_right(keys, marker)
        if version := query.get("version-id-marker", b"").decode():
            names = [row[1] for row in self.versions if row[0] == marker]
            place += names.index(version) + 1 - len(names)
        found, prefixes, place, truncated = self.rolled_up(self.versions, place, query, most)
        parts = [f"<Name>{self.name}</Name><IsTruncated>{str(truncated).lower()}</IsTruncated>"]
        if truncated:
            key, version, *_ = self.versions[place - 1]
            parts.append(f"<NextKeyMarker>{shown(key)}</NextKeyMarker>")
            parts.append(f"<NextVersionIdMarker>{version}</NextVersionIdMarker>")
        for key, version, latest, size in found:
            tag = "DeleteMarker" if size is None else "Version"
            rest = "" if size is None else f"<Size>{size}</Size><StorageClass>STANDARD_IA</StorageClass>"
            parts.append(
                f"<{tag}><Key>{shown(key)}</Key><VersionId>{version}</VersionId><IsLatest>{str(latest).lower()}"
                f"</IsLatest><LastModified>2026-01-02T03:04:05.000Z</LastModified>{rest}</{tag}>"
            )
        parts += [f"<CommonPrefixes><Prefix>{shown(common)}</Prefix></CommonPrefixes>" for common in prefixes]
        return self.document("ListVersionsResult", query, parts)

    def document(self, root, query, parts):
        said = "<EncodingType>url</EncodingType>" if query.get("encoding-type") == b"url" else ""
        text = said + "".join(parts)
        return f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="http://s3.amazonaws.com/doc/2006-03-01/">{text}</{root}>'.encode()
