// The claims that were tested: what each says, its counts with intervals, and positions that show them.
import { get } from "../api.js";
import { h, replace, svg } from "../dom.js";
import { count, four, percent, short } from "../format.js";
import { memory } from "../links.js";
import { absent, notice } from "../parts.js";
import { text, token } from "../tokens.js";

const shownTests = 10;
const meanings = {
  sufficient: "the lower end of the precision lies above its level",
  necessary: "the lower end of the recall lies above its level",
  both: "precision and recall both lie above their levels",
  neither: "neither precision nor recall lies above its level",
};

export async function load(params, query, signal) {
  return get("/api/claims", null, signal);
}

export function title() {
  return "Claims";
}

export function render({ options, claims }, { signal }) {
  if (claims.length === 0) {
    return notice("No claim was tested yet", "A claim says that a memory is active if and only if something holds of the text. 'keyhole claim STUDY CLAIMS.yaml' counts whether it is so at every position of a corpus, and with --find which memory detects it best. Its results stand here then.");
  }
  return h("div", { class: "claims" },
    h("h1", null, "Claims"),
    h("p", { class: "lead" }, `Counted at ${count(Number(options.positions))} positions of ${count(Number(options.units))} texts (${options.texts}). Intervals are 95%, of resampled texts; q: p-values after Benjamini and Hochberg over ${count(Number(options.tests))} tests.`),
    claims.length > 3 ? contents(claims) : null,
    claims.map((claim, number) => card(claim, number, signal)));
}

function contents(claims) {
  return h("ul", { class: "claim-list", aria: { label: "All claims" } }, claims.map((claim, number) => h("li", null, h("button", { type: "button", class: "link", onclick: () => document.getElementById(`claim-${number}`).scrollIntoView({ block: "start" }) }, text(claim.name)), " ", claim.searched ? null : verdict(claim.tests[0]))));
}

function card(claim, number, signal) {
  const body = h("tbody", null, claim.tests.slice(0, shownTests).map((test) => row(test, claim)));
  const more = claim.tests.length > shownTests
    ? h("button", { type: "button", class: "small", onclick: () => { body.append(...claim.tests.slice(shownTests).map((test) => row(test, claim))); more.remove(); } }, `Show all ${count(claim.tests.length)}`) : null;
  return h("section", { class: "card claim", id: `claim-${number}` },
    h("h2", null, text(claim.name)),
    h("p", null, h("strong", null, "P: "), text(claim.predicate), ". ", h("span", { class: "hint" }, `Active: ${claim.threshold}. Sufficient above a precision of ${percent(claim.levels.precision)}, necessary above a recall of ${percent(claim.levels.recall)}.`)),
    claim.searched ? h("p", { class: "hint" }, "The best of all memories, chosen on one half of the texts, in this order, and counted on the other.") : null,
    claim.tests.length === 0 ? absent("There was no position to count.") : h("div", { class: "scroll" }, h("table", { class: "tests" },
      h("thead", null, h("tr", null, ["Memory", "Positions", "Precision", "Recall", "Not P, inactive", "Lift", "Phi", "AUROC", "Average precision", "q", "Verdict"].map((name, i) => h("th", { scope: "col", class: i > 4 && i < 10 ? "n" : null }, name)))),
      body)),
    more,
    claim.tests.length === 0 ? null : examples(number, signal));
}

