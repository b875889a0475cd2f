// What the annotations say: agreement beyond chance, true lists beside decoys, the paper's figure 2.
import { h } from "../dom.js";
import { get, post } from "../api.js";
import { shownName } from "../annotator.js";
import { importForm } from "../annotation-files.js";
import { classColumns, intervalBar, layerFigure } from "../annotation-figures.js";
import { count, four, percent, percentage, short } from "../format.js";
import { memory, page } from "../links.js";
import { absent, choice, notice } from "../parts.js";
import { announce, reload } from "../router.js";

const kindNames = { true: "memory", random: "decoy: random texts", mixed: "decoy: mixed lists" };
const mostRows = 500;

export async function load(params, query, signal) {
  const state = await get("/api/annotate", null, signal);
  return { state, results: state.project?.opened ? await get("/api/annotate/results", null, signal) : null };
}

export function title() {
  return "Annotation results";
}

export function render({ state, results }) {
  if (!state.project) {
    return notice("There is nothing to measure yet", "This study has no annotation project. ", h("p", null, h("a", { href: page("annotate") }, "Make one")));
  }
  return h("div", { class: "annotate results" },
    h("p", { class: "hint crumbs" }, h("a", { href: page("annotate") }, "Annotate")),
    h("h1", null, "Annotation results"),
    results ? opened(state, results) : sealed(state));
}

function sealed(state) {
  const fault = h("p", { class: "error", role: "alert" });
  const open = h("button", { type: "button", class: "primary", onclick: async () => {
    open.disabled = true;
    try {
      await post("/api/annotate/results", {});
      announce("The results are open.");
      reload();
    } catch (failure) {
      fault.textContent = failure.message;
      open.disabled = false;
    }
  } }, "Open the results now");
  const done = state.annotators.reduce((sum, annotator) => sum + annotator.done, 0);
  return h("section", { class: "notice" },
    h("h2", null, "The results are sealed"),
    h("p", null, `${count(state.annotators.length)} ${state.annotators.length === 1 ? "annotator has" : "annotators have"} finished ${count(done)} sheets of ${count(state.project.sheets * Math.max(1, state.annotators.length))}.`),
    h("p", null, "Opening them shows which sheet is which memory and which is a decoy, for everyone who uses this study. That ends blindness: the time is put down, and annotations that are begun later are counted apart."),
    h("p", { class: "row" }, open, h("a", { href: page("annotate") }, "Not yet")), fault);
}

function opened(state, results) {
  const all = results.annotators[0];
  return [
    h("p", { class: "lead" }, `${count(results.annotations)} finished sheets of ${count(state.project.sheets)} by ${count(state.annotators.filter((annotator) => annotator.done > 0).length)} annotators; intervals are 95%, bootstrapped over sheets. `,
      results.begunAfterOpening > 0 ? h("span", { class: "error" }, `${count(results.begunAfterOpening)} were begun after the results had been opened and are not blind.`) : null),
    all ? headlines(all, results) : absent("No sheet is finished yet."),
    all ? figure(results) : null,
    all ? comparison(results) : null,
    agreement(results),
    all ? sheets(results) : null,
    h("section", { class: "card" },
      h("h2", null, "Annotations in a file"),
      h("p", null, h("a", { class: "button", href: "/api/annotate/export", download: true }, "Export all annotations and labels"), h("span", { class: "hint" }, " JSON lines, a line an annotation")),
      importForm(() => { reload(); })),
  ];
}

function headlines(all, results) {
  const two = results.agreement.find((measure) => measure.of === "prefix covered" && measure.sheets === "all");
  const pair = two && two.pairs.length === 1 ? two.pairs[0] : null;
  return h("div", { class: "headlines" },
    headline("Coverage of true lists", all.coverage.true, percent),
    headline("Coverage of decoys", all.coverage.decoy, percent),
    headline("True minus decoy", all.coverage.difference, percent),
    pair ? headline("Cohen's kappa", pair.kappa, short) : null,
    two ? headline("Krippendorff's alpha", two.alpha, short) : null);
}

function headline(label, estimate, form) {
  return h("div", { class: "headline" }, h("span", { class: "hint" }, label),
    h("strong", { title: four(estimate.value) }, form(estimate.value)),
    h("span", { class: "hint", title: interval(estimate, four) }, estimate.lower === null ? `n = ${count(estimate.n)}` : `${form(estimate.lower)} to ${form(estimate.upper)}, n = ${count(estimate.n)}`));
}

function figure(results) {
  return h("section", { class: "card" },
    h("h2", null, "Kinds of prefixes by layer"),
    h("p", { class: "hint" }, "The paper's figure 2: of the prefixes of true lists, which lie in patterns of which kind. A pattern counts from 3 prefixes. n counts sheets."),
    h("div", { class: "scroll" }, layerFigure(results.layers)),
    h("details", null, h("summary", null, "The same as a table"),
      h("div", { class: "scroll" }, h("table", null,
        h("thead", null, h("tr", null, h("th", { scope: "col", class: "n" }, "Layer"), h("th", { scope: "col", class: "n" }, "n"), classColumns.map((column) => h("th", { scope: "col", class: "n" }, column.label)))),
        h("tbody", null, results.layers.map((layer) => h("tr", null,
          h("td", { class: "n" }, String(layer.layer)), h("td", { class: "n" }, count(layer.shallow.n)),
          classColumns.map((column) => h("td", { class: "n", title: interval(layer[column.name], (value) => `${four(100 * value)}%`) }, percent(layer[column.name].value)))))))))); 
}

