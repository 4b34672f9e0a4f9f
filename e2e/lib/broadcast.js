import { until } from "./library.js";

/**
 * Plans a live broadcast by the form and makes its stream key.
 * @param {import("playwright-core").Page} host @param {{ title: string, lecturer: string }} plan
 */
export async function planned(host, { title, lecturer }) {
  await host.goto("/broadcasts/new");
  await host.fill("#title", title);
  await host.fill("#lecturer", lecturer);
  await host.click("main form .button-primary");
  await host.waitForURL("**/broadcasts/brd_**");
  const id = /brd_[0-9a-f]{32}/.exec(host.url())?.[0] ?? "";
  await host.click("form[action$='/key'] button");
  const key = (await host.locator("code.secret").textContent()) ?? "";
  return { id, key };
}

/** Puts on air what a publisher sends by now. @param {import("playwright-core").Page} host @param {string} id */
export async function goOnAir(host, id) {
  await until("the publisher is seen", async () => {
    await host.goto(`/broadcasts/${id}`);
    return (await host.locator("form[action$='/on-air']").count()) > 0 ? true : undefined;
  });
  await confirmed(host, "form[action$='/on-air'] button");
  await host.waitForURL("**done=broadcast-on-air**");
}

/** Ends a broadcast. @param {import("playwright-core").Page} host @param {string} id */
export async function end(host, id) {
  await host.goto(`/broadcasts/${id}`);
  await confirmed(host, "form[action$='/end'] button");
  await host.waitForURL("**done=broadcast-ended**");
}

/** Presses what asks back, and says yes. @param {import("playwright-core").Page} page @param {string} button */
export async function confirmed(page, button) {
  await page.click(button);
  await page.click("dialog[open] .button-primary, dialog[open] .button-danger");
}

/** Opens the page of a broadcast and watches. @param {import("playwright-core").Page} viewer @param {string} id */
export async function watches(viewer, id) {
  await viewer.goto(`/live/${id}`);
  const start = viewer.locator("kj-player .kj-start");
  await viewer.waitForFunction(() => (document.querySelector("video")?.currentTime ?? 0) > 0 || document.querySelector(".kj-start"));
  if (await start.isVisible()) await start.click();
  await viewer.waitForFunction(() => (document.querySelector("video")?.currentTime ?? 0) > 1);
}
