# serve FOLDER: serves it over HTTP on loopback for as long as the shell lives, and sets $url.
serve() {
  python3 -u - "$1" >port <<'END' &
import functools, http.server, sys
class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_): pass
    def address_string(self): return ""
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=sys.argv[1]))
print(server.server_port)
server.serve_forever()
END
  trap "kill $!" EXIT
  until [[ -s port ]]; do sleep 0.01; done
  url=http://127.0.0.1:$(<port)
  export no_proxy='*'
}
