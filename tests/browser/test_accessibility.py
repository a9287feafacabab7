# SPDX-License-Identifier: BSL-1.0
"""Both pages, light and dark, on a desktop and on a phone, through axe-core."""

import unittest

import axe
from page import DESKTOP, PAGES, PHONE, SCRATCH, PageTest


class AccessibilityTest(PageTest):
    page = "lecture.html"
    ready = "document.readyState === 'complete' && document.querySelector('[data-value]') !== null"

    @classmethod
    def setUpClass(cls):
        cls.axe, why = axe.script(SCRATCH)
        if cls.axe is None:
            print(f"left out: {why}", flush=True)
            raise unittest.SkipTest(why)
        super().setUpClass()

    def look_for_violations(self, size, dark):
        self.browser.run(self.axe)
        found = self.browser.driver.execute_async_script(axe.RUN)
        self.assertEqual(found["version"], axe.VERSION)
        self.assertEqual(found["violations"], [], f"{size}, {'dark' if dark else 'light'}")

    def test_pages(self):
        for page in ("lecture.html", "models.html"):
            for size in (DESKTOP, PHONE):
                for dark in (False, True):
                    with self.subTest(page=page, size=size, dark=dark):
                        self.browser.look(size, dark)
                        self.start(url=(PAGES / page).as_uri())
                        self.look_for_violations(size, dark)
                        self.browser.screenshot(f"{page[:-5]}-{'desktop' if size == DESKTOP else 'phone'}-"
                                                f"{'dark' if dark else 'light'}")

    def test_a_page_with_messages(self):
        """What stands at a field that is refused, and every picture, is as good."""
        self.start("#iceberg_cost=0.5")
        self.look_for_violations(DESKTOP, False)
        self.start()
        for picture in self.browser.run("return Array.from(document.querySelectorAll('[data-picture]'), e => e.dataset.picture)"):
            with self.subTest(picture=picture):
                self.browser.click(f'[data-picture="{picture}"]')
                self.look_for_violations(DESKTOP, False)

    def test_colours_differ_in_the_dark(self):
        colours = []
        for dark in (False, True):
            self.browser.look(dark=dark)
            self.start()
            colours.append(self.browser.run("return getComputedStyle(document.body).backgroundColor"))
        self.assertNotEqual(*colours)


if __name__ == "__main__":
    unittest.main()
