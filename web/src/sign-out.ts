/** Before somebody leaves a device that keeps held sessions, what waits is sent and what is kept is removed. */
export function startSignOut(): void {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || new URL(form.action).pathname !== "/sign-out" || !isUsed()) return;
    event.preventDefault();
    import("./held/sign-out.ts").then(({ signOut }) => signOut(form)).catch(() => form.submit());
  });
}

function isUsed(): boolean {
  try {
    return localStorage.getItem("kj:held") !== null;
  } catch {
    return false;
  }
}
