"""How gunicorn serves the site; used by `manage.py up` and by the unit in deploy/."""

import gc
import importlib
import os

from gunicorn.http import wsgi

from config import env
from config.launcher import die_with

_environment = env.read()
wsgi.SERVER = "web"  # which server this is, and which version, is nobody's business

wsgi_app = "config.wsgi:application"
bind = f"{_environment.bind}:{_environment.port}"
worker_class = "gthread"
workers = 2
threads = 4
preload_app = True  # the two processes share the memory of the code
timeout = 60
graceful_timeout = 10
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108  heartbeat files, not data
loglevel = "warning"
control_socket_disable = True
accesslog = None


def when_ready(server):
    """Before the processes are forked: the addresses, and with them every view, are loaded once."""
    importlib.import_module("config.urls")
    gc.collect()
    gc.freeze()  # what is loaded stays out of collections, which would touch and so unshare every page


def post_fork(server, worker):
    die_with(server.pid)
