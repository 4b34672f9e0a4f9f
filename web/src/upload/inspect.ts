import type { Found } from "./rules.ts";

/** Some phones never answer for formats they cannot play. */
const PATIENCE_MS = 8000;

/** Reads length and picture size by letting the browser load the file's head; unknown properties are left out. */
export function inspect(file: File): Promise<Found> {
  const plain: Found = { name: file.name, bytes: file.size };
  if (!file.type.startsWith("video/") && !file.type.startsWith("audio/")) return Promise.resolve(plain);
  const video = document.createElement("video");
  const url = URL.createObjectURL(file);
  return new Promise((resolve) => {
    const finish = (found: Found) => {
      clearTimeout(timer);
      URL.revokeObjectURL(url);
      video.removeAttribute("src");
      resolve(found);
    };
    const timer = setTimeout(() => finish(plain), PATIENCE_MS);
    video.preload = "metadata";
    video.addEventListener("error", () => finish(plain));
    video.addEventListener("loadedmetadata", () => {
      const found = { ...plain };
      if (Number.isFinite(video.duration)) found.seconds = video.duration;
      if (video.videoWidth > 0) Object.assign(found, { width: video.videoWidth, height: video.videoHeight });
      finish(found);
    });
    video.src = url;
  });
}
