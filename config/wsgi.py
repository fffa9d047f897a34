"""The door that gunicorn opens. Only a told environment may serve: a forgotten variable must not mean the demo."""

import os

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

if not os.environ.get("DATABASE_URL"):
    raise ImproperlyConfigured("DATABASE_URL is not set; `make run` sets everything for the embedded servers.")

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ["SERVES_PAGES"] = "1"
application = get_wsgi_application()
