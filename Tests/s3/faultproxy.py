"""A proxy on loopback that hurts what passes through it, in this process; it speaks HTTP/1.1.

It passes Host on, so that signatures made for its own address hold upstream. A rule is a dict, and the
first that applies to a request decides what becomes of it:

    method, target, range, authorization   regular expressions, searched in the request
    when                                   a function of the request
    nth: {1, 3}   first: 2   every: 4      which of the requests so far chosen, counted from 1
    p: 0.3                                 a share of them, drawn from a fixed seed
    fault                                  one of:
      "answer"      status, headers, body, without asking upstream
      "close"       no answer              "delay"     wait `seconds`, then pass
      "reset"       RST after `after` bytes of the body, "truncate" an orderly end there
      "stall"       stop there for `seconds`, then go on
      "slow"        `rate` bytes a second  "flip"      the bit 0 of the byte at `after` of the object
      "norange"     ask upstream for the whole, without the Range
      "header"      change the answer's headers to those of `headers`
      "short"       Content-Length less by `after`, though all bytes come
      None          pass

`after` of "flip" counts from the object's first byte, so that the same byte is wrong whatever the ranges are.
Requests for absolute URLs and CONNECT are forwarded to where they say, as proxies do.
"""

import asyncio
import random
import re
import socket
import struct
import threading
import time
import urllib.parse


class Request:
    def __init__(self, head):
        line, *fields = head[:-4].decode("latin-1").split("\r\n")
        self.method, self.target, _ = line.split(" ", 2)
        self.headers = [tuple(part.strip() for part in field.split(":", 1)) for field in fields]
        self.since = time.monotonic()

    def header(self, name):
        return next((value for key, value in self.headers if key.lower() == name), "")

    def without(self, *names):
        return [(key, value) for key, value in self.headers if not key.lower().startswith(names)]

    def bytes(self):
        lines = "".join(f"{name}: {value}\r\n" for name, value in self.headers)
        return f"{self.method} {self.target} HTTP/1.1\r\n{lines}\r\n".encode("latin-1")


class Answer(Request):
    def __init__(self, head):
        line, *fields = head[:-4].decode("latin-1").split("\r\n")
        self.line = line
        self.status = int(line.split(" ")[1])
        self.headers = [tuple(part.strip() for part in field.split(":", 1)) for field in fields]

    def bytes(self):
        lines = "".join(f"{name}: {value}\r\n" for name, value in self.headers)
        return f"{self.line}\r\n{lines}\r\n".encode("latin-1")


def error(code, message="as the test wishes", **more):
    """The XML of an error of S3."""
    fields = {"Code": code, "Message": message, **more, "RequestId": "TESTREQUEST1"}
    inner = "".join(f"<{name}>{value}</{name}>" for name, value in fields.items())
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<Error>{inner}</Error>'.encode()


def refusal(status, code, headers={}, **which):
    """A rule that answers with an error; `which` requests get it."""
    body = error(code) if code else b""
    return {**which, "fault": "answer", "status": status, "headers": headers, "body": body}


class Broken(Exception):
    """The connection to the client is to be given up."""


