"""A browser without a screen: one person's cookies, pages with their forms, every request timed.

Each request has a connection of its own, as behind nginx (docs/production/nginx.conf).
"""

from __future__ import annotations

import http.client
import time
from dataclasses import dataclass, field
from functools import cached_property
from http import HTTPStatus
from typing import Final
from urllib.parse import urlencode, urlsplit

from django.urls import Resolver404, resolve

from benchmarks.desks import forms
from benchmarks.desks.forms import Form
from benchmarks.desks.noted import NO_ANSWER, Asked, Noted

PATIENCE: Final = 130  # seconds, after which nginx answers that nothing came (docs/production/nginx.conf)
REDIRECTS: Final = {HTTPStatus.FOUND, HTTPStatus.SEE_OTHER}
MOST_REDIRECTS: Final = 5


class NoPage(Exception):
    """What came back is no page to go on with; `is_noted` where its request stands among the errors already."""

    def __init__(self, words: str, *, is_noted: bool = False) -> None:
        super().__init__(words)
        self.is_noted = is_noted


@dataclass(frozen=True)
class Page:
    """What a browser shows."""

    path: str
    status: int
    text: str

    @cached_property
    def forms(self) -> list[Form]:
        return forms.read(self.text)

    def form(self, action: str) -> Form:
        """The form that is sent to an address; without one of its own it is sent to the page's."""
        found = self._sent_to(action)
        if found is None:
            raise NoPage(f"no form for {action} on {self.path}")
        return Form(action, fields=found.fields)

    def has_post(self, action: str) -> bool:
        return self._sent_to(action) is not None

    def _sent_to(self, action: str) -> Form | None:
        sent = (one for one in self.forms if one.is_post)
        return next((one for one in sent if (urlsplit(one.action).path or self.path) == action), None)


@dataclass
class Browser:
    """One person before one screen."""

    port: int
    noted: Noted
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str) -> Page:
        """A page, wherever its address leads."""
        return self._asked("GET", path, None, {})

    def send(self, form: Form, **typed: str | list[str]) -> Page:
        """A form, sent with what is typed into it."""
        return self._asked("POST", form.action, form.filled(typed), {})

    def part(self, form: Form, action: str, **typed: str | list[str]) -> Page:
        """What scripts ask for while a form is filled in: a part of the page."""
        return self._asked("POST", action, form.filled(typed), {"HX-Request": "true"})

    def _asked(self, method: str, path: str, sent: list[tuple[str, str]] | None, more: dict[str, str]) -> Page:
        for _redirect in range(MOST_REDIRECTS):
            status, goal, text = self._one(method, path, sent, more)
            if status not in REDIRECTS:
                return Page(urlsplit(path).path, status, text)
            method, sent, path = "GET", None, _inside(goal, path)
        raise NoPage(f"led round in a circle from {path}")

    def _one(
        self, method: str, path: str, sent: list[tuple[str, str]] | None, more: dict[str, str]
    ) -> tuple[int, str, str]:
        kind = f"{method} {_name_of(path)}"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        begin = time.perf_counter()
        try:
            connection.request(method, path, None if sent is None else urlencode(sent), self._headers(sent, more))
            answer = connection.getresponse()
            text = answer.read().decode(errors="replace")
        except (OSError, http.client.HTTPException) as fault:
            self.noted.asked.append(Asked(kind, time.perf_counter() - begin, NO_ANSWER, repr(fault)))
            raise NoPage(str(fault), is_noted=True) from fault
        finally:
            connection.close()
        asked = Asked(kind, time.perf_counter() - begin, answer.status, path)
        self.noted.asked.append(asked)
        self._keep(answer)
        if asked.is_error:
            raise NoPage(f"{answer.status} for {kind} {path}", is_noted=True)
        return answer.status, answer.headers.get("Location", ""), text

    def _headers(self, sent: list[tuple[str, str]] | None, more: dict[str, str]) -> dict[str, str]:
        own = f"http://127.0.0.1:{self.port}"
        told = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()), **more}
        if sent is not None:
            told |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": own, "Referer": f"{own}/"}
        return told

    def _keep(self, answer: http.client.HTTPResponse) -> None:
        for one in answer.headers.get_all("Set-Cookie") or ():
            name, _equals, value = one.split(";", 1)[0].partition("=")
            self.cookies[name.strip()] = value.strip().strip('"')


def _inside(goal: str, path: str) -> str:
    there = urlsplit(goal)
    return (there.path or urlsplit(path).path) + (f"?{there.query}" if there.query else "")


def _name_of(path: str) -> str:
    try:
        return resolve(urlsplit(path).path).view_name
    except Resolver404:
        return path