function row(test, claim) {
  const counts = test.counts;
  return h("tr", null,
    h("th", { scope: "row" }, h("a", { href: memory(test.memory, test.pole === "negative" ? { pole: "negative" } : null) }, test.memory), test.pole === "negative" ? " −" : "",
      h("div", { class: "hint" }, test.threshold === null ? "by rank" : ["m above ", h("span", { title: four(test.threshold) }, short(test.threshold))])),
    cell("Positions", h("span", { title: "active, and P holds" }, `${count(counts.tp)} hits`), h("div", { class: "hint" }, `${count(counts.fp)} without P, ${count(counts.fn)} missed, ${count(counts.tn)} neither`)),
    share("Precision", counts.precision, test.precisionInterval, claim.levels.precision),
    share("Recall", counts.recall, test.recallInterval, claim.levels.recall),
    share("Not P, inactive", counts.negativeGivenInactive, test.negativeInterval, 1 - counts.baseRate, "anywhere"),
    number("Lift", counts.lift, test.liftInterval), number("Phi", counts.phi, test.phiInterval), number("AUROC", test.auroc, test.aurocInterval),
    number("Average precision", test.averagePrecision, test.averagePrecisionInterval),
    h("td", { class: "n", data: { label: "q" }, title: `p ${four(test.p)}, q ${four(test.adjustedP)}` }, short(test.adjustedP)),
    cell("Verdict", verdict(test)));
}

function cell(label, ...content) {
  return h("td", { data: { label } }, content);
}

// A share with its interval on a line from 0 to 1, and the level that it is held against.
function share(label, value, interval, level, levelName) {
  return h("td", { data: { label } }, h("span", { title: value === null ? "not defined" : `${four(100 * value)}%` }, percent(value)), value === null ? null : bar(value, interval, level),
    h("div", { class: "hint" }, interval === null ? "no interval" : `${percent(interval[0])} to ${percent(interval[1])}`, levelName ? `, ${levelName} ${percent(level)}` : ""));
}

function bar(value, interval, level) {
  const x = (at) => 4 + 92 * at;
  return svg("svg", { class: "share-bar", viewBox: "0 0 100 14", width: 100, height: 14, "aria-hidden": "true" },
    svg("line", { class: "track", x1: 4, x2: 96, y1: 7, y2: 7 }),
    interval === null ? null : svg("line", { class: "extent", x1: x(interval[0]), x2: x(interval[1]), y1: 7, y2: 7 }),
    svg("line", { class: "level", x1: x(level), x2: x(level), y1: 1, y2: 13 }),
    svg("circle", { class: "point", cx: x(value), cy: 7, r: 3.5 }));
}

function number(label, value, interval) {
  return h("td", { class: "n", data: { label } }, h("span", { title: four(value) }, short(value)), interval === null ? null : h("div", { class: "hint" }, `${short(interval[0])} to ${short(interval[1])}`));
}

function verdict(test) {
  return h("span", { class: `verdict ${test.verdict === "neither" ? "open" : "holds"}`, title: meanings[test.verdict] }, test.verdict);
}

// Read from the server when they are asked for.
function examples(claimNumber, signal) {
  const place = h("div");
  let asked = false;
  return h("details", { class: "examples", ontoggle: async (event) => {
    if (!event.target.open || asked) {
      return;
    }
    asked = true;
    try {
      const { claims: [claim] } = await get(`/api/claims/${claimNumber}`, null, signal);
      const shown = claim.tests.slice(0, shownTests).map((test) => lists(test, claim.tests.length > 1)).filter((one) => one !== null);
      replace(place, shown.length === 0 ? absent("No examples were kept.") : shown);
    } catch (failure) {
      asked = false;
      replace(place, absent(failure.message));
    }
  } }, h("summary", null, "Positions in their texts"), place);
}

function lists(test, named) {
  const kinds = [["Active, and P holds", test.examples.hits], ["Active, but P does not hold", test.examples.extra], ["P holds, but the memory is not active", test.examples.missed]].filter(([, found]) => found.length > 0);
  return kinds.length === 0 ? null : h("div", null,
    named ? h("h3", null, h("a", { href: memory(test.memory) }, test.memory), test.pole === "negative" ? " −" : "") : null,
    kinds.map(([name, found]) => [h("p", { class: "hint" }, name), h("ol", { class: "claim-examples" }, found.map((example) => h("li", null,
      h("span", { class: "num", title: four(example.coefficient) }, short(example.coefficient)),
      h("span", { class: "claim-text" }, text(example.prefix), token(example.last), example.target === null ? null : [" ", h("span", { class: "num" }, "→"), " ", token(example.target)]))))]));
}
