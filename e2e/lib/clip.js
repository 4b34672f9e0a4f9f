import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";

/**
 * A real video with picture and sound, made by the system's ffmpeg.
 * @param {string} folder @param {{ seconds: number, kbps: number, name?: string }} wanted
 */
export function clip(folder, { seconds, kbps, name = "我们的一课.mp4" }) {
  const path = join(folder, name);
  const inputs = ["-f", "lavfi", "-i", `testsrc2=size=1280x720:rate=25`, "-f", "lavfi", "-i", "sine=frequency=330:sample_rate=48000"];
  const video = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-b:v", `${kbps}k`, "-minrate", `${kbps}k`, "-maxrate", `${kbps}k`, "-bufsize", `${kbps}k`, "-g", "50"];
  const done = spawnSync("ffmpeg", ["-v", "error", "-y", ...inputs, "-t", String(seconds), ...video, "-c:a", "aac", "-ac", "2", path], { encoding: "utf8" });
  assert.equal(done.status, 0, `ffmpeg: ${done.error ?? done.stderr}`);
  return path;
}
