// One text of a memory: tokens, the one that fires and the one that follows marked, coloured by coefficients when these are there.
import { h } from "../dom.js";
import { four } from "../format.js";
import { visible } from "../tokens.js";

const strongest = 0.62;   // opacity of the memory's largest coefficient: text on it stays readable

// text: { unit, first, length, tokens }; position and target: in tokens of the whole text, or null; scale: the coefficient of full colour.
export function memoryText(text, position, target, scale, label) {
  const spans = text.tokens.map((piece, index) => h("span", { class: `tk${markOf(text.first + index, position, target)}${text.first + index === 0 && isSpecial(piece) ? " special" : ""}` }, shown(piece, text.first + index, position, target)));
  const before = h("span", { class: "cut", aria: { hidden: "true" } }, "…");
  const after = h("span", { class: "cut", aria: { hidden: "true" } }, "…");
  const readout = h("output", { class: "tk-readout", hidden: true });
  const tokens = h("bdi", { class: "tk-line" }, before, spans, after);
  const node = h("div", { class: "tk-text", tabindex: "0", role: "group", aria: { label }, onkeydown: move, onfocusout: leave }, tokens, readout);
  let values = null;
  let known = 0;   // tokens of the text whose coefficients are there
  let cursor = -1;
  let window = [0, spans.length];
  limit(null);

  // Shows the last n tokens up to the position, and what follows it; all of them for null.
  function limit(count) {
    const at = position === null ? null : position - text.first;
    window = count === null || at === null ? [0, spans.length] : [Math.max(0, at - count + 1), Math.min(spans.length, at + 2)];
    spans.forEach((span, index) => { span.hidden = index < window[0] || index >= window[1]; });
    before.hidden = text.first + window[0] === 0;
    after.hidden = text.first + window[1] >= text.length;
  }

  // given: coefficients of the tokens from position `from` on.
  function colour(from, given) {
    known = Math.max(known, from + given.length);
    values = spans.map((_, index) => given[text.first + index - from] ?? null);
    spans.forEach((span, index) => paint(span, values[index], scale));
  }

  function move(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1, Home: -Infinity, End: Infinity }[event.key];
    if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    const start = cursor < 0 ? (position === null ? window[0] : position - text.first) - (Number.isFinite(step) ? step : 0) : cursor;
    select(Math.min(window[1] - 1, Math.max(window[0], start + step)));
  }

  function select(index) {
    spans[cursor]?.classList.remove("at");
    cursor = index;
    spans[cursor].classList.add("at");
    readout.hidden = false;
    readout.textContent = `${visible(text.tokens[cursor]) || "∅"}  ${values === null ? "not computed" : four(values[cursor])}`;
  }

  function leave() {
    spans[cursor]?.classList.remove("at");
    cursor = -1;
    readout.hidden = true;
  }

  // Tokens whose coefficients are needed for what is shown, from the text's first on: those after them are not run. 0 where they are there.
  function needs() {
    const end = text.first + window[1];
    return end > known ? end : 0;
  }

  return { node, text, limit, colour, needs };
}

// Colours one token's element: by |m| / scale, its side by the hue, and under negative ones a dotted line.
export function paint(span, value, scale) {
  span.classList.toggle("pos", value > 0);
  span.classList.toggle("neg", value < 0);
  if (value === null || value === undefined) {
    span.removeAttribute("title");
    return;
  }
  span.style.setProperty("--a", scale > 0 ? (strongest * Math.min(1, Math.abs(value) / scale)).toFixed(3) : "0");
  span.title = four(value);
}

// Whether a token stands for no text: BOS and its like.
export function isSpecial(piece) {
  return /^<[^<>\s]+>$/.test(piece);
}

function markOf(at, position, target) {
  return at === position ? " fires" : at === target ? " follows" : "";
}

function shown(piece, at, position, target) {
  return piece === "" && (at === position || at === target) ? "∅" : visible(piece);
}
