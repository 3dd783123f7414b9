#!/usr/bin/env python3
"""Stands in, on loopback, for the services of AWS that give credentials.

    standin.py serve --access-key A --secret-key S [options]
    standin.py process --access-key A --secret-key S [--session-token T] [--lifetime SECONDS]

`serve` prints "ready URL" once it listens and gives the same keys, those of a real S3 server, through
every service, each of which checks what it is asked:

    STS                AWS_ENDPOINT_URL_STS=URL
                       AssumeRole: signed with --source-key and --source-secret, by Signature Version 4
                       as it was sent; a role that ends in /external wants the external id "ours: 1/2".
                       AssumeRoleWithWebIdentity: not signed, with the token "web-token".
    sign-on portal     AWS_ENDPOINT_URL_SSO=URL, for the token "sign-on-token" or "renewed-token",
                       account 123456789012 and role "reader"
    sign-on's tokens   AWS_ENDPOINT_URL_SSO_OIDC=URL, gives "renewed-token" for the refresh token
                       "refresh-token" of client "client" with secret "client-secret"
    container          AWS_CONTAINER_CREDENTIALS_FULL_URI=URL/container, with the header
                       "Authorization: container-token"
    instance, v2       AWS_EC2_METADATA_SERVICE_ENDPOINT=URL, whose role is "instance-role"

`process` prints the keys as a credential_process does.

    --lifetime SECONDS  how long the keys are said to hold (3600)
    --session-token T   goes with the keys, followed by the nanosecond it was given at, for S3 servers
                        that ignore it; without it the token is empty
    --fail N            the first N requests are answered with 503
    --port PORT         (any that is free)

GET URL/log answers, as JSON, what has been asked: a list of {"service", "status", "what"}, where `what`
names the session of a role or the reason of a refusal.
"""

import argparse
import datetime
import hashlib
import hmac
import json
import re
import sys
import threading
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ACCOUNT = "123456789012"
INSTANCE_TOKEN = "instance-token"
SESSION = re.compile(r"[\w+=,.@-]{2,64}\Z", re.ASCII)


class Refusal(Exception):
    def __init__(self, status, code, message):
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


def end_of_keys(options):
    return int(time.time()) + options.lifetime


def token_of_keys(options):
    return options.session_token and f"{options.session_token}-{time.time_ns()}"


def iso(seconds):
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def check(is_right, status, code, message):
    if not is_right:
        raise Refusal(status, code, message)


