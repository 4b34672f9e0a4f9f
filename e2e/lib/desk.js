import assert from "node:assert/strict";
import { person, signIn } from "./browser.js";
import { until } from "./library.js";

/** Of every demo account. */
export const PASSWORD = "open-the-lecture";

/**
 * Somebody of the demo, signed in, in a browser of their own.
 * @param {import("playwright-core").Browser} browser @param {string} address @param {string} login
 * @param {Parameters<typeof person>[2]} [options]
 */
export async function demoPerson(browser, address, login, options) {
  const page = await person(browser, address, options);
  await signIn(page, login, PASSWORD);
  return page;
}

/** Opens the review page of a submission. @param {import("playwright-core").Page} page @param {string} id */
export async function openReview(page, id) {
  await page.goto(`/review/${id}`);
  await page.waitForSelector("#verdict");
  // The keys work once the player's script has come.
  await page.waitForSelector("kj-player .kj-start");
  await page.waitForLoadState("networkidle");
}

/** Recommends by keyboard and waits for the server's answer. @param {import("playwright-core").Page} page @param {string} id */
export async function recommend(page, id) {
  await openReview(page, id);
  await page.locator("h1").click();
  const answered = page.waitForResponse((r) => r.request().method() === "POST" && r.url().includes(`/review/${id}`));
  await page.keyboard.press("r");
  assert.equal((await answered).status(), 303);
}

/** Approves for publication. @param {import("playwright-core").Page} page @param {string} id */
export async function approve(page, id) {
  await page.goto(`/clearance/${id}`);
  await page.fill("#f-note", "可以公开");
  await page.click("form[action$='/approval'] button");
  const answered = page.waitForResponse((r) => r.request().method() === "POST" && r.url().includes("/approval"));
  await page.click("dialog[open] .button-danger, dialog[open] .button-primary");
  assert.equal((await answered).status(), 303);
}

/** The first part of a page's source that fits, as soon as there is one. @param {import("playwright-core").Page} page @param {string} path @param {RegExp} wanted */
export async function find(page, path, wanted) {
  return until(`${wanted} at ${path}`, async () => wanted.exec(await (await page.request.get(path, { headers: { accept: "text/html" } })).text())?.[0], 120_000);
}
