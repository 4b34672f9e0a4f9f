import { startConfirm } from "./confirm.ts";
import { startCountdowns } from "./countdown.ts";
import { startDialogs } from "./dialogs.ts";
import { startElder } from "./elder.ts";
import { startFragments } from "./fragment.ts";
import { keptNotes } from "./kept-notes.ts";
import { startShare } from "./share.ts";
import { startSignOut } from "./sign-out.ts";
import { toast } from "./toast.ts";

/** Behaviours that are fetched only when the page has their element. `start` may be called again for new markup. */
const LAZY: ReadonlyArray<[selector: string, load: () => Promise<{ start(root: ParentNode): void }>]> = [
  ["kj-player", () => import("./player/index.ts")],
  ["kj-live", () => import("./live/index.ts")],
  ["kj-danmaku", () => import("./room/replay.ts")],
  ["kj-whip", () => import("./broadcast/whip.ts")],
  ["kj-room", () => import("./room/index.ts")],
  ["kj-board", () => import("./board/index.ts")],
  ["kj-ingest", () => import("./ingest/index.ts")],
  ["kj-upload", () => import("./upload/index.ts")],
  ["kj-chart", () => import("./charts/index.ts")],
  ["[data-wall]", () => import("./wall.ts")],
  ["kj-org-search", () => import("./org-search.ts")],
  ["form[data-autosave]", () => import("./autosave.ts")],
  ["[data-review]", () => import("./review.ts")],
  ["form[data-rank]", () => import("./rank.ts")],
  ["details[data-children-url]", () => import("./tree.ts")],
  ["[data-transcript]", () => import("./transcript.ts")],
  ["[data-held-outbox]", () => import("./held/index.ts")],
];

function enhance(root: ParentNode): void {
  startCountdowns(root);
  startFragments(root);
  for (const [selector, load] of LAZY) {
    const found = root.querySelectorAll(selector);
    if (found.length === 0) continue;
    // A script that does not come (an old browser, a broken line) leaves what works without it.
    load()
      .then((behaviour) => behaviour.start(root))
      .catch(() => {
        for (const element of found) element.toggleAttribute("data-failed", true);
      });
  }
}

function startSmallThings(): void {
  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    if (target?.closest("[data-print]")) print();
    const said = target?.closest<HTMLElement>("[data-toast]")?.dataset["toast"];
    if (said) toast(said);
  });
  document.querySelector<HTMLElement>(".error-summary")?.focus();
  // `done` in the address: the server took what was sent.
  keptNotes.tidy(new URLSearchParams(location.search).has("done"), Date.now());
}

document.documentElement.dataset["script"] = "";
startDialogs();
startConfirm();
startElder();
startShare();
startSignOut();
startSmallThings();
enhance(document);
document.addEventListener("kj:inserted", (event) => enhance(event.target as Element));
