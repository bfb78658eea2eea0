"""Visits: a stop of the tour, opened in a browser that was nowhere yet."""

from typing import Any

from playwright.sync_api import BrowserContext

from tests.browser.checks import Traffic
from tests.browser.tour import Stop, World

WIDE: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}}
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
    "device_scale_factor": 1,
}


class Visit:
    def __init__(self, world: World, stop: Stop, context: BrowserContext) -> None:
        cookies = world.cookies[stop.who].items()
        context.add_cookies([{"name": name, "value": text, "url": world.site} for name, text in cookies])
        self.page = context.new_page()
        self.traffic = Traffic(self.page)
        answer = self.page.goto(world.url(stop), wait_until="load")
        if stop.step:
            self.traffic.forget()
            answer = stop.step(self.page) or answer
        assert answer, f"{stop.path} isn't answered."
        self.answer = answer

    @property
    def is_page(self) -> bool:
        """Whether people read it; stylesheets and pictures are answered by functions of pages too."""
        return self.answer.headers.get("content-type", "").startswith("text/html")
