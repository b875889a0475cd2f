// Who annotates: the name stands in the address, and the browser remembers the last one.
import { h } from "./dom.js";
import { visible } from "./tokens.js";

const key = "keyhole-annotator";

export function rememberedName() {
  try {
    return localStorage.getItem(key) ?? "";
  } catch {
    return "";
  }
}

export function rememberName(name) {
  try {
    localStorage.setItem(key, name);
  } catch {
    // A browser that keeps nothing: the name stands in the address all the same.
  }
}

// A name that no other save has.
export function newKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// A name among other words, kept apart from their direction.
export function shownName(name) {
  return h("bdi", null, visible(name));
}
