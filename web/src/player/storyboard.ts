/** One small picture: a rectangle of a sheet, for a span of the video. */
export interface Tile {
  fromS: number;
  toS: number;
  url: string;
  x: number;
  y: number;
  width: number;
  height: number;
}

/** `01:02:03.500` or `02:03.500` in seconds. */
function seconds(stamp: string): number {
  return stamp.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
}

const CUE = /(\S+) --> (\S+)[^\n]*\n([^\n#]+)#xywh=(\d+),(\d+),(\d+),(\d+)/g;

/** Reads a storyboard in WebVTT (`sheet.jpg#xywh=x,y,w,h` a cue); addresses are resolved against `base`. */
export function parseStoryboard(vtt: string, base: string): Tile[] {
  return [...vtt.replaceAll("\r\n", "\n").matchAll(CUE)].map(([, from, to, sheet, x, y, width, height]) => ({
    fromS: seconds(from ?? ""),
    toS: seconds(to ?? ""),
    url: new URL(sheet ?? "", base).href,
    x: Number(x),
    y: Number(y),
    width: Number(width),
    height: Number(height),
  }));
}

/** The picture for a moment; the last one that began before it. */
export function tileAt(tiles: readonly Tile[], atS: number): Tile | undefined {
  return tiles.findLast((tile) => tile.fromS <= atS);
}
