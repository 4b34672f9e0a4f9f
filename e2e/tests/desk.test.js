// The desk as people meet it: every kind of page on a phone and at a desk, in both languages, by finger and by keyboard.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { accessible, collectErrors, DESKTOP, fits, launch, PHONE, reachable, shot } from "../lib/browser.js";
import { demoPerson, find } from "../lib/desk.js";
import { until } from "../lib/library.js";
import { Server } from "../lib/server.js";

/** @typedef {import("playwright-core").Page} Page */
/** @typedef {import("playwright-core").Browser} Browser */

/** The one of the demo's lessons that stays a draft. */
const DRAFT = "入户走访的十二个细节";

const server = new Server({ demo: true });
/** @type {Browser} */
let browser;

before(async () => {
  await server.start();
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await server.remove();
});

/** The ways people look at a page. Axe reads each page once a way, in a language by turns: it judges structure, which words don't change. */
const WAYS = [
  { name: "phone", viewport: PHONE, hasTouch: true, judged: "zh-CN" },
  { name: "desktop", viewport: DESKTOP, hasTouch: false, judged: "en" },
];

/**
 * Looks at pages in every way; each must fit, be accessible, be reachable by finger and complain of nothing.
 * @param {Page} signedIn @param {string} who @param {Record<string, string>} pages
 */
async function lookAt(signedIn, who, pages) {
  const storageState = await signedIn.context().storageState();
  await Promise.all(WAYS.map((way) => lookOneWay(way, storageState, who, pages)));
}

/** @param {typeof WAYS[number]} way @param {Awaited<ReturnType<import("playwright-core").BrowserContext["storageState"]>>} storageState @param {string} who @param {Record<string, string>} pages */
async function lookOneWay({ name, viewport, hasTouch, judged }, storageState, who, pages) {
  const context = await browser.newContext({ baseURL: server.address, storageState, viewport, hasTouch, reducedMotion: "reduce" });
  const page = await context.newPage();
  const errors = collectErrors(page);
  for (const language of ["zh-CN", "en"]) {
    await context.addCookies([{ name: "language", value: language, url: server.address }]);
    for (const [label, path] of Object.entries(pages)) {
      const response = await page.goto(path, { waitUntil: "load" });
      assert.equal(response?.status(), 200, `${who} at ${path}`);
      assert.equal(new URL(page.url()).pathname, path.split("?")[0], "no page stands in for another");
      assert.equal(await page.locator("html").getAttribute("lang"), language);
      await fits(page);
      if (hasTouch) await reachable(page);
      if (language === judged) await accessible(page);
      await shot(page, `desk-${who}-${label}-${name}-${language}`);
    }
  }
  assert.deepEqual(errors, []);
  await context.close();
}

/** @param {Page} page The first of the demo's campaigns and its first category. */
async function call(page) {
  const campaign = await find(page, "/campaigns", /cmp_[0-9a-f]{32}/);
  const category = await find(page, `/campaigns/${campaign}/edit`, /ctg_[0-9a-f]{32}/);
  return { campaign, category };
}

test("an administrator's pages", async () => {
  const page = await demoPerson(browser, server.address, "administrator.province");
  const { campaign, category } = await call(page);
  const organisation = await find(page, "/organisations", /org_[0-9a-f]{32}/);
  const colleague = await find(page, "/people?q=reviewer.township", /acc_[0-9a-f]{32}/);
  await lookAt(page, "administrator", {
    tree: "/organisations",
    found: "/organisations?q=村",
    organisation: `/organisations/${organisation}`,
    import: "/organisations/import",
    people: "/people",
    "people-import": "/people/import",
    person: `/people/${colleague}`,
    "campaign-new": "/campaigns/new",
    "campaign-edit": `/campaigns/${campaign}/edit`,
    category: `/campaigns/${campaign}/categories/${category}`,
    administration: "/administration",
    jobs: "/administration/jobs",
    lessons: "/desk/lessons",
    audit: "/administration/audit",
    "statistics-empty": "/statistics?period=custom&from=2020-01-01&to=2020-01-31",
    me: "/me",
  });
  await page.context().close();
});

