// A memory's statistics, and where they stand in its layer.
import { h } from "../dom.js";
import { count, four, number, percentage } from "../format.js";

const rows = [
  ["mean", "Mean"], ["variance", "Variance"], ["skewness", "Skewness"], ["excessKurtosis", "Excess kurtosis"], ["min", "Smallest"], ["max", "Largest"],
];

export function statisticsCard(memory, figures) {
  const { statistics } = memory;
  const cells = new Map();
  const line = (name, label, value) => {
    const place = h("td", { class: "place" });
    cells.set(name, place);
    return h("tr", null, h("th", { scope: "row" }, label), h("td", { class: "n" }, value), place);
  };
  const node = h("section", { class: "card", aria: { label: "Statistics" } }, h("h2", null, "Statistics"),
    h("table", { class: "statistics" },
      h("thead", null, h("tr", null, h("th", null, "of the coefficient"), h("th", { class: "n" }), h("th", null, "in its layer"))),
      h("tbody", null,
        h("tr", null, h("th", { scope: "row" }, "Positions"), h("td", { class: "n" }, count(statistics.positions)), h("td")),
        rows.map(([name, label]) => line(name, label, number(statistics[name]))),
        line("sharePositive", "Share above zero", percentage(statistics.sharePositive)),
        (statistics.signCases ?? []).map((one) => h("tr", null, h("th", { scope: "row" }, one.name.replaceAll("-", "−").replace("in", " in")), h("td", { class: "n" }, percentage(one.share)), h("td"))),
        memory.value ? [line("norm", "Norm of the value", number(memory.value.norm)), line("maxProbability", "Max probability", percentage(memory.value.maxProbability))] : null)));
  fill(figures);

  function fill(given) {
    for (const [name, share] of Object.entries(given?.percentiles ?? {})) {
      const cell = cells.get(name);
      const bar = h("span", { class: "percentile", aria: { hidden: "true" } });
      bar.style.setProperty("--at", `${(100 * share).toFixed(1)}%`);
      cell?.replaceChildren(bar, h("span", { class: "num", title: `${four(100 * share)}% of the ${count(given.memories)} memories of the layer are below` }, `${Math.round(100 * share)}%`));
    }
  }

  return { node, fill };
}
