// Light or dark: as the system has it, or as the reader chose, which the browser remembers.

const key = "keyhole-theme";
const order = ["system", "light", "dark"];

export function theme() {
  try {
    const kept = localStorage.getItem(key);
    return order.includes(kept) ? kept : "system";
  } catch {
    return "system";
  }
}

export function applyTheme(chosen = theme()) {
  if (chosen === "system") {
    delete document.documentElement.dataset.theme;
  } else {
    document.documentElement.dataset.theme = chosen;
  }
}

// The next of system, light, dark.
export function turnTheme() {
  const next = order[(order.indexOf(theme()) + 1) % order.length];
  try {
    localStorage.setItem(key, next);
  } catch {
    // A browser that keeps nothing: the choice lasts as long as the page.
  }
  applyTheme(next);
  document.dispatchEvent(new CustomEvent("keyhole-theme"));
  return next;
}

// Whether the page is dark now.
export function isDark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen === "dark" || (chosen !== "light" && window.matchMedia("(prefers-color-scheme: dark)").matches);
}

// Tells when that changes, until the signal is aborted.
export function onTheme(callback, signal) {
  document.addEventListener("keyhole-theme", callback, { signal });
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", callback, { signal });
}
