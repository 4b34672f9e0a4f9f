import { icon, make } from "../dom.ts";
import { text } from "../texts.ts";

/** The large button over the poster. */
export function startButton(begin: () => void): HTMLButtonElement {
  const button = make("button", { type: "button", class: "kj-start", "aria-label": text("player_play") }, icon("play"));
  button.addEventListener("click", begin);
  return button;
}

/** Says so while the picture waits for data. */
export function busyNote(video: HTMLVideoElement): HTMLElement {
  const busy = make("span", { class: "kj-busy", role: "status" });
  video.addEventListener("waiting", () => busy.replaceChildren(text("player_loading")));
  for (const name of ["playing", "pause", "seeked", "emptied"]) {
    video.addEventListener(name, () => busy.replaceChildren());
  }
  return busy;
}
