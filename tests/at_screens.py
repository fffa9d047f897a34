"""What everybody does before a screen: sign in, and hold the page against axe."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

from conftest import sign_in as sign_in_client
from conftest import unused_code, with_factor
from office.models import Person
from office.services import factors

#: What axe is asked for: it need not tell where nothing is wrong.
VIOLATIONS: dict[str, object] = {"resultTypes": ["violations"]}
AXE = Axe().axe_script
VIOLATIONS_IN = """([theme, asked]) => {
    document.documentElement.setAttribute('data-bs-theme', theme);
    return axe.run(document, asked).then(found => found.violations);
}"""
CONTRAST: dict[str, object] = {**VIOLATIONS, "runOnly": {"type": "rule", "values": ["color-contrast"]}}


def sign_in(page: Page, person: Person) -> None:
    """At home, as somebody who has signed in with his second factor: what `by_keyboard` comes to, without its pages."""
    if factors.live(person) is None:
        with_factor(person)
    session = sign_in_client(Client(), person, shows_factor=True).session
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": str(session.session_key), "domain": "localhost", "path": "/"}]
    )
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_contain_text(person.full_name)


def by_keyboard(page: Page, person: Person) -> None:
    """Sign in, as somebody with a second factor."""
    if factors.live(person) is None:
        with_factor(person)
    page.goto("/sign-in/")
    page.get_by_label("用户名").fill(person.username)
    page.keyboard.press("Tab")
    page.keyboard.type(f"{person.username}-password")
    page.keyboard.press("Enter")
    show_code(page, person)
    expect(page.get_by_role("heading", level=1)).to_contain_text(person.full_name)


def show_code(page: Page, person: Person) -> None:
    expect(page.get_by_label("动态验证码")).to_be_focused()
    page.keyboard.type(unused_code(person))
    page.keyboard.press("Enter")


def assert_accessible(page: Page) -> None:
    """Nothing found by axe; in the colours of the night its contrast alone is another."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    for theme, asked in (("light", VIOLATIONS), ("dark", CONTRAST)):
        found = page.evaluate(VIOLATIONS_IN, [theme, asked])
        wrong = [f"{rule['id']}: {node['html'][:120]}" for rule in found for node in rule["nodes"]]
        assert wrong == [], f"{page.url} {theme}"
