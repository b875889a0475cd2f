// The first page of a static site: the study, and its memories by layer, which a word narrows down.
import { h, replace } from "../dom.js";
import { count, number } from "../format.js";
import { memory as memoryLink } from "../links.js";
import { absent } from "../parts.js";
import { announce } from "../router.js";
import { text, token } from "../tokens.js";

export function title(data) {
  return data.study.name;
}

// data: { study, rule, coloured, memories: [{ id, layer, max, triggers, prefix, target, top }] }
export function render(data) {
  const { study } = data;
  const list = h("div", { class: "site-list" });
  const input = h("input", { type: "search", id: "filter", autocomplete: "off", placeholder: "A name, or a word of a prefix or value", oninput: show });
  show();
  return h("div", null,
    h("h1", null, study.name),
    h("p", { class: "lead" }, `${study.family}, ${count(study.layers)} layers, ${study.activation}${study.gated ? ", gated" : ""}; mined over ${count(study.units)} texts with ${count(study.tokens)} tokens.`),
    h("p", null, data.rule, data.coloured ? null : " The model was not at hand when the pages were made, so their texts are not coloured."),
    h("div", { class: "field" }, h("label", { for: "filter" }, "Find a memory"), input),
    list);

  function show() {
    const wanted = input.value.trim().toLowerCase();
    const found = data.memories.filter((entry) => wanted === "" || [entry.id, entry.prefix, entry.target, ...entry.top].some((part) => part?.toLowerCase().includes(wanted)));
    const layers = [...new Set(found.map((entry) => entry.layer))];
    replace(list, found.length === 0 ? absent("No memory of these pages has that.") : layers.map((layer) => h("section", null,
      h("h2", null, `Layer ${layer}`),
      h("div", { class: "scroll" }, h("table", { class: "site-memories" },
        h("colgroup", null, ["memory", "prefix", "target", "top", "max"].map((name) => h("col", { class: name }))),
        h("thead", null, h("tr", null, h("th", null, "Memory"), h("th", null, "Best trigger"), h("th", null, "Next"), h("th", null, "Its value promotes"), h("th", { class: "n" }, "Largest m"))),
        h("tbody", null, found.filter((entry) => entry.layer === layer).map(row)))))));
    if (wanted !== "") {
      announce(`${found.length} of ${data.memories.length} memories.`);
    }
  }
}

function row(entry) {
  return h("tr", null,
    h("td", null, h("a", { href: memoryLink(entry.id) }, entry.id)),
    h("td", null, entry.prefix === null ? "never fires" : text(entry.prefix)),
    h("td", null, entry.target === null ? "–" : token(entry.target)),
    h("td", null, entry.top.map((top) => [token(top), " "])),
    h("td", { class: "n" }, number(entry.max)));
}
