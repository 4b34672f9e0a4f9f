// How old the pictures of a broadcast are on a viewer's screen: node glass.mjs rtmp://…/live/KEY http://…/live/ID PICTURES
// Prints one line of JSON: {"ages": [milliseconds, …]}.
import { launch, person } from "../../e2e/lib/browser.js";
import { ages, Publisher } from "../../e2e/lib/publisher.js";

/** Pictures that pass before it counts: the player catches up first. */
const SETTLING = 250;
const TRIES = 60;

const [rtmp = "", address = "", pictures = "60"] = process.argv.slice(2);
const page = new URL(address);
const cut = rtmp.lastIndexOf("/");
const publisher = new Publisher(rtmp.slice(0, cut), rtmp.slice(cut + 1));
const browser = await launch();
try {
  const viewer = await person(browser, page.origin);
  for (let n = 0; ; n += 1) {
    const standing = await (await viewer.request.get(`${page.pathname}/state`)).json();
    if (standing.state === "on_air" && standing.manifest) break;
    if (n === TRIES) throw new Error(`it does not come on air: ${JSON.stringify(standing)}`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  await viewer.goto(page.pathname);
  const start = viewer.locator("kj-player .kj-start");
  await viewer.waitForFunction(() => (document.querySelector("video")?.currentTime ?? 0) > 0 || document.querySelector(".kj-start"));
  if (await start.isVisible()) await start.click();
  await viewer.waitForFunction(() => (document.querySelector("video")?.currentTime ?? 0) > 1);
  await ages(viewer, SETTLING);
  const found = await ages(viewer, Number(pictures));
  process.stdout.write(`${JSON.stringify({ ages: found })}\n`);
} finally {
  publisher.stop();
  await browser.close();
}
