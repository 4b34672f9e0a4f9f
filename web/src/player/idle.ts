const IDLE_MS = 2500;

/** Hides the controls while the picture runs and nothing moves; gives back what shows them again. */
export function hideWhenIdle(frame: HTMLElement, video: HTMLVideoElement): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const wake = () => {
    frame.removeAttribute("data-idle");
    frame.toggleAttribute("data-playing", !video.paused);
    clearTimeout(timer);
    timer = setTimeout(() => frame.toggleAttribute("data-idle", !video.paused), IDLE_MS);
  };
  for (const name of ["play", "pause", "pointermove", "keydown", "focusin"]) frame.addEventListener(name, wake, true);
  return wake;
}
