// The study as a whole: every memory as a cell, the memories at both ends, the paper's figures, where it comes from.
import { ApiError, get } from "../api.js";
import { h, replace } from "../dom.js";
import { drawCards, figureCards } from "../figures.js";
import { featureSection } from "../features.js";
import { count, four } from "../format.js";
import { explanation, legend, shown } from "../legend.js";
import { memory } from "../links.js";
import { absent, choice } from "../parts.js";
import { announce, go, remember } from "../router.js";
import { nameAt, stripView, unpack } from "../strip.js";
import { onTheme } from "../theme.js";
import { text, token, visible } from "../tokens.js";

const first = "kurtosis";

export async function load(params, query, signal) {
  const statistic = query.get("statistic") ?? first;
  const [statistics, provenance, numbers] = await Promise.all([
    get("/api/statistics", null, signal),
    get("/api/provenance", null, signal),
    loadNumbers(statistic, query.get("layer"), signal),
  ]);
  return { statistics, provenance, numbers };
}

export function title() {
  return "Overview";
}

export function render(data, { study, signal, onMount }) {
  const mounts = [];
  const context = { study, signal, mounts, chooseLayer: () => {} };
  onMount(() => mounts.forEach((mount) => mount()));
  return h("div", { class: "overview" },
    h("h1", null, study.name),
    h("p", { class: "lead" }, summary(study)),
    data.numbers.refusal ? absent(data.numbers.refusal) : memories(data, context),
    figures(context),
    provenance(data.provenance));
}

// The strip's numbers and both ends. What the server refuses for this study is a sentence in their place.
async function loadNumbers(statistic, layer, signal) {
  try {
    const [answer, extremes] = await Promise.all([
      get(`/api/layers/${encodeURIComponent(statistic)}`, null, signal),
      get(`/api/extremes/${encodeURIComponent(statistic)}`, { layer }, signal),
    ]);
    return { statistic, layer: layer === null ? null : Number(layer), strip: unpack(answer), extremes };
  } catch (failure) {
    if (failure instanceof ApiError && failure.code === "KH7402") {
      return { refusal: failure.message };
    }
    throw failure;
  }
}

function summary(study) {
  const widths = [...new Set(study.widths)];
  const wide = widths.length === 1 ? count(widths[0]) : `${count(Math.min(...widths))} to ${count(Math.max(...widths))}`;
  return `${study.family}, ${count(study.layers)} layers of ${wide} memories${study.experts > 0 ? ` in each of ${count(study.experts)} experts` : ""}, ${study.activation}${study.gated ? ", gated" : ""}; `
    + `mined over ${count(study.units)} texts with ${count(study.tokens)} tokens.`;
}

function memories(data, context) {
  const state = { ...data.numbers, abort: null, at: null };
  const statisticOf = (name) => data.statistics.find((statistic) => statistic.name === name);
  const reading = h("p", { class: "strip-reading", id: "strip-reading" });
  const key = h("div", { class: "strip-key" });
  const meaning = h("p", { class: "hint" });
  const ends = h("div", { class: "grid ends" });
  const layerChoice = h("select", { id: "strip-layer", onchange: () => choose({ layer: layerChoice.value === "" ? null : Number(layerChoice.value) }) },
    h("option", { value: "" }, "all"), state.strip.layers.map((layer) => h("option", { value: layer.layer }, layer.layer)));
  const view = stripView(state.strip, {
    point: read,
    choose: (at) => go(memory(nameAt(state.strip, at))),
    layer: (layer) => choose({ layer: state.layer === layer ? null : layer }),
  });

  function read(at, spoken) {
    state.at = at;
    const statistic = statisticOf(state.statistic);
    if (at === null) {
      replace(reading, h("span", { class: "hint" }, "Point at a cell, or use the arrow keys; a click or Enter opens it."));
      return;
    }
    const id = nameAt(state.strip, at);
    const value = state.strip.values[at];
    replace(reading, h("a", { href: memory(id), class: "strip-name" }, id), " ", statistic.title, " ", h("strong", { title: statistic.isShare ? `${four(100 * value)}%` : four(value) }, shown(statistic, value)));
    if (spoken) {
      announce(`${id}, ${statistic.title} ${shown(statistic, value)}`);
    }
  }

  function show() {
    view.update(state.strip, state.layer);
    layerChoice.value = state.layer ?? "";
    replace(key, legend(statisticOf(state.statistic), state.strip));
    replace(meaning, explanation(statisticOf(state.statistic), state.strip));
    replace(ends, list("Largest", state.extremes.top, statisticOf(state.statistic)), list("Smallest", state.extremes.bottom, statisticOf(state.statistic)));
    read(state.at, false);
  }

  // Another statistic or layer: shown in place when its numbers have come, and put into the address, so that "back" leads back.
  async function choose(wanted) {
    const statistic = wanted.statistic ?? state.statistic;
    const layer = wanted.layer === undefined ? state.layer : wanted.layer;
    state.abort?.abort();
    state.abort = new AbortController();
    view.node.setAttribute("aria-busy", "true");
    try {
      const next = await loadNumbers(statistic, layer, AbortSignal.any([state.abort.signal, context.signal]));
      Object.assign(state, next);
      remember({ statistic: statistic === first ? null : statistic, layer }, true);
      if (wanted.layer !== undefined) {
        state.at = null;
      }
      show();
      announce(`${statisticOf(statistic).title}, ${layer === null ? "all layers" : `layer ${layer}`}`);
      view.node.removeAttribute("aria-busy");
      return true;
    } catch (failure) {
      if (failure.name !== "AbortError") {
        view.node.removeAttribute("aria-busy");
        replace(reading, h("span", { class: "error" }, failure.message));
      }
      return false;
    }
  }

  const pills = choice("statistic", "Coloured by", data.statistics.filter((statistic) => statistic.available).map((statistic) => [statistic.name, statistic.title]), state.statistic, (name) => choose({ statistic: name }));
  pills.classList.add("pills");
  const node = h("section", { class: "memories", aria: { label: "Every memory" } },
    h("h2", null, "Every memory"),
    pills,
    data.statistics.some((statistic) => !statistic.available) ? h("p", { class: "hint" }, "More numbers are there once values are analysed: 'keyhole analyze STUDY --only values'.") : null,
    h("div", { class: "strip-head" },
      h("div", { class: "strip-side" }, meaning, h("div", { class: "row" }, h("label", { for: "strip-layer", class: "hint" }, "Layer"), layerChoice, reading)),
      key),
    view.node,
    h("h2", null, "Memories worth a look"),
    ends);
  context.mounts.push(() => {
    show();
    const observer = new ResizeObserver(() => view.show());
    observer.observe(view.node);
    onTheme(() => show(), context.signal);
    context.signal.addEventListener("abort", () => {
      observer.disconnect();
      state.abort?.abort();
    });
  });
  context.chooseLayer = async (layer) => {
    if (await choose({ layer })) {
      node.scrollIntoView({ block: "start" });
      view.canvas.focus({ preventScroll: true });
    }
  };
  return node;
}

