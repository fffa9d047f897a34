"""The keyboard of somebody at a screen, who begins when the page is there; with `Keys` each key is counted."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Final

from playwright.sync_api import Locator, Page

MOST_TABS: Final = 60  # somebody at a counter would give up sooner
IN_A_FIELD: Final = ":is(input, textarea, select):focus"  # a page that is still coming has no cursor in a field


def wait_before_keys(page: Page) -> None:
    """From here on whatever is pressed or typed on this page waits for its scripts: before them no key is heard."""

    def waiting(do: Callable[..., None]) -> Callable[..., None]:
        @wraps(do)
        def done(*args: str, **kwargs: float) -> None:
            page.wait_for_load_state()
            do(*args, **kwargs)

        return done

    keyboard = page.keyboard
    for name in ("press", "type"):
        setattr(keyboard, name, waiting(getattr(keyboard, name)))


class Keys:
    """The keyboard, counting what is pressed."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.count = 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.count += 1

    def type(self, text: str) -> None:
        self.page.wait_for_selector(IN_A_FIELD)
        self.page.keyboard.type(text)
        self.count += len(text)

    def tab_to(self, wanted: Locator) -> None:
        """By the tabulator, as somebody goes who knows no key for it.

        A page that is still coming may yet put the cursor where it is wanted: looked at before, the next tabulator
        would lead past it and once around the page.
        """
        wanted.wait_for()
        self.page.wait_for_load_state()
        for _press in range(MOST_TABS):
            if wanted.evaluate("element => element === document.activeElement"):
                return
            self.press("Tab")
        raise AssertionError(f"{MOST_TABS} presses of Tab do not lead to {wanted}")