class FaultProxy:
    """`rewrite` may change each request that goes upstream; `log` has a line for each that came."""

    def __init__(self, upstream=None, rules=(), rewrite=None):
        self.upstream = urllib.parse.urlsplit(upstream).netloc.split(":") if upstream else None
        self.rules, self.rewrite = list(rules), rewrite
        self.counts, self.random = [0] * len(self.rules), random.Random(1)
        self.log, self.open, self.most_open = [], 0, 0

    def __enter__(self):
        self.loop, started = asyncio.new_event_loop(), threading.Event()

        async def start():
            listening = await asyncio.start_server(self.serve, "127.0.0.1", 0, limit=1 << 20)
            self.port = listening.sockets[0].getsockname()[1]
            started.set()

        def run():
            asyncio.set_event_loop(self.loop)
            self.loop.create_task(start())
            self.loop.run_forever()

        self.thread = threading.Thread(target=run, daemon=True)
        self.thread.start()
        started.wait()
        self.endpoint = f"http://127.0.0.1:{self.port}"
        return self

    def __exit__(self, *_):
        async def stop():
            tasks = asyncio.all_tasks(self.loop) - {asyncio.current_task()}
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks, timeout=1) if tasks else None
            self.loop.stop()

        asyncio.run_coroutine_threadsafe(stop(), self.loop)
        self.thread.join()
        self.loop.close()

    def lines(self):
        return [" ".join(str(part) for part in entry) for entry in self.log]

    def chosen(self, request):
        for number, rule in enumerate(self.rules):
            seen = {"method": request.method, "target": request.target}
            seen |= {name: request.header(name) for name in ("range", "authorization")}
            if not all(re.search(rule[name], text) for name, text in seen.items() if name in rule):
                continue
            if "when" in rule and not rule["when"](request):
                continue
            self.counts[number] += 1
            count = self.counts[number]
            if "nth" in rule and count not in rule["nth"] or count > rule.get("first", count):
                continue
            if count % rule.get("every", 1) or self.random.random() >= rule.get("p", 1):
                continue
            return rule
        return {"fault": None}

    async def serve(self, reader, writer):
        self.open += 1
        self.most_open = max(self.most_open, self.open)
        kept = {}
        try:
            while True:
                request = Request(await reader.readuntil(b"\r\n\r\n"))
                body = await reader.readexactly(int(request.header("content-length") or 0))
                if request.method == "CONNECT":
                    self.log.append(["CONNECT", request.target])
                    await self.splice(request.target.split(":"), reader, writer)
                    break
                rule = self.chosen(request)
                entry = [request.method, request.target, request.header("range") or "-", rule["fault"] or "pass"]
                self.log.append(entry)
                await self.answer(request, body, rule, entry, writer, kept)
        except (OSError, asyncio.IncompleteReadError, Broken, asyncio.CancelledError):
            pass
        finally:
            self.open -= 1
            for stream in [writer, *(streams[1] for streams in kept.values())]:
                stream.close()

    async def splice(self, place, reader, writer):
        upstream = await asyncio.open_connection(*place)
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")

        async def copy(source, target):
            while data := await source.read(1 << 16):
                target.write(data)
                await target.drain()
            target.close()

        await asyncio.gather(copy(reader, upstream[1]), copy(upstream[0], writer))

    async def answer(self, request, body, rule, entry, writer, kept):
        fault, after = rule["fault"], rule.get("after", 0)
        if fault == "answer":
            headers = rule.get("headers", {})
            content = b"" if request.method == "HEAD" else rule.get("body", b"")
            lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
            head = f"HTTP/1.1 {rule['status']} Said\r\n{lines}Content-Length: {len(content)}\r\n\r\n"
            entry.append(rule["status"])
            writer.write(head.encode() + content)
            return await writer.drain()
        if fault == "close":
            raise Broken
        if fault == "delay":
            await asyncio.sleep(rule["seconds"])
        if fault == "norange":
            request.headers = request.without("range")
        # The stream to write to is held, because one that nobody holds closes the connection.
        reader, upstream, answer = await self.ask(request, body, kept)
        entry.append(answer.status)
        length = answer.header("content-length")
        left = None if not length else int(length)
        if request.method == "HEAD" or answer.status in (204, 304):
            left = 0
        if fault == "header":
            answer.headers = answer.without(*(name.lower() for name in rule["headers"])) + list(rule["headers"].items())
        if fault == "short" and length:
            answer.headers = answer.without("content-length") + [("Content-Length", max(0, left - after))]
        writer.write(answer.bytes())
        if fault == "flip":
            start = re.match(r"bytes (\d+)-", answer.header("content-range"))
            after -= int(start[1]) if start else 0
        sent = await self.copy(reader, writer, left, answer, rule, after)
        entry.append(sent)
        if answer.header("connection").lower() == "close" or left is None:
            upstream.close()
            raise Broken

    async def ask(self, request, body, kept):
        """Sends a request upstream; answers its two streams, and the head."""
        place = self.upstream
        if request.target.startswith("http://"):
            url = urllib.parse.urlsplit(request.target)
            place = url.netloc.split(":")
            request.target = request.target.split(url.netloc, 1)[1] or "/"
        if self.rewrite:
            self.rewrite(request)
        for again in (True, False):
            if tuple(place) not in kept:
                kept[tuple(place)] = await asyncio.open_connection(*place, limit=1 << 20)
            reader, writer = kept[tuple(place)]
            try:
                writer.write(request.bytes() + body)
                await writer.drain()
                answer = Answer(await reader.readuntil(b"\r\n\r\n"))
            except (OSError, asyncio.IncompleteReadError):
                # A kept connection may have been closed meanwhile.
                writer.close()
                del kept[tuple(place)]
                if not again:
                    raise
                continue
            if answer.header("connection").lower() == "close":
                del kept[tuple(place)]
            return reader, writer, answer

    async def copy(self, reader, writer, left, answer, rule, after):
        """Passes the body on as the rule says; answers how many bytes."""
        fault, sent, started = rule["fault"], 0, time.monotonic()
        chunked = "chunked" in answer.header("transfer-encoding").lower()
        if fault in ("reset", "truncate", "stall") and after == 0:
            await self.cut(writer, rule)
            fault = None
        while left is None or left > 0:
            data = await reader.read(min(1 << 16, left or 1 << 16))
            if not data:
                break
            left = None if left is None else left - len(data)
            if fault == "flip" and sent <= after < sent + len(data):
                data = data[: after - sent] + bytes([data[after - sent] ^ 1]) + data[after - sent + 1 :]
            if fault in ("reset", "truncate", "stall") and sent + len(data) > after:
                writer.write(data[: after - sent])
                await writer.drain()
                await self.cut(writer, rule)
                data, sent, fault = data[after - sent :], after, None
            for place in range(0, len(data), 4096 if fault == "slow" else len(data)):
                piece = data[place : place + 4096] if fault == "slow" else data
                writer.write(piece)
                await writer.drain()
                sent += len(piece)
                if fault == "slow":
                    await asyncio.sleep(max(0, sent / rule["rate"] - (time.monotonic() - started)))
            if chunked and data.endswith(b"0\r\n\r\n"):
                break
        return sent

    async def cut(self, writer, rule):
        """Stalls, or ends the connection where the rule says so."""
        if rule["fault"] == "stall":
            return await asyncio.sleep(rule.get("seconds", 3600))
        # What was sent is to arrive before the end.
        await asyncio.sleep(0.02)
        if rule["fault"] == "reset":
            linger = struct.pack("ii", 1, 0)
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            writer.transport.abort()
        raise Broken
