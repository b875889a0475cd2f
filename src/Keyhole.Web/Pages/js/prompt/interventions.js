// The panel of interventions: what is changed now, and a line to change one more.
import { h, replace } from "../dom.js";
import { four, short } from "../format.js";
import { memoryNamed } from "../header.js";
import { memory } from "../links.js";
import { described, kinds, takesNumber, wish } from "./wishes.js";

// onchange: called with the new list of wishes. Returns { node, show(wishes, effect), fill(name, kind) }.
export function interventionPanel(most, onchange) {
  const state = { wishes: [] };
  const list = h("ul", { class: "wish-list" });
  const name = h("input", { type: "text", id: "wish-memory", size: 10, placeholder: "L3N128", autocomplete: "off", spellcheck: "false", oninput: () => name.setCustomValidity("") });
  const kind = h("select", { id: "wish-kind", onchange: kindChosen }, kinds.map(([value, label]) => h("option", { value }, label)));
  const value = h("input", { type: "number", id: "wish-value", step: "any", size: 6, oninput: () => value.setCustomValidity("") });
  const valueField = labelled("number", value);
  const place = h("select", { id: "wish-place", onchange: placeChosen }, h("option", { value: "all" }, "all positions"), h("option", { value: "last" }, "the last position"), h("option", { value: "listed" }, "these positions"));
  const positions = h("input", { type: "text", id: "wish-positions", size: 8, placeholder: "3,4,7", autocomplete: "off", oninput: () => positions.setCustomValidity("") });
  const positionsField = labelled("positions", positions);
  const form = h("form", { class: "wish-form", onsubmit: add },
    labelled("memory", name), labelled("do", kind), valueField, labelled("at", place), positionsField,
    h("button", { type: "submit" }, "Add"));
  kindChosen();
  placeChosen();
  const node = h("section", { class: "card wishes", id: "interventions" },
    h("h2", null, "Interventions"),
    h("p", { class: "hint" },
      h("strong", null, "What is set is the coefficient m"), " (after the activation, and after the product with the linear part where a layer is gated), not the pre-activation. ",
      "They work on the prompt up to the position that is read, which is its last position; while tokens are generated, \u201call\u201d covers those too and \u201clast\u201d stays where it is. ",
      "A multiple is of the memory's largest (or smallest) m in the study, a quantile of its histogram there."),
    list,
    form);
  return { node, show, fill };

  function show(wishes, effect) {
    state.wishes = wishes;
    replace(list, wishes.length === 0
      ? h("li", { class: "absent" }, "None yet: name a memory, or open a layer below and switch one of its memories off.")
      : wishes.map((text, i) => item(text, effect?.applied[i] ?? null, i)));
  }

  function item(text, applied, i) {
    const { memory: memoryName, words } = described(text);
    return h("li", { class: "wish" },
      h("span", null, words === "" ? memoryName : h("a", { href: memory(memoryName) }, memoryName), ` ${words}`,
        applied === null ? null : h("span", { class: "num", title: `m here: ${four(applied.before)} → ${four(applied.after)}` },
          applied.before === null ? " (no m here: the position did not choose its expert)" : ` (m here ${short(applied.before)} → ${short(applied.after)})`)),
      h("button", { type: "button", class: "quiet small", data: { key: `remove-${i}` }, aria: { label: `Remove: ${memoryName} ${words}` }, title: "Remove", onclick: () => onchange(state.wishes.filter((_, j) => j !== i)) }, "×"));
  }

  function fill(memoryName, chosen) {
    name.value = memoryName;
    kind.value = chosen;
    kindChosen();
    node.scrollIntoView({ block: "nearest" });
    value.focus();
    value.select();
  }

  function kindChosen() {
    valueField.hidden = !takesNumber(kind.value);
    value.value = kinds.find(([one]) => one === kind.value)[3] ?? "";
  }

  function placeChosen() {
    positionsField.hidden = place.value !== "listed";
  }

  function add(event) {
    event.preventDefault();
    const id = memoryNamed(name.value);
    const where = place.value === "listed" ? positions.value.replace(/\s/g, "") : place.value;
    if (complain(name, id === null, "Name a memory like L12N3456.")
      || complain(value, takesNumber(kind.value) && (value.value === "" || !Number.isFinite(value.valueAsNumber)), "Give a number.")
      || complain(positions, place.value === "listed" && !/^\d+(,\d+)*$/.test(where), "Positions are numbers from 0 with commas between.")
      || complain(name, state.wishes.length >= most, `There are at most ${most} interventions at a time.`)) {
      return;
    }
    onchange([...state.wishes, wish(id, kind.value, value.value, where)]);
  }
}

function complain(input, isWrong, sentence) {
  input.setCustomValidity(isWrong ? sentence : "");
  if (isWrong) {
    input.reportValidity();
  }
  return isWrong;
}

function labelled(text, input) {
  return h("div", { class: "field" }, h("label", { for: input.id }, text), input);
}
