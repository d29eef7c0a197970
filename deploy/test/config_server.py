#!/usr/bin/env python3
"""A config server with one deployment's properties. Usage: config_server.py PORT FILE

FILE is JSON: a list of [name, {property: value}], most important first. Answers
after the third request, as one that starts late.
"""
import http.server
import json
import sys

asked = 0


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        global asked
        asked += 1
        parts = self.path.strip("/").split("/")
        known = len(parts) >= 3 and parts[0] == "config" and parts[1] == "partner-management"
        if asked < 3 or not known:
            self.send_response(503 if asked < 3 else 404)
            self.end_headers()
            return
        sources = [{"name": name, "source": source} for name, source in json.load(open(sys.argv[2]))]
        body = json.dumps({"name": parts[1], "profiles": parts[2].split(","), "label": None, "propertySources": sources}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
