"""gunicorn's settings, the same for `make run` and for a real office (docs/production.md)."""

import os
import signal
from typing import Any

from config.embedded import processes

workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
worker_class = "gthread"
timeout = 120  # seconds a worker may be silent; long work belongs to the jobs
graceful_timeout = 10
keepalive = 5
max_requests = 20_000
max_requests_jitter = 2_000
accesslog = None
forwarded_allow_ips = "127.0.0.1"
control_socket_disable = True  # it would lie in the home folder, one for all checkouts


def post_fork(server: Any, worker: Any) -> None:
    """A web worker never outlives gunicorn itself."""
    processes.end_with_parent(signal.SIGTERM)()
