// What people say that a memory stands for: free labels, and those of blind sheets once their results are open.
import { newKey, rememberedName, rememberName, shownName } from "../annotator.js";
import { post } from "../api.js";
import { h, replace } from "../dom.js";
import { choice, field } from "../parts.js";
import { announce } from "../router.js";
import { text } from "../tokens.js";

const kinds = [["shallow", "shallow"], ["syntactic", "syntactic"], ["semantic", "semantic"]];

// page: { memory, labels, site, signal }; nothing where there is no label and none can be given.
export function labelSection(page) {
  const list = h("div", { class: "labels" });
  show(page.labels);
  if (page.site) {
    return page.labels.length === 0 ? null : h("section", { class: "card", aria: { label: "Labels" } }, h("h2", null, "Labels"), list);
  }
  const status = h("p", { class: "hint", role: "status" });
  const name = h("input", { type: "text", id: "label-annotator", maxlength: 64, autocomplete: "off", value: rememberedName() });
  const words = h("input", { type: "text", id: "label-text", maxlength: 500, autocomplete: "off", placeholder: "ends with a year" });
  let kind = "semantic";
  let key = newKey();   // of one label, however often it is sent
  const form = h("form", { class: "row end", onsubmit: give },
    field("Your name", name), field("What it stands for", words), choice("label-kind", "Kind", kinds, kind, (value) => { kind = value; }), h("button", { type: "submit" }, "Add the label"));
  return h("section", { class: "card", aria: { label: "Labels" } }, h("h2", null, "Labels"), list,
    h("details", null, h("summary", null, "Add a label"), form), status);

  function show(labels) {
    replace(list, labels.length === 0 ? h("p", { class: "hint" }, "Nobody has given this memory a label yet.") : h("ul", { class: "label-list" }, labels.map(item)));
  }

  function item(label) {
    return h("li", null, text(label.text), " ",
      h("span", { class: "hint" }, label.kind, ", by ", shownName(label.annotator), label.blind ? `, on a blind sheet: ${label.covered} of ${label.prefixes} prefixes${label.pole === "negative" ? " of the negative pole" : ""}` : ""),
      page.site || label.blind ? null : h("button", { type: "button", class: "quiet small", aria: { label: `Remove the label ${label.text}` }, onclick: () => change("/api/annotate/labels/remove", { memory: page.memory.id, number: label.number }, "The label is removed.") }, "Remove"));
  }

  async function give(event) {
    event.preventDefault();
    rememberName(name.value.trim());
    if (await change("/api/annotate/labels", { memory: page.memory.id, annotator: name.value, text: words.value, kind, key }, "The label is saved.")) {
      words.value = "";
      key = newKey();
    }
  }

  async function change(path, body, done) {
    try {
      show((await post(path, body, page.signal)).labels);
      replace(status, done);
      announce(done);
      return true;
    } catch (failure) {
      if (failure.name !== "AbortError") {
        replace(status, h("span", { class: "error" }, failure.message));
      }
      return false;
    }
  }
}
