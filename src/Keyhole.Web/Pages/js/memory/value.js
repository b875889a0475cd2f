// A memory's value over the vocabulary, and how it agrees with the triggers.
import { h } from "../dom.js";
import { count, number, percent, percentage, short } from "../format.js";
import { absent } from "../parts.js";
import { token } from "../tokens.js";

const firstShown = 10;

export function valueCard(memory) {
  const { value } = memory;
  if (!value) {
    return h("section", { class: "card" }, h("h2", null, "Value"), absent("The study has no values: 'keyhole analyze' reads them."));
  }
  return h("section", { class: "card", aria: { label: "Value" } },
    h("div", { class: "row between" }, h("h2", null, "Value"),
      h("span", { class: "hint" }, `${value.readout} readout, max probability `, percentage(value.maxProbability), ", norm ", number(value.norm))),
    h("div", { class: "ends" }, end("Promotes", value.top), end("Demotes", value.bottom)),
    memory.poles.length > 1 ? h("p", { class: "hint turned" }, "Where the coefficient is negative the value is turned around: it promotes what stands under “demotes”.") : null);
}

function end(heading, tokens) {
  const largest = Math.max(...tokens.map((entry) => Math.abs(entry.logit)), 1e-30);
  const rows = tokens.map((entry) => {
    const bar = h("span", { class: `logit-bar ${entry.logit < 0 ? "neg" : "pos"}`, aria: { hidden: "true" } });
    bar.style.setProperty("--w", `${(100 * Math.abs(entry.logit) / largest).toFixed(1)}%`);
    return h("li", { title: `logit ${short(entry.logit)}, probability ${percent(entry.probability)}, token ${entry.id}` }, token(entry.text), bar, number(entry.logit));
  });
  return h("div", null, h("h3", null, heading), h("ol", { class: "logits" }, rows.slice(0, firstShown)),
    rows.length > firstShown ? h("details", { class: "rest" }, h("summary", { class: "hint" }, `${rows.length - firstShown} more`), h("ol", { class: "logits" }, rows.slice(firstShown))) : null);
}

// figures: of /layer, or null until they are there.
export function agreementCard(memory, figures) {
  const poles = memory.poles.filter((pole) => pole.agreement && pole.agreement.target !== null);
  if (!memory.value) {
    return null;
  }
  const rows = [
    ["Value's own token", (pole) => token(entryOf(memory, pole).text)],
    ["Target of the first trigger", (pole) => [token(pole.agreement.target), " ", verdict(pole.agreement.agrees)]],
    ["Its rank in the value", (pole) => number(pole.agreement.targetRank)],
    ["Its probability", (pole) => percentage(pole.agreement.targetProbability)],
    ["Agrees with the prefix's last token", (pole) => verdict(pole.agreement.agreesWithCurrent)],
    ["Agrees with the model's own prediction", (pole) => pole.agreement.agreesWithModel === null ? "–" : [pole.agreement.modelTop === null ? null : token(pole.agreement.modelTop), " ", verdict(pole.agreement.agreesWithModel)]],
    ["Targets that are the value's token", (pole) => `${pole.agreement.precisionHits} of ${pole.agreement.precisionTriggers}`],
  ];
  return h("section", { class: "card", aria: { label: "Agreement" } }, h("h2", null, "Agreement"),
    poles.length === 0
      ? absent("No trigger has a target.")
      : h("div", { class: "scroll" }, h("table", null,
        poles.length > 1 ? h("thead", null, h("tr", null, h("th", null), poles.map((pole) => h("th", { scope: "col" }, pole.name)))) : null,
        h("tbody", null, rows.map(([name, cell]) => h("tr", null, h("th", { scope: "row" }, name), poles.map((pole) => h("td", null, cell(pole)))))))),
    h("p", { class: "hint layer-agreement" }, layerSentence(memory, figures)));
}

export function layerSentence(memory, figures) {
  if (!figures) {
    return "\u00a0";
  }
  const { agreement } = figures;
  return agreement
    ? `Layer ${memory.layer}: ${count(agreement.agreeing)} of ${count(agreement.of)} agree (${percent(agreement.agreeing / agreement.of)}); with values and keys paired at random ${percent(agreement.shuffled)} (95%: ${percent(agreement.shuffledLower)} to ${percent(agreement.shuffledUpper)}).`
    : "No value of this layer has a target to agree with.";
}

function entryOf(memory, pole) {
  return pole.name === "negative" ? memory.value.bottom[0] : memory.value.top[0];
}

function verdict(agrees) {
  return agrees === null || agrees === undefined ? "–" : h("span", { class: agrees ? "verdict yes" : "verdict no" }, agrees ? "✓ agrees" : "✗ does not");
}