function list(name, entries, statistic) {
  return h("section", { class: "card" }, h("h3", null, `${name}: ${statistic.title}`),
    entries.length === 0 ? absent("No memory has a number of this kind.")
      : h("div", { class: "scroll" }, h("table", { class: "ends-table" }, h("tbody", null, entries.map((entry) => h("tr", null,
        h("th", { scope: "row" }, h("a", { href: memory(entry.id) }, entry.id)),
        h("td", { class: "n", title: statistic.isShare ? `${four(100 * entry.value)}%` : four(entry.value) }, shown(statistic, entry.value)),
        h("td", { class: "taste" },
          entry.prefix === null || entry.prefix === undefined ? h("span", { class: "hint" }, "never fires")
            : h("span", { class: "taste-text", title: visible(entry.prefix) }, entry.cut ? "…" : "", text(entry.prefix), entry.target ? [" ", h("span", { class: "num" }, "→"), " ", token(entry.target)] : null),
          entry.tokens.length > 0 ? h("span", { class: "taste-tokens" }, h("span", { class: "num" }, "promotes "), entry.tokens.map((one) => [token(one), " "])) : null)))))));
}

function figures(context) {
  const waiting = h("div", { aria: { busy: "true" } }, h("p", { class: "absent" }, "The figures are being made …"));
  const [features, memories] = [h("div"), h("div")];
  const lists = h("section", { hidden: true, aria: { label: "Single memories" } }, h("h2", null, "Coefficients of the most and the least peaked memories"), memories);
  context.mounts.push(async () => {
    try {
      const answer = await get("/api/figures", null, context.signal);
      const nodes = figureCards(answer, context.study.layers, (layer) => context.chooseLayer(layer));
      replace(waiting, nodes.paper);
      replace(features, nodes.features);
      replace(memories, nodes.memories);
      lists.hidden = nodes.memories === null;
      drawCards(context.signal);
    } catch (failure) {
      if (failure.name === "AbortError") {
        return;
      }
      replace(waiting, absent(failure.message));
    }
    waiting.removeAttribute("aria-busy");
  });
  return [
    h("section", { aria: { label: "Figures" } }, h("h2", null, "The paper's figures for this model"), waiting),
    featureSection(context, features),
    lists,
  ];
}

function provenance(answer) {
  return h("section", null, h("h2", null, "Where it comes from"),
    h("div", { class: "provenance" }, answer.groups.filter((group) => group.facts.length > 0).map((group, i) => h("details", { class: "card", open: i === 0 }, h("summary", null, group.title),
      h("dl", { class: "facts" }, group.facts.map((fact) => [h("dt", null, fact.name), h("dd", null, visible(fact.value))]))))));
}
