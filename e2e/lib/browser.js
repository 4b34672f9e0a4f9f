import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { chromium } from "playwright-core";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
/** Where pictures of every step go. */
export const SHOTS = join(import.meta.dirname, "..", "shots");

/** The sizes that people use. */
export const PHONE = { width: 360, height: 740 };
export const TABLET = { width: 768, height: 1024 };
export const DESKTOP = { width: 1440, height: 900 };

/** The system's Chromium, headless, speaking to nobody but us. @param {string[]} [more] arguments besides the usual ones */
export async function launch(more = []) {
  const found = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((path) => existsSync(path));
  assert.ok(found, "Chromium is not installed: apt-get install chromium");
  const quiet = ["--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-gpu"];
  return chromium.launch({ executablePath: found, args: ["--no-sandbox", "--autoplay-policy=no-user-gesture-required", ...quiet, ...more] });
}

/**
 * A person with a browser of their own.
 * @param {import("playwright-core").Browser} browser
 * @param {string} address
 * @param {{ viewport?: { width: number, height: number }, locale?: string, javaScriptEnabled?: boolean, hasTouch?: boolean, reducedMotion?: "reduce" | "no-preference" }} [options]
 */
export async function person(browser, address, options = {}) {
  const context = await browser.newContext({ baseURL: address, locale: "zh-CN", viewport: DESKTOP, reducedMotion: "reduce", ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  return page;
}

/** Signs in by the form. @param {import("playwright-core").Page} page @param {string} login @param {string} password */
export async function signIn(page, login, password) {
  await page.goto("/sign-in");
  await page.fill("#login", login);
  await page.fill("#password", password);
  await Promise.all([page.waitForURL("**/desk"), page.click("form.login-card button")]);
}

/** Keeps a picture of the page. @param {import("playwright-core").Page} page @param {string} name */
export async function shot(page, name) {
  mkdirSync(SHOTS, { recursive: true });
  await page.screenshot({ path: join(SHOTS, `${name}.png`), fullPage: true });
}

/** Fails when axe finds something serious (WCAG 2.2 AA). @param {import("playwright-core").Page} page */
export async function accessible(page) {
  // The page's own policy forbids scripts of others, so axe comes in over the debugging door.
  await page.evaluate(AXE);
  const found = await page.evaluate(async () => {
    const axe = /** @type {any} */ (globalThis).axe;
    const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
    const result = await axe.run(document, { runOnly: { type: "tag", values: tags } });
    return result.violations.map((/** @type {any} */ v) => ({ id: v.id, impact: v.impact, nodes: v.nodes.map((/** @type {any} */ n) => n.html).slice(0, 3) }));
  });
  const serious = found.filter((/** @type {any} */ v) => v.impact === "serious" || v.impact === "critical");
  assert.deepEqual(serious, [], `${page.url()}: ${JSON.stringify(serious, null, 1)}`);
}

/** Fails when the page is wider than the screen. @param {import("playwright-core").Page} page */
export async function fits(page) {
  const [content, screen] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
  assert.ok(Number(content) <= Number(screen), `${page.url()}: ${content} px of content on ${screen} px`);
}

/**
 * What the page complains of, gathered as it happens: exceptions, blocked and missing resources.
 * @param {import("playwright-core").Page} page
 */
export function collectErrors(page) {
  /** @type {string[]} */
  const errors = [];
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(`${page.url()}: ${message.text()} ${message.location().url}`);
  });
  page.on("pageerror", (error) => errors.push(`${page.url()}: ${error}`));
  return errors;
}

/**
 * Fails when a finger would miss a control: 44 px high (60 in elder mode), but for links in running text (WCAG 2.5.5).
 * @param {import("playwright-core").Page} page
 * @param {number} [px]
 */
export async function reachable(page, px = 44) {
  const small = await page.evaluate((least) => {
    const controls = [...document.querySelectorAll("button, select, summary, .button, .tab, .desk-link, .input:not([type=hidden]), label.choice")];
    const heights = controls.filter((one) => one.checkVisibility()).map((one) => ({ one: one.outerHTML.slice(0, 120), px: one.getBoundingClientRect().height }));
    return heights.filter(({ px }) => px > 0 && px < least - 0.5);
  }, px);
  assert.deepEqual(small, [], page.url());
}
