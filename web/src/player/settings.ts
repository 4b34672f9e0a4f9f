import { text } from "../texts.ts";
import { SPEEDS } from "./keys.ts";
import type { Choices } from "./menu.ts";
import { AUTO, type Source } from "./source.ts";

/** The value of "sound only" among the qualities. */
export const SOUND = "sound";

/** Rungs of the picture, and the sound alone when there is a playlist for it. */
export function qualityChoices(
  source: Source,
  sound: { there: boolean; chosen: boolean },
  choose: (value: string) => void,
): Choices {
  const chosen = sound.chosen ? SOUND : String(source.quality);
  const rungs = sound.chosen ? [] : source.qualities.map(({ index, label }) => ({ label, value: String(index) }));
  const options = [{ label: text("player_auto"), value: String(AUTO) }, ...rungs];
  if (sound.there) options.push({ label: text("player_audio_only"), value: SOUND });
  return {
    title: text("player_quality"),
    options: options.map((option) => ({ ...option, chosen: option.value === chosen })),
    choose,
  };
}

export function speedChoices(video: HTMLVideoElement): Choices {
  return {
    title: text("player_speed"),
    options: SPEEDS.map((speed) => ({
      label: `${speed}×`,
      value: String(speed),
      chosen: speed === video.playbackRate,
    })),
    choose: (value) => {
      video.playbackRate = Number(value);
    },
  };
}
