// What the top triggers do not show: an example of each tenth of the activation, random positions, and sign cases, where the study keeps them.
import { h } from "../dom.js";
import { percentage, short } from "../format.js";
import { memoryText } from "./text.js";
import { coefficient } from "./triggers.js";

export function beyondSection(page) {
  const { memory } = page;
  if (!memory.random && !memory.signCases) {
    return null;
  }
  return h("details", { class: "triggers beyond" }, h("summary", null, h("h2", null, "Beyond the top")),
    memory.random ? sample() : null,
    (memory.signCases ?? []).map((one) => [
      h("h3", null, one.name.replaceAll("-", "−").replace("in", " in")),
      one.total === 0 ? h("p", { class: "hint" }, "Nowhere.") : list(one.triggers, (trigger) => String(trigger.rank + 1)),
    ]));

  function sample() {
    return [memory.poles.map((pole) => [
      h("h3", null, memory.poles.length > 1 ? `Tenths of the activation, ${pole.name} pole` : "Tenths of the activation"),
      pole.topShare === null || pole.topShare === undefined ? null : h("p", { class: "hint" }, "The triggers above stand for ", percentage(pole.topShare), " of the pole's activation."),
      list(pole.quantiles ?? [], (trigger) => `${10 * trigger.rank}–${10 * trigger.rank + 10}%`),
    ]),
    h("h3", null, "Random positions"),
    list(memory.random, (trigger) => String(trigger.rank + 1))];
  }

  function list(triggers, name) {
    return h("ol", { class: "trigger-list" }, triggers.map((trigger) => h("li", null,
      h("div", { class: "figures" }, h("span", { class: "rank" }, name(trigger)), coefficient(trigger.coefficient)),
      memoryText(trigger.text, trigger.position, trigger.target === null ? null : trigger.position + 1, page.scale, `${name(trigger)}, coefficient ${short(trigger.coefficient)}. Arrow keys go through its tokens.`).node)));
  }
}
