"""How often the hospitals' door is knocked at: counted in Valkey, by token and by address, each in its span of time.

Nothing is lost with these counts: an emptied Valkey only counts from nought again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

PATIENCE: Final = 2  # seconds


class Limit(NamedTuple):
    """So many within so many seconds."""

    name: str
    most: int
    seconds: int


@dataclass(frozen=True)
class Counted:
    """The how many-eth it was, of how many, and how long until counting begins anew, in seconds."""

    number: int
    most: int
    wait: int

    @property
    def is_too_many(self) -> bool:
        return self.number > self.most

    @property
    def is_first_too_many(self) -> bool:
        """The one that is written in the trail; those after it in the same span are not."""
        return self.number == self.most + 1


def calls() -> Limit:
    """What one token may ask."""
    return Limit("calls", settings.DOOR_REQUESTS_A_MINUTE, 60)


def wrong() -> Limit:
    """What one address may try with tokens that nobody has."""
    return Limit("wrong", settings.DOOR_WRONG_TOKENS, 900)


def count(limit: Limit, whose: str, at: datetime) -> Counted:
    """Count one more. Raises redis.RedisError where Valkey is away: the door stays shut then."""
    now = int(at.timestamp())
    key = f"door:{limit.name}:{whose}:{now // limit.seconds}"
    with redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE, retry=Retry(NoBackoff(), 0)
    ) as client:
        number, _kept = client.pipeline().incr(key).expire(key, 2 * limit.seconds).execute()
    return Counted(int(number), limit.most, limit.seconds - now % limit.seconds)
