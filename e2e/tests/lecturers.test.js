// Lecturers as the public meets them, and as clerks find, compare and book them: on a phone, in both languages, without script.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { accessible, collectErrors, DESKTOP, fits, launch, person, PHONE, reachable, shot, signIn } from "../lib/browser.js";
import { Server } from "../lib/server.js";

/** Of every demo account. */
const PASSWORD = "open-the-lecture";
const server = new Server({ demo: true });
/** @type {import("playwright-core").Browser} */
let browser;

before(async () => {
  await server.start();
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await server.remove();
});

/**
 * Looks at pages in both sizes: nothing sticks out, axe finds nothing, and a picture is kept.
 * @param {Record<string, string>} pages address by name
 * @param {string} locale
 * @param {string} [login]
 */
async function look(pages, locale, login) {
  for (const viewport of [PHONE, DESKTOP]) {
    const page = await person(browser, server.address, { viewport, locale });
    const errors = collectErrors(page);
    if (login) await signIn(page, login, PASSWORD);
    for (const [name, address] of Object.entries(pages)) {
      await page.goto(address);
      await fits(page);
      await accessible(page);
      await shot(page, `lecturers-${name}-${locale}-${viewport.width}`);
    }
    assert.deepEqual(errors, []);
    await page.context().close();
  }
}

/** The address of the first link that fits. @param {string} from @param {string} link @param {string} [login] */
async function first(from, link, login) {
  const page = await person(browser, server.address);
  if (login) await signIn(page, login, PASSWORD);
  await page.goto(from);
  const href = await page.getAttribute(link, "href");
  await page.context().close();
  assert.ok(href, `${link} on ${from}`);
  return href;
}

for (const locale of ["zh-CN", "en"]) {
  test(`the public pages are whole in ${locale}`, async () => {
    const one = await first("/lecturers", ".person-card a");
    await look({ list: "/lecturers", narrowed: "/lecturers?kind=teacher", person: one }, locale);
  });

  test(`the pages of the desk are whole in ${locale}`, async () => {
    const clerk = "clerk.province";
    const one = await first("/desk/lecturers", "tbody th a", clerk);
    const pair = await first("/desk/lecturers/duplicates", ".worklist > li > .button", clerk);
    const booking = await first("/desk/bookings", ".worklist-title a", clerk);
    const pages = {
      "desk-list": "/desk/lecturers",
      "desk-person": one,
      "desk-form": `${one}/edit`,
      duplicates: "/desk/lecturers/duplicates",
      merge: pair,
      request: `${one}/book`,
      bookings: "/desk/bookings",
      booking,
      calendar: "/desk/bookings/calendar",
      import: "/desk/lecturers/import",
    };
    await look(pages, locale, clerk);
  });
}

test("large type leaves room for fingers", async () => {
  const page = await person(browser, server.address, { viewport: PHONE, hasTouch: true });
  await page.goto("/lecturers");
  await page.click("button[name=elder]");
  await page.waitForSelector("html[data-elder]");
  await fits(page);
  await accessible(page);
  await reachable(page, 60);
  await shot(page, "lecturers-elder");
  await page.context().close();
});

test("a lecturer is found, booked, accepted and refused a second time without script", async () => {
  const asker = await person(browser, server.address, { javaScriptEnabled: false, locale: "en" });
  await signIn(asker, "clerk.county", PASSWORD);
  const book = async () => {
    await asker.goto("/desk/lecturers?q=%E6%B2%88%E6%80%A1");
    await asker.click("tbody th a");
    await asker.click("a[href$='/book']");
    await asker.fill("#title", "An evening of reading");
    await asker.click("main form button.button-primary");
  };
  await book();
  await asker.waitForSelector(".notice-success");
  const booking = new URL(asker.url()).pathname;
  const home = await person(browser, server.address, { javaScriptEnabled: false, locale: "en" });
  await signIn(home, "clerk.province", PASSWORD);
  await home.goto(booking);
  await home.click("form[action$='/acceptance'] button");
  await home.waitForSelector(".badge[data-state=ready]");
  await book();
  assert.match(await asker.innerText(".notice-error"), /expected elsewhere/);
  assert.equal(await asker.inputValue("#title"), "An evening of reading");
  await asker.context().close();
  await home.context().close();
});
