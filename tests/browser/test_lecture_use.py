# SPDX-License-Identifier: BSL-1.0
"""The lecture's page in use: pictures, files to keep, screens, keyboards."""

import csv
import io
import unittest
import xml.etree.ElementTree as xml

from lecture import LecturePage
from page import CONTROLS, DESKTOP, PAGES, PHONE, Keys

SVG = "{http://www.w3.org/2000/svg}"


class UseTest(LecturePage):
    def test_pictures(self):
        """Each drawn, with a table that holds what it shows, on desktop and phone; pictures of them are kept."""
        self.start()
        self.assertGreaterEqual(len(self.pictures()), 5)
        for size, name in ((DESKTOP, "desktop"), (PHONE, "phone")):
            self.browser.look(size)
            self.start()
            for picture in self.pictures():
                with self.subTest(picture=picture, size=name):
                    self.browser.click(f'[data-picture="{picture}"]')
                    self.assertEqual(self.current_picture(), f"picture-{picture}")
                    counted = self.browser.run("""
                      const svg = document.getElementById(arguments[0]), box = svg.getBoundingClientRect();
                      return [svg.querySelectorAll('path, line, polyline, polygon, rect').length, box.width, box.height,
                              /NaN|Infinity|undefined/.test(svg.outerHTML),
                              Boolean(svg.getAttribute('aria-label') || svg.getAttribute('aria-labelledby') ||
                                      svg.querySelector('title'))];""", f"picture-{picture}")
                    self.assertGreater(counted[0], 3)
                    self.assertGreater(min(counted[1:3]), 150)
                    self.assertFalse(counted[3], "no number")
                    self.assertTrue(counted[4], "no name")
                    self.assertGreater(self.browser.run(
                        "return Array.from(document.querySelectorAll('table')).filter(t => t.rows.length > 2).length"), 0)
                    self.assertLessEqual(self.browser.wide(), 0)
                    self.browser.screenshot(f"{name}-{picture}")

    def test_axes_stay_put(self):
        """While a slider moves, so that what moves is the economics."""
        self.start()
        for picture in self.pictures():
            with self.subTest(picture=picture):
                self.browser.click(f'[data-picture="{picture}"]')
                ticks = """
                  const svg = document.getElementById(arguments[0]);
                  return Array.from(svg.querySelectorAll('.axis text, [class*=tick] text, text[class*=tick]'), e => e.textContent)
                    .join(' ');"""
                before = self.browser.run(ticks, f"picture-{picture}")
                self.assertTrue(before, "axes have numbers")
                self.browser.set_slider("s-iceberg_cost", 1.5)
                self.browser.set_slider("s-iceberg_cost", 1.7)
                self.assertEqual(self.browser.run(ticks, f"picture-{picture}"), before)

    def test_what_moved_is_what_is_drawn_anew(self):
        """Elements that have moved, come and gone leave the picture that its link gives."""
        self.start()
        for picture in self.pictures():
            with self.subTest(picture=picture):
                self.browser.click('[data-preset="open"]')
                self.browser.click(f'[data-picture="{picture}"]')
                self.browser.set_slider("s-iceberg_cost", 1.2)
                self.browser.click("#pin")
                self.browser.set_slider("s-partners", 0)
                self.browser.choose("p-family", "pareto")
                self.browser.set_slider("s-partners", 4)
                self.browser.set_slider("s-export_fixed_cost", 5)
                self.browser.click("#fit")
                moved, link = self.drawn(), self.browser.run("return location.hash")
                self.start(link)
                self.browser.click("#fit")
                self.assertTrue(self.browser.run("""
                  const box = document.createElement('div');
                  box.innerHTML = arguments[0];
                  return box.firstElementChild.isEqualNode(document.getElementById(arguments[1]));""",
                                                 moved, f"picture-{picture}"), f"{moved}\n{self.drawn()}")

    def test_what_stays_is_not_made_again(self):
        """While a slider moves, in each picture: its elements, and the words of the tables."""
        self.start()
        for picture in self.pictures():
            with self.subTest(picture=picture):
                self.browser.click(f'[data-picture="{picture}"]')
                self.browser.set_slider("s-elasticity", 3.5)
                made, written = self.browser.driver.execute_async_script("""
                  const done = arguments[arguments.length - 1], slider = document.getElementById('s-elasticity');
                  const seen = [], watch = new MutationObserver((all) => seen.push(...all));
                  for (const id of [arguments[0], 'effects']) {
                    watch.observe(document.getElementById(id),
                                  {subtree: true, childList: true, characterData: true, attributes: true});
                  }
                  slider.value = 3.55;
                  slider.dispatchEvent(new Event('input', {bubbles: true}));
                  requestAnimationFrame(() => {
                    seen.push(...watch.takeRecords());
                    watch.disconnect();
                    done([seen.filter(r => r.type === 'childList').length, seen.length]);
                  });""", f"picture-{picture}")
                self.assertEqual(made, 0)
                self.assertGreater(written, 10, "something has moved")

    def test_what_nobody_sees_waits(self):
        """While a slider moves: the rows that are hidden, the sentence and the link; then they are as the others."""
        self.start()
        for end in ("change", "time", "click"):
            with self.subTest(end=end):
                self.browser.set_slider("s-iceberg_cost", 1.6)
                old = self.results()
                shown, said, link, opened = self.browser.driver.execute_async_script("""
                  const done = arguments[arguments.length - 1], slider = document.getElementById('s-iceberg_cost');
                  const cells = () => Array.from(document.querySelectorAll('[data-side=after]'), e => [
                    e.dataset.result, e.dataset.value, e.checkVisibility()]);
                  const around = () => [document.getElementById('live').textContent, location.hash];
                  const [said, link] = around();
                  slider.value = 1.4;
                  slider.dispatchEvent(new Event('input', {bubbles: true}));
                  requestAnimationFrame(() => {
                    const out = [cells(), around()[0] === said, around()[1] === link];
                    if (arguments[0] === 'change') slider.dispatchEvent(new Event('change', {bubbles: true}));
                    if (arguments[0] === 'click') document.getElementById('all-results').click();
                    done([...out, cells()]);
                  });""", end)
                moved = {name for name, value, _ in shown if value != old[name]}
                self.assertIn("welfare", moved)
                self.assertLessEqual(moved, {name for name, _, visible in shown if visible})
                self.assertEqual((said, link), (True, True))
                self.browser.until("location.hash.includes('iceberg_cost=1.4&')")
                self.assert_solved(self.document(self.state()))
                if end == "click":
                    self.assertEqual({name: value for name, value, _ in opened}, self.results(), "rows that are opened")
                    self.browser.click("#all-results")

    def test_as_wide_as_its_screen(self):
        """Also when that is turned or made smaller."""
        for size in (DESKTOP, (1100, 900), PHONE, (PHONE[1], PHONE[0]), DESKTOP):
            self.browser.look(size)
            if size == DESKTOP:
                self.start()
            self.browser.settle()
            wide, room = self.browser.run("""
              const svg = document.getElementById(arguments[0]);
              return [Number(svg.getAttribute('width')), svg.parentElement.getBoundingClientRect().width];""",
                                          self.current_picture())
            self.assertEqual(wide, max(280, int(room)), size)

    def test_a_picture_to_keep(self):
        self.start()
        for picture in self.pictures():
            with self.subTest(picture=picture):
                self.browser.click(f'[data-picture="{picture}"]')
                name, text = self.browser.downloaded(lambda: self.browser.click("#download-svg"))
                self.assertTrue(name.endswith(".svg"), name)
                root = xml.fromstring(text)
                self.assertEqual(root.tag, f"{SVG}svg")
                self.assertTrue(root.get("viewBox"))
                drawn = [e for e in root.iter() if e.tag in {f"{SVG}path", f"{SVG}line", f"{SVG}polyline"}]
                self.assertGreater(len(drawn), 3)
                self.assertNotIn("var(--", text, "colours that only the page knows")

    def test_numbers_to_keep(self):
        self.start()
        self.browser.type("p-iceberg_cost", "1.43")
        name, text = self.browser.downloaded(lambda: self.browser.click("#download-csv"))
        self.assertTrue(name.endswith(".csv"), name)
        rows = list(csv.reader(io.StringIO(text)))
        self.assertGreater(len(rows), 5)
        self.assertEqual(len({len(row) for row in rows}), 1, "rows are as long as one another")
        by_name = {row[0]: row[1:] for row in rows[1:]}
        for side in ("before", "after", "autarky"):
            for result, shown in self.results(side).items():
                self.assertIn(result, by_name)
                self.assertIn(shown, by_name[result], f"{result} {side}")

    def test_no_wider_than_a_phone(self):
        self.browser.look(PHONE)
        self.start()
        self.assertLessEqual(self.browser.wide(), 0)
        for preset in self.presets():
            self.browser.click(f'[data-preset="{preset}"]')
            self.assertLessEqual(self.browser.wide(), 0, preset)
        places = self.browser.run("""
          const top = (e) => e.getBoundingClientRect().top + scrollY;
          return [top(document.getElementById('s-iceberg_cost')),
                  Math.min(...Array.from(document.querySelectorAll('svg[id^="picture-"]')).filter(e => e.checkVisibility())
                           .map(top))];""")
        self.assertGreater(places[0], places[1], "controls stand below the picture")

    def test_targets_are_large_enough(self):
        for size in (DESKTOP, PHONE):
            self.browser.look(size)
            self.start()
            small = self.browser.run(CONTROLS + """
              const inline = (e) => e.matches('a') && getComputedStyle(e).display === 'inline';
              return out.filter(e => !inline(e)).map(e => [e, e.getBoundingClientRect()])
                .filter(([e, box]) => Math.min(box.width, box.height) < 24 && !Array.from(e.labels ?? []).some(l => {
                  const b = l.getBoundingClientRect();
                  return Math.min(b.width, b.height) >= 24 && (e.type === 'checkbox' || e.type === 'radio');
                })).map(([e, box]) => `${e.tagName} ${e.id || e.textContent} ${box.width} x ${box.height}`);""")
            self.assertEqual(small, [])

    def test_by_keyboard_only(self):
        """Tab comes to every control, and back to where it began."""
        self.start()
        count = self.browser.run(CONTROLS + """
          out.forEach((e, k) => e.dataset.testPlace = k);
          document.activeElement?.blur();
          window.scrollTo(0, 0);
          return out.length;""")
        self.assertGreater(count, 20)
        wanted = set(self.browser.run(CONTROLS + """
          const groups = new Map();  // of radio buttons one is reached, the rest by arrows
          for (const e of out) if (e.type === 'radio') groups.set(e.name, e.checked ? e : groups.get(e.name) ?? e);
          return out.filter(e => e.type !== 'radio' || groups.get(e.name) === e).map(e => e.dataset.testPlace);"""))
        seen = []
        for _ in range(2 * count + 10):
            self.browser.driver.switch_to.active_element.send_keys(Keys.TAB)
            place = self.browser.run("return document.activeElement?.dataset?.testPlace ?? null")
            if place is None or (seen and place == seen[0]):
                break
            if place not in seen:
                seen.append(place)
                outline = self.browser.run("""
                  const e = document.activeElement, s = getComputedStyle(e);
                  return e.matches(':focus-visible') && (s.outlineStyle !== 'none' || s.boxShadow !== 'none');""")
                self.assertTrue(outline, f"nothing shows the focus on {place}")
        missed = self.browser.run(
            "return arguments[0].map(k => document.querySelector(`[data-test-place='${k}']`).outerHTML.slice(0, 120))",
            sorted(wanted - set(seen)))
        self.assertEqual(missed, [])

    def test_pictures_by_keyboard(self):
        self.start()
        first = self.browser.driver.find_element("css selector", "[data-picture]")
        self.browser.run("arguments[0].focus()", first)
        before = self.current_picture()
        is_tab = self.browser.run("return arguments[0].getAttribute('role') === 'tab'", first)
        self.browser.press(*([Keys.ARROW_RIGHT, Keys.ENTER] if is_tab else [Keys.TAB, Keys.ENTER]))
        self.assertNotEqual(self.current_picture(), before)

    def test_reduced_motion(self):
        self.browser.look(still=True)
        self.start()
        for preset in self.presets():
            self.browser.run("document.querySelector(`[data-preset='${arguments[0]}']`).click()", preset)
            self.assertEqual(self.browser.run("return document.getAnimations().filter(a => a.playState === 'running').length"),
                             0)

    def test_frames(self):
        """How long it takes to draw is printed, and asserted nowhere: a machine that is busy proves nothing."""
        self.start()
        self.browser.type("p-iceberg_cost", "1.6")
        for picture in self.pictures():
            self.browser.click(f'[data-picture="{picture}"]')
            frames = self.browser.driver.execute_async_script("""
              const done = arguments[arguments.length - 1], slider = document.getElementById('s-iceberg_cost');
              if (window.melitzFrames) window.melitzFrames.length = 0;
              let k = 0;
              const step = () => {
                if (k++ === 120) {
                  setTimeout(() => done(Array.from(window.melitzFrames ?? [])), 50);
                  return;
                }
                slider.value = 1.2 + 0.006 * k;
                slider.dispatchEvent(new Event('input', {bubbles: true}));
                requestAnimationFrame(step);
              };
              requestAnimationFrame(step);""")
            self.assertGreaterEqual(len(frames), 100, f"{picture}: window.melitzFrames has one for each frame")
            frames.sort()
            print(f"frame time, {picture}: median {frames[len(frames) // 2]:.1f} ms, 95th percentile "
                  f"{frames[int(0.95 * len(frames))]:.1f} ms", flush=True)

    def test_the_page_is_one_file(self):
        text = (PAGES / self.page).read_text(encoding="utf-8")
        self.assertLessEqual(len(text.encode("utf-8")), 1_000_000)


if __name__ == "__main__":
    unittest.main()
