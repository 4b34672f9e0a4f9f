import { openDialog } from "./dialogs.ts";
import { text } from "./texts.ts";
import { toast } from "./toast.ts";

/**
 * `[data-share="DIALOG-ID"]` opens the system's share sheet on phones, else the dialog with link and QR code.
 * `[data-copy="text"]` copies.
 */
export function startShare(): void {
  document.addEventListener("click", (event) => {
    if (!(event.target instanceof Element)) return;
    const share = event.target.closest<HTMLElement>("[data-share]");
    const copy = event.target.closest<HTMLElement>("[data-copy]");
    if (share) void shareFrom(share);
    if (copy) void copyFrom(copy);
  });
}

async function shareFrom(button: HTMLElement): Promise<void> {
  const dialog = button.dataset["share"] ?? "";
  const url = button.dataset["shareUrl"] ?? location.href;
  const byTouch = matchMedia("(pointer: coarse)").matches;
  if (!byTouch || !("share" in navigator)) return openDialog(dialog);
  try {
    await navigator.share({ url, title: button.dataset["shareTitle"] ?? document.title });
  } catch (error) {
    // Closing the system's sheet is not a failure.
    if (!(error instanceof DOMException && error.name === "AbortError")) openDialog(dialog);
  }
}

async function copyFrom(button: HTMLElement): Promise<void> {
  try {
    await navigator.clipboard.writeText(button.dataset["copy"] ?? "");
    toast(button.dataset["copiedText"] ?? text("copied"));
  } catch {
    toast(text("copy_failed"));
  }
}
