// Texts and tokens as readers see them. What a screen would act on is shown as a picture instead: line breaks, tabs, controls, marks that turn the reading direction.
import { h } from "./dom.js";

const acting = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/g;

export function visible(text) {
  return text.replace(acting, picture);
}

// A token in its own box; spaces within it count, so they stay.
export function token(text, props) {
  const shown = text === null || text === undefined ? "?" : visible(text);
  return h("bdi", { ...props, class: `token ${props?.class ?? ""}`.trim(), title: props?.title ?? (shown === "" ? "an empty token" : null) }, shown === "" ? "∅" : shown);
}

// A run of text, kept apart from the direction of what stands around it.
export function text(content, props) {
  return h("bdi", { ...props, class: `text ${props?.class ?? ""}`.trim() }, visible(content));
}

function picture(mark) {
  const code = mark.charCodeAt(0);
  if (mark === "\n") {
    return "↵";
  }
  if (mark === "\t") {
    return "⇥";
  }
  if (code < 0x20) {
    return String.fromCharCode(0x2400 + code);
  }
  return code === 0x7f ? "␡" : "\ufffd";
}
