/** Long edge of what is kept and sent. */
const EDGE = 1600;
const QUALITY = 0.82;

/** Width and height that fit into the edge, and are never larger than before. */
export function fitted(width: number, height: number, edge = EDGE): { width: number; height: number } {
  const scale = Math.min(1, edge / Math.max(width, height, 1));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/**
 * Draws a photo anew, as a JPEG of at most 1600 pixels: place, time, camera and owner stay behind, the way up is kept.
 *
 * Rejects when the browser cannot read the file as a picture.
 */
export async function redrawn(file: Blob): Promise<ArrayBuffer> {
  const url = URL.createObjectURL(file);
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const { width, height } = fitted(image.naturalWidth, image.naturalHeight);
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [width, height];
    const pen = canvas.getContext("2d", { alpha: false });
    if (!pen) throw new DOMException("no canvas", "NotSupportedError");
    pen.imageSmoothingQuality = "high";
    pen.drawImage(image, 0, 0, width, height);
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
    // An old phone has little memory: the pixels go at once.
    canvas.width = 0;
    if (!blob) throw new DOMException("too large", "EncodingError");
    return await blob.arrayBuffer();
  } finally {
    URL.revokeObjectURL(url);
  }
}