def verify(method, target, headers, body, key, secret):
    """Refuses a request whose Signature Version 4 is not that of `key`."""
    found = re.fullmatch(
        r"AWS4-HMAC-SHA256 Credential=([^/]+)/(\d{8})/([^/]+)/([^/]+)/aws4_request, ?"
        r"SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})", headers.get("Authorization", ""))
    check(found, 403, "MissingAuthenticationToken", "no signature of version 4")
    name, day, region, service, signed, signature = found.groups()
    check(name == key, 403, "InvalidClientTokenId", "an unknown key")
    check(service == "sts", 403, "SignatureDoesNotMatch", f"signed for {service}")
    stamp = headers.get("x-amz-date", "")
    check(re.fullmatch(day + r"T\d{6}Z", stamp), 403, "SignatureDoesNotMatch", "days that differ")
    sent = datetime.datetime.strptime(stamp + "+0000", "%Y%m%dT%H%M%SZ%z").timestamp()
    check(abs(time.time() - sent) < 900, 403, "RequestExpired", "a clock that is wrong")
    names = signed.split(";")
    check(names == sorted(names) and "host" in names and "x-amz-date" in names, 403,
          "SignatureDoesNotMatch", f"signed headers {signed}")
    path, _, query = target.partition("?")
    lines = [method, path, query]
    lines += [f"{name}:{' '.join(headers.get(name, '').split())}" for name in names]
    lines += ["", signed, hashlib.sha256(body).hexdigest()]
    canonical = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    scope = f"{day}/{region}/{service}/aws4_request"
    digest = f"AWS4{secret}".encode()
    for part in scope.split("/"):
        digest = hmac.new(digest, part.encode(), hashlib.sha256).digest()
    text = "\n".join(["AWS4-HMAC-SHA256", stamp, scope, canonical])
    right = hmac.new(digest, text.encode(), hashlib.sha256).hexdigest()
    check(hmac.compare_digest(right, signature), 403, "SignatureDoesNotMatch", "another signature")


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    options = None
    lock = threading.Lock()
    log = []
    failures = 0

    def log_message(self, *_):
        pass

    def do_GET(self):
        self.answer()

    do_POST = do_PUT = do_HEAD = do_GET

    def note(self, service, status, what):
        with self.lock:
            self.log.append({"service": service, "status": status, "what": what})

    def send(self, status, text, kind="application/json"):
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def service(self):
        path = self.path.partition("?")[0]
        if path == "/":
            return "sts", self.sts
        if path == "/federation/credentials":
            return "portal", self.portal
        if path == "/token":
            return "tokens", self.tokens
        if path == "/container":
            return "container", self.container
        if path.startswith("/latest/"):
            return "instance", self.instance
        return "none", None

    def answer(self):
        self.body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path == "/log":
            with self.lock:
                return self.send(200, json.dumps(self.log))
        name, act = self.service()
        with self.lock:
            is_failing = Handler.failures > 0
            Handler.failures -= is_failing
        try:
            check(not is_failing, 503, "ServiceUnavailable", "asked to fail")
            check(act, 404, "NotFound", "no such service")
            text, what, kind = act()
        except Refusal as refusal:
            self.note(name, refusal.status, refusal.message)
            return self.refuse(name, refusal)
        self.note(name, 200, what)
        return self.send(200, text, kind)

    def refuse(self, service, refusal):
        if service == "sts":
            text = (f"<ErrorResponse xmlns='https://sts.amazonaws.com/doc/2011-06-15/'><Error>"
                    f"<Type>Sender</Type><Code>{refusal.code}</Code><Message>{refusal.message}</Message>"
                    f"</Error><RequestId>1</RequestId></ErrorResponse>")
            return self.send(refusal.status, text, "text/xml")
        return self.send(refusal.status, json.dumps({"code": refusal.code, "message": refusal.message}))

    def keys(self):
        options = self.options
        return options.access_key, options.secret_key, token_of_keys(options), end_of_keys(options)

    def json_keys(self):
        access, secret, token, end = self.keys()
        return json.dumps({
            "Code": "Success", "Type": "AWS-HMAC", "AccessKeyId": access, "SecretAccessKey": secret,
            "Token": token, "Expiration": iso(end)})

    def sts(self):
        check(self.command == "POST", 405, "InvalidAction", "STS takes POST")
        kind = self.headers.get("Content-Type", "")
        check(kind.startswith("application/x-www-form-urlencoded"), 400, "InvalidAction", f"a body of {kind}")
        form = dict(urllib.parse.parse_qsl(self.body.decode(), keep_blank_values=True))
        action, role = form.get("Action"), form.get("RoleArn", "")
        check(form.get("Version") == "2011-06-15", 400, "InvalidAction", "no version")
        check(re.fullmatch(rf"arn:aws:iam::{ACCOUNT}:role/[\w/]+", role), 400, "ValidationError", f"role {role}")
        session = form.get("RoleSessionName", "")
        check(SESSION.match(session), 400, "ValidationError", f"session {session}")
        seconds = form.get("DurationSeconds", "3600")
        check(seconds.isdigit() and 900 <= int(seconds) <= 43200, 400, "ValidationError", f"duration {seconds}")
        if action == "AssumeRole":
            verify(self.command, self.path, self.headers, self.body,
                   self.options.source_key, self.options.source_secret)
            if role.endswith("/external"):
                check(form.get("ExternalId") == "ours: 1/2", 403, "AccessDenied", "another external id")
        elif action == "AssumeRoleWithWebIdentity":
            check("Authorization" not in self.headers, 400, "InvalidAction", "signed, and should not be")
            check(form.get("WebIdentityToken") == "web-token", 400, "InvalidIdentityToken", "another token")
        else:
            raise Refusal(400, "InvalidAction", f"action {action}")
        access, secret, token, end = self.keys()
        text = (f"<{action}Response xmlns='https://sts.amazonaws.com/doc/2011-06-15/'><{action}Result>"
                f"<AssumedRoleUser><Arn>{role}/{session}</Arn></AssumedRoleUser><Credentials>"
                f"<AccessKeyId>{access}</AccessKeyId><SecretAccessKey>{secret}</SecretAccessKey>"
                f"<SessionToken>{token}</SessionToken><Expiration>{iso(end)}</Expiration></Credentials>"
                f"</{action}Result><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata>"
                f"</{action}Response>")
        return text, f"{action} {role.rpartition('/')[2]} {session}", "text/xml"

    def portal(self):
        query = dict(urllib.parse.parse_qsl(self.path.partition("?")[2]))
        token = self.headers.get("x-amz-sso_bearer_token")
        check(token in ("sign-on-token", "renewed-token"), 401, "UnauthorizedException", "no session")
        check(query == {"account_id": ACCOUNT, "role_name": "reader"}, 403, "ForbiddenException", f"{query}")
        access, secret, session, end = self.keys()
        keys = {"accessKeyId": access, "secretAccessKey": secret, "sessionToken": session,
                "expiration": end * 1000}
        return json.dumps({"roleCredentials": keys}), token, "application/json"

    def tokens(self):
        try:
            asked = json.loads(self.body)
        except ValueError:
            raise Refusal(400, "InvalidRequestException", "no JSON") from None
        right = {"clientId": "client", "clientSecret": "client-secret",
                 "grantType": "refresh_token", "refreshToken": "refresh-token"}
        check(asked == right, 400, "InvalidGrantException", "another client or token")
        return (json.dumps({"accessToken": "renewed-token", "expiresIn": 3600, "tokenType": "Bearer",
                            "refreshToken": "refresh-token"}), "renewed", "application/json")

    def container(self):
        check(self.headers.get("Authorization") == "container-token", 403, "AccessDenied", "another token")
        return self.json_keys(), "keys", "application/json"

    def instance(self):
        if self.path == "/latest/api/token":
            check(self.command == "PUT", 405, "MethodNotAllowed", "tokens are put")
            ttl = self.headers.get("x-aws-ec2-metadata-token-ttl-seconds", "")
            check(ttl.isdigit() and 1 <= int(ttl) <= 21600, 400, "BadRequest", f"ttl {ttl}")
            return INSTANCE_TOKEN, "token", "text/plain"
        check(self.headers.get("x-aws-ec2-metadata-token") == INSTANCE_TOKEN, 401, "Unauthorized", "no token")
        folder = "/latest/meta-data/iam/security-credentials/"
        if self.path == folder:
            return "instance-role", "role", "text/plain"
        check(self.path == folder + "instance-role", 404, "NotFound", self.path)
        return self.json_keys(), "keys", "application/json"


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("what", choices=["serve", "process"])
    parser.add_argument("--access-key", required=True)
    parser.add_argument("--secret-key", required=True)
    parser.add_argument("--session-token", default="")
    parser.add_argument("--source-key", default="SOURCE")
    parser.add_argument("--source-secret", default="source-secret")
    parser.add_argument("--lifetime", type=int, default=3600)
    parser.add_argument("--fail", type=int, default=0)
    parser.add_argument("--port", type=int, default=0)
    options = parser.parse_args()
    if options.what == "process":
        keys = {"Version": 1, "AccessKeyId": options.access_key, "SecretAccessKey": options.secret_key,
                "Expiration": iso(end_of_keys(options))}
        if options.session_token:
            keys["SessionToken"] = token_of_keys(options)
        json.dump(keys, sys.stdout)
        return
    Handler.options, Handler.failures = options, options.fail
    server = ThreadingHTTPServer(("127.0.0.1", options.port), Handler)
    print(f"ready http://127.0.0.1:{server.server_address[1]}", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
