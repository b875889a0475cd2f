// Small parts that several pages have.
import { h } from "./dom.js";
import { token } from "./tokens.js";
import { number } from "./format.js";

// A sentence in place of what is not there.
export function notice(heading, sentence, ...more) {
  return h("section", { class: "notice", role: "note" }, h("h2", null, heading), h("p", null, sentence), more);
}

// A quiet sentence within a page.
export function absent(sentence) {
  return h("p", { class: "absent" }, sentence);
}

// Tokens with a number each: [{ text, value }].
export function tokenList(entries, label) {
  return h("ul", { class: "scored-list", aria: { label } }, entries.map((entry) => h("li", { class: "scored" }, token(entry.text), " ", number(entry.value))));
}

// A field with its label above.
export function field(label, input, hint) {
  const id = input.id || `f-${label.toLowerCase().replace(/[^a-z0-9]+/g, "-")}`;
  input.id = id;
  return h("div", { class: "field" }, h("label", { for: id }, label), input, hint ? h("span", { class: "hint" }, hint) : null);
}

// Buttons of which one is chosen, as a radio group: choices [[value, label]].
export function choice(name, label, choices, chosen, onchoose) {
  return h("fieldset", { class: "choice" }, h("legend", null, label),
    choices.map(([value, text]) => h("label", null,
      h("input", { type: "radio", name, value, checked: value === chosen, onchange: () => onchoose(value) }), h("span", null, text))));
}
