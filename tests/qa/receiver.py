"""A system on this machine that takes alerts."""

from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.taken.append((self.path, dict(self.headers), body))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *_):
        pass


@contextmanager
def receiving():
    """Its `url`; what it has `taken`, each with path, headers and body; it answers with `status`."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        server.taken, server.status = [], 204
        server.url = f"http://127.0.0.1:{server.server_port}/hook?key=hidden"
        Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()
