const YEAR_S = 31_536_000;

/** `[data-elder-toggle]` switches large type on and off and remembers it in the cookie `elder`, which the server reads. */
export function startElder(): void {
  const html = document.documentElement;
  const show = () => {
    for (const toggle of document.querySelectorAll("[data-elder-toggle]")) {
      toggle.setAttribute("aria-pressed", String(html.hasAttribute("data-elder")));
    }
  };
  document.addEventListener("click", (event) => {
    const toggle = event.target instanceof Element ? event.target.closest("[data-elder-toggle]") : null;
    if (!toggle) return;
    event.preventDefault();
    const on = html.toggleAttribute("data-elder");
    // biome-ignore lint/suspicious/noDocumentCookie: Safari has no cookieStore on older phones
    document.cookie = `elder=${on ? "1" : "0"}; path=/; max-age=${YEAR_S}; samesite=lax`;
    show();
  });
  show();
}