test("the tree opens by keyboard, and every step shows where it is", async () => {
  const page = await demoPerson(browser, server.address, "administrator.province");
  await page.goto("/organisations");
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement?.className), "skip-link");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement?.id), "main");
  const branch = page.locator(".tree-branch .tree-branch").first();
  await branch.locator("> .tree-line a").focus();
  await page.keyboard.press("Tab");
  const focused = await page.evaluate(() => {
    const at = document.activeElement;
    return { tag: at?.tagName, name: at?.getAttribute("aria-label"), outline: at ? Number.parseFloat(getComputedStyle(at).outlineWidth) : 0 };
  });
  assert.equal(focused.tag, "SUMMARY");
  assert.ok(focused.name, "the expander says what it opens");
  assert.ok(focused.outline >= 2, `the focus is seen: ${focused.outline} px`);
  assert.equal(await branch.locator("ul > li").count(), 0, "subordinates come when they are asked for");
  await page.keyboard.press("Enter");
  await branch.locator("ul > li a").first().waitFor();
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement?.closest(".tree-branch > details") !== null), true);
  await page.keyboard.press("Enter");
  await page.waitForURL(/organisations\/org_/);
  await page.context().close();
});

test("who may not is told so inside the desk, in words", async () => {
  const page = await demoPerson(browser, server.address, "clerk.branch", { viewport: PHONE, locale: "en" });
  const nothing = `/submissions/sub_${"0".repeat(32)}`;
  for (const [path, status, title] of /** @type {const} */ ([["/administration", 403, "You may not do this"], [nothing, 404, "This page is not here"]])) {
    const response = await page.goto(path);
    assert.equal(response?.status(), status);
    assert.equal(await page.locator("h1").innerText(), title);
    await page.locator(".desk-nav").waitFor();
    await fits(page);
    await accessible(page);
    await shot(page, `desk-clerk-${status}`);
  }
  await page.context().close();
});

test("a clerk's pages", async () => {
  const page = await demoPerson(browser, server.address, "clerk.branch");
  const draft = await until("a draft of the demo", async () => {
    const { items } = await (await page.request.get("/api/v1/submissions?state=draft")).json();
    return /** @type {string | undefined} */ (items.find((/** @type {{ title: string }} */ item) => item.title === DRAFT)?.id);
  });
  const campaign = await find(page, "/campaigns", /cmp_[0-9a-f]{32}/);
  const receipt = await find(page, `/submissions/${await find(page, "/submissions?state=published", /sub_[0-9a-f]{32}/)}`, /KJ-[0-9A-Z-]+/);
  const records = `/statistics/records?${(await find(page, "/statistics?period=year", /statistics\/records\?[^"]+/)).split("?")[1]?.replaceAll("&amp;", "&")}`;
  await lookAt(page, "clerk", {
    desk: "/desk",
    submissions: "/submissions",
    "submissions-none": "/submissions?state=rejected",
    new: "/submissions/new",
    draft: `/submissions/${draft}`,
    editor: `/submissions/${draft}/edit`,
    preview: `/submissions/${draft}/submit`,
    receipt: `/receipts/${receipt}`,
    campaigns: "/campaigns",
    campaign: `/campaigns/${campaign}`,
    statistics: "/statistics?period=year",
    records,
  });
  await page.context().close();
});

test("a reviewer's pages and an editor's", async () => {
  const reviewer = await demoPerson(browser, server.address, "reviewer.township");
  const waiting = await find(reviewer, "/review", /sub_[0-9a-f]{32}/);
  const { campaign, category } = await demoCall();
  await lookAt(reviewer, "reviewer", {
    desk: "/desk",
    queue: "/review",
    review: `/review/${waiting}`,
    ranking: `/review/rank?campaign=${campaign}&category=${category}`,
  });
  await reviewer.context().close();
  const editor = await demoPerson(browser, server.address, "editor.province");
  const cleared = await find(editor, "/clearance", /sub_[0-9a-f]{32}/);
  await lookAt(editor, "editor", { clearances: "/clearance", clearance: `/clearance/${cleared}` });
  await editor.context().close();
});

/** The demo's call, asked as somebody who may see all of it. */
async function demoCall() {
  const page = await demoPerson(browser, server.address, "administrator.province");
  const found = await call(page);
  await page.context().close();
  return found;
}
