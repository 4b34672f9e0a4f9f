/** What other behaviours ask of the player on their page. */
export interface Player extends HTMLElement {
  readonly currentTimeMs: number;
  seekMs(ms: number): void;
}

/** The page's player, once its script has arrived. */
export function playerOf(): Player | null {
  const player = document.querySelector<Player>("kj-player");
  return player && typeof player.seekMs === "function" ? player : null;
}

let listening = false;

/** Clicking anything with `data-at-ms` goes to that moment; without a ready player the link works as a link. */
export function startMoments(): void {
  if (listening) return;
  listening = true;
  document.addEventListener("click", (event) => {
    const chip = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-at-ms]") : null;
    const player = chip && playerOf();
    if (!player) return;
    event.preventDefault();
    player.seekMs(Number(chip.dataset["atMs"]));
  });
}
