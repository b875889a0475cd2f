// The labels of a memory, and giving it one: for its own page, outside of blind sheets.
import { h, replace } from "./dom.js";
import { get, post } from "./api.js";
import { newKey, rememberedName, rememberName, shownName } from "./annotator.js";
import { choice, field } from "./parts.js";
import { announce } from "./router.js";
import { visible } from "./tokens.js";

const kinds = [["shallow", "Shallow"], ["syntactic", "Syntactic"], ["semantic", "Semantic"]];

// id: "L12N3456"
export function loadLabels(id, signal) {
  return get("/api/annotate/labels", { memory: id }, signal);
}

// data: what loadLabels gave.
export function labelPanel(data) {
  const list = h("ul", { class: "label-list" });
  const fault = h("p", { class: "error", role: "alert" });
  const text = h("input", { type: "text", id: "label-text", maxlength: 500, required: true, autocomplete: "off", placeholder: "What it stands for" });
  const name = h("input", { type: "text", id: "label-name", maxlength: 64, required: true, autocomplete: "off", size: 12, value: rememberedName() });
  let kind = "shallow";
  let key = newKey();
  show(data);

  function show(next) {
    replace(list, next.labels.length === 0 ? h("li", { class: "hint" }, "No label yet.") : next.labels.map((label) => h("li", null,
      h("bdi", { class: "label-text" }, visible(label.text)), " ",
      h("span", { class: "hint" }, `${label.kind}, `, shownName(label.annotator), label.blind ? `, blind: ${label.covered} of ${label.prefixes} prefixes${label.pole === "negative" ? " of the negative pole" : ""}` : ""),
      label.blind ? null : h("button", { type: "button", class: "quiet small", aria: { label: `Remove the label ${label.text}` }, title: "Remove", onclick: () => change("/api/annotate/labels/remove", { memory: next.memory, number: label.number }, "The label is removed.") }, "✕"))));
  }

  async function change(path, body, said) {
    fault.textContent = "";
    try {
      show(await post(path, body));
      announce(said);
      return true;
    } catch (failure) {
      fault.textContent = failure.message;
      return false;
    }
  }

  return h("div", { class: "labels" }, list,
    h("details", null, h("summary", null, "Give a label"),
      h("form", { class: "row end", onsubmit: async (event) => {
        event.preventDefault();
        rememberName(name.value.trim());
        if (await change("/api/annotate/labels", { memory: data.memory, annotator: name.value, text: text.value, kind, key }, "The label is kept.")) {
          text.value = "";
          key = newKey();
        }
      } },
        field("Label", text), field("Your name", name), h("div", { class: "field" }, choice("label-kind", h("span", { class: "unseen" }, "Kind"), kinds, kind, (chosen) => { kind = chosen; })),
        h("div", { class: "field" }, h("button", { type: "submit" }, "Keep")))), fault);
}
