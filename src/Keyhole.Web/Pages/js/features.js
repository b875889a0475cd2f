// Memories as the features of a dictionary: the numbers of 'keyhole features' by layer, each above what the same layer with permuted weights has.
import { get } from "./api.js";
import { h, replace } from "./dom.js";
import { count, four, percent, short } from "./format.js";
import { home } from "./links.js";
import { absent } from "./parts.js";

// figures: a place that the overview fills with the figures of features.
export function featureSection(context, figures) {
  const tables = h("div");
  context.mounts.push(async () => {
    try {
      const answer = await get("/api/features", null, context.signal);
      replace(tables, answer.rows.length === 0 ? absent("No features of this study were measured: 'keyhole features STUDY' does it.") : [lead(answer), layerTable(answer), taskTable(answer)]);
    } catch (failure) {
      if (failure.name !== "AbortError") {
        replace(tables, absent(failure.message));
      }
    }
  });
  return h("section", { class: "features", aria: { label: "Memories as features" } }, h("h2", null, "Memories as features, beside a null"), tables, figures);
}

function lead({ options }) {
  return h("p", { class: "lead" }, `Over ${count(Number(options.positions))} positions of ${count(Number(options.texts))} texts of the study. The second number is that of the null: the same layer on the same inputs, with ${options.null}. Intervals stand on hover.`);
}

function layerTable(answer) {
  const sizes = (measure) => [...new Set(answer.rows.filter((row) => row.measure === measure && row.k > 0).map((row) => row.k))].sort((a, b) => a - b);
  const columns = [
    ["alive", "Share of memories that are active anywhere", "alive", 0, percent],
    ["L0", "Active memories at a position, mean", "l0", 0, short],
    ...sizes("explainedVariance").map((k) => [`k = ${count(k)}`, `Share of the output's variance that the ${count(k)} strongest memories of a position explain`, "explainedVariance", k, percent, "variance explained"]),
    ...sizes("saeBenchExplainedVariance").map((k) => [`k = ${count(k)}`, "The same by SAEBench's formula", "saeBenchExplainedVariance", k, percent, "by SAEBench's formula"]),
    ...sizes("meanProbeAccuracy").map((k) => [`k = ${count(k)}`, `Mean accuracy of probes on ${count(k)} memories; chance 50%`, "meanProbeAccuracy", k, percent, "probes' accuracy"]),
    ["residual", "The same of probes on all dimensions of the residual", "meanProbeAccuracy", 0, percent, "probes' accuracy", "residual"],
    ["absorbed", "First letters: the letter's main memory is silent and another carries it", "absorbed", 0, percent, "first letters"],
    ["missed", "First letters: the main memory does not tell the letter and another carries it", "missedAbsorbed", 0, percent, "first letters"],
  ].filter(([, , measure, k, , , source]) => answer.rows.some((row) => row.measure === measure && row.k === k && row.source === (source ?? "memories")));
  const layers = [...new Set(answer.rows.map((row) => row.layer))];
  return h("div", { class: "scroll card", tabindex: "0", role: "group", aria: { label: "Features by layer" } }, h("table", { class: "feature-table" },
    h("thead", null,
      h("tr", null, h("th"), groups(columns.map((column) => column[5] ?? "")).map(([name, span]) => h("th", { scope: name === "" ? null : "colgroup", colspan: span }, name))),
      h("tr", null, h("th", { scope: "col", class: "n" }, "Layer"), columns.map(([name, meaning]) => h("th", { scope: "col", class: "n", title: meaning }, name)))),
    h("tbody", null, layers.map((layer) => h("tr", null,
      h("th", { scope: "row", class: "n" }, h("a", { href: home({ layer }), title: `Memories of layer ${layer}` }, layer)),
      columns.map(([, , measure, k, form, , source]) => h("td", { class: "n" }, figure(find(answer, layer, source ?? "memories", measure, k), form), source ? null : h("div", { class: "null" }, figure(find(answer, layer, "permuted", measure, k), form)))))))));
}

function taskTable(answer) {
  const best = (task, source, k) => answer.rows.filter((row) => row.measure === "probeAccuracy" && row.task === task && row.source === source && row.k === k && row.value !== null).sort((a, b) => b.value - a.value)[0];
  return h("details", { class: "tasks" }, h("summary", null, `Tasks of the probes (${count(answer.tasks.length)})`),
    h("p", { class: "hint" }, "Questions about texts, cut from the corpus itself; accuracy on held-out texts, classes of equal size, in the best layer of each column."),
    h("div", { class: "scroll" }, h("table", null,
      h("thead", null, h("tr", null, ["Task", "True", "False", "Fitted on", "Held out", "One memory", "Permuted", "Residual"].map((name, i) => h("th", { scope: "col", class: i > 0 ? "n" : null }, name)))),
      h("tbody", null, answer.tasks.map((task) => h("tr", null,
        h("th", { scope: "row" }, task.name), [task.positive, task.negative, 2 * task.training, 2 * task.heldOut].map((number) => h("td", { class: "n" }, count(number))),
        task.training === 0 ? h("td", { colspan: 3, class: "hint" }, "too few texts") : [["memories", 1], ["permuted", 1], ["residual", 0]].map(([source, k]) => h("td", { class: "n" }, figure(best(task.name, source, k), percent)))))))));
}

function find(answer, layer, source, measure, k) {
  return answer.rows.find((row) => row.layer === layer && row.source === source && row.measure === measure && row.k === k && row.task === "");
}

function figure(row, form) {
  return row === undefined || row.value === null ? "–"
    : h("span", { title: `${four(row.value)}${row.lower === null ? "" : `, 95%: ${four(row.lower)} to ${four(row.upper)}`}, n ${count(row.n)}` }, form(row.value));
}

// ["a", "a", "b"] -> [["a", 2], ["b", 1]]
function groups(names) {
  return names.reduce((made, name) => {
    if (made.length > 0 && made.at(-1)[0] === name) {
      made.at(-1)[1]++;
    } else {
      made.push([name, 1]);
    }
    return made;
  }, []);
}
