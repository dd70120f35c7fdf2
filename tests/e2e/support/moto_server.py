"""A moto server that the tests own.

Listens on a free port of the loopback, says which (`port 4711`), then takes
commands on standard input, one a line, and answers each with one line, all of
them JSON:

    {"seed": STORY, "account": ID, "with": {...}}   fills an account; answers
                                                    what the tests must know
    {"enforce": BOOL}                               whether IAM decides from now on

It ends when standard input ends, so that it never outlives the tests, however
they end.
"""

import json
import os
import sys
import threading
import traceback

os.environ.setdefault("MOTO_EC2_LOAD_DEFAULT_AMIS", "false")

from moto import settings
from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug.serving import make_server

import accounts
import containers
import databases
import enforced
import governed  # noqa: F401: another story
import keys
import network  # noqa: F401: another story, and what moto lacks
import trails


class Quiet(MotoRequestHandler):
    def log(self, *_):
        pass


def main():
    # moto prints, too; only answers belong on standard output.
    out, sys.stdout = sys.stdout, sys.stderr
    app = trails.with_analyzers(DomainDispatcherApplication(create_backend_app))
    app = containers.with_containers(app)
    app = keys.with_services(app)
    app = databases.with_backups(app)
    app = enforced.with_iam(app)
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(f"port {server.server_port}", file=out, flush=True)
    endpoint = f"http://127.0.0.1:{server.server_port}"
    for line in sys.stdin:
        try:
            command, answer = json.loads(line), {}
            if "enforce" in command:
                settings.INITIAL_NO_AUTH_ACTION_COUNT = 0 if command["enforce"] else float("inf")
            else:
                account = accounts.Account(endpoint, command["account"])
                answer = accounts.STORIES[command["seed"]](account, **command["with"]) or {}
        except Exception:
            answer = {"error": traceback.format_exc()}
        print(json.dumps(answer), file=out, flush=True)
    os._exit(0)


main()
