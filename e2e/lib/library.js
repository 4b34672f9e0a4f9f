import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";

/** Asks again until `look` finds something. @template T @param {string} what @param {() => Promise<T | undefined>} look @param {number} [patienceMs] */
export async function until(what, look, patienceMs = 300_000) {
  for (let waited = 0; waited < patienceMs; waited += 500) {
    const found = await look();
    if (found !== undefined) return found;
    await sleep(500);
  }
  assert.fail(`waited in vain: ${what}`);
}

/** Ids of public lessons, as soon as there are so many. @param {string} address @param {number} wanted */
export async function published(address, wanted) {
  return until(`${wanted} public lessons`, async () => {
    const answer = await fetch(`${address}/api/v1/library`);
    const ids = (await answer.json()).items.map((/** @type {{ id: string }} */ item) => item.id);
    return ids.length >= wanted ? /** @type {string[]} */ (ids) : undefined;
  });
}