function comparison(results) {
  const measures = { coverage: ["Share of prefixes covered", percent], found: ["Share of sheets with a pattern", percent], patterns: ["Patterns of a sheet", short] };
  const body = h("tbody", null);
  const draw = (name) => {
    const form = measures[name][1];
    body.replaceChildren(...results.annotators.map((annotator) => h("tr", null,
      h("th", { scope: "row" }, annotator.annotator === null ? "all" : shownName(annotator.annotator)), h("td", { class: "n" }, count(annotator.done)),
      ["true", "decoy", "random", "mixed", "difference"].map((column) => cell(annotator[name][column], form)))));
  };
  draw("coverage");
  return h("section", { class: "card" },
    h("h2", null, "True lists beside decoys"),
    h("p", { class: "hint" }, "Annotators find patterns in noise too: only what true lists have beyond decoys speaks for memories. Random: random texts with the lengths and last tokens of a true list. Mixed: one text each of many memories."),
    choice("measure", "Measure", Object.entries(measures).map(([name, [label]]) => [name, label]), "coverage", draw),
    h("div", { class: "scroll" }, h("table", null,
      h("thead", null, h("tr", null, ["Annotator", "Sheets", "True", "Decoy", "Random", "Mixed", "True minus decoy"].map((label, i) => h("th", { scope: "col", class: i > 0 ? "n" : null }, label)))), body)));
}

function cell(estimate, form) {
  return h("td", { class: "n" }, h("span", { title: four(estimate.value) }, form(estimate.value)),
    estimate.lower === null ? null : h("div", { class: "hint", title: interval(estimate, four) }, `${form(estimate.lower)} to ${form(estimate.upper)}`));
}

function agreement(results) {
  if (results.agreement.length === 0) {
    return absent("Agreement needs two annotators who have finished the same sheets.");
  }
  return h("section", { class: "card" },
    h("h2", null, "Agreement beyond chance"),
    h("p", { class: "hint" }, "1: always the same; 0: as often as chance. Cohen's kappa compares two annotators, Krippendorff's alpha all of them, with sheets left out where one is missing."),
    h("div", { class: "scroll" }, h("table", { class: "agreement" },
      h("thead", null, h("tr", null, h("th", { scope: "col" }, "Of"), h("th", { scope: "col" }, "Sheets"), h("th", { scope: "col", class: "n" }, "n"), h("th", { scope: "col" }, "Measure"), h("th", { scope: "col", class: "n" }, "Value"), h("th", { scope: "col" }, "Interval, from −1 to 1"))),
      h("tbody", null, results.agreement.flatMap((measure) => [
        row(measure, "alpha, all", measure.alpha),
        measure.pairs.map((pair) => row(measure, ["kappa, ", shownName(pair.first), " and ", shownName(pair.second)], pair.kappa)),
      ])))));
}

function row(measure, name, estimate) {
  return h("tr", null, h("td", null, measure.of), h("td", null, measure.sheets), h("td", { class: "n" }, count(estimate.n)), h("td", null, name),
    h("td", { class: "n", title: four(estimate.value) }, short(estimate.value)),
    h("td", { class: "interval" }, estimate.value === null ? h("span", { class: "hint" }, "not defined: all ratings are the same") : [intervalBar(estimate), h("span", { class: "hint", title: interval(estimate, four) }, estimate.lower === null ? "no interval" : ` ${short(estimate.lower)} to ${short(estimate.upper)}`)]));
}

function sheets(results) {
  const shown = results.sheets.slice(0, mostRows);
  return h("section", { class: "card" }, h("details", null, h("summary", null, `What each sheet was (${count(results.sheets.length)} annotations)`),
    h("div", { class: "scroll" }, h("table", null,
      h("thead", null, h("tr", null, ["Sheet", "Was", "Layer", "Annotator", "Patterns", "Covered"].map((label) => h("th", { scope: "col" }, label)))),
      h("tbody", null, shown.map((sheet) => h("tr", null,
        h("td", null, h("a", { href: page(`annotate/sheet/${sheet.sheet}`, { as: sheet.annotator }) }, h("code", null, sheet.sheet.slice(0, 6)))),
        h("td", null, sheet.neuron ? [h("a", { href: memory(sheet.neuron) }, sheet.neuron), sheet.pole === "negative" ? ", negative pole" : ""] : kindNames[sheet.kind]),
        h("td", null, String(sheet.layer)), h("td", null, shownName(sheet.annotator)), h("td", null, count(sheet.patterns)), h("td", null, percentage(sheet.coverage))))))),
    results.sheets.length > mostRows ? absent(`The first ${count(mostRows)}; the file has all.`) : null));
}

function interval(estimate, form) {
  return estimate.lower === null ? "no interval" : `${form(estimate.lower)} to ${form(estimate.upper)}`;
}
