// Numbers for readers: short where they stand, four significant digits on hover.
import { h } from "./dom.js";

// 1234567 -> "1,234,567"
export function count(value) {
  return value === null || value === undefined ? "–" : value.toLocaleString("en-US");
}

// Three significant digits, without an exponent where that is readable.
export function short(value) {
  return digits(value, 3);
}

export function four(value) {
  return digits(value, 4);
}

// 0.1234 -> "12.3%"
export function percent(share) {
  if (share === null || share === undefined || !Number.isFinite(share)) {
    return "–";
  }
  const hundred = 100 * share;
  return hundred !== 0 && Math.abs(hundred) < 0.1 ? `${hundred.toPrecision(2)}%` : `${hundred.toFixed(Math.abs(hundred) < 10 ? 2 : 1)}%`;
}

// A number as an element: short, with four digits on hover.
export function number(value, text) {
  return h("span", { class: "num", title: four(value) }, text ?? short(value));
}

export function percentage(share) {
  return h("span", { class: "num", title: share === null || share === undefined ? "not measured" : `${four(100 * share)}%` }, percent(share));
}

function digits(value, significant) {
  if (value === null || value === undefined || !Number.isFinite(value)) {
    return "–";
  }
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e9)) {
    return value.toExponential(significant - 1);
  }
  if (size >= 10 ** significant) {
    return Math.round(value).toLocaleString("en-US");
  }
  return String(Number(value.toPrecision(significant)));
}
