"""Whether the system is well: for whoever watches over it."""

from __future__ import annotations

import logging

import redis
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from psycopg_pool import PoolTimeout
from redis.backoff import NoBackoff
from redis.retry import Retry

from office import health

log = logging.getLogger(__name__)


@require_safe
@never_cache
@login_not_required
def healthz(request: HttpRequest) -> JsonResponse:
    """200 if database and Valkey answer, else 503 with the one that does not.

    What an app watches besides is told beside them; with `?all=1` it counts as well.
    """
    parts = {"database": _database_answers(), "valkey": _valkey_answers()}
    watched = health.told(timezone.now()) if parts["database"] else {}
    counted = parts | watched if request.GET.get("all") == "1" else parts
    is_well = all(counted.values())
    return JsonResponse({"ok": is_well, **parts, **watched}, status=200 if is_well else 503)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (DatabaseError, PoolTimeout):
        log.exception("The database does not answer")
        return False
    return True


def _valkey_answers() -> bool:
    try:
        with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, retry=Retry(NoBackoff(), 0)) as client:
            return bool(client.ping())
    except redis.RedisError:
        log.exception("Valkey does not answer")
        return False
