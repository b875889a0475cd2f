// The study as a whole.
import { h } from "../dom.js";
import { count } from "../format.js";

export async function load() {
  return {};
}

export function title() {
  return "Overview";
}

export function render(data, { study }) {
  return h("div", null,
    h("h1", null, study.name),
    h("p", { class: "lead" }, `${study.family}, ${count(study.layers)} layers of ${count(study.widths[0])} memories, mined over ${count(study.units)} texts with ${count(study.tokens)} tokens.`));
}
