// The report's figures as cards: drawing, caption, what was published, and the data as a table whose layers are links.
import { h, replace } from "./dom.js";
import { short, four } from "./format.js";
import { home, memory } from "./links.js";
import { absent } from "./parts.js";
import { onTheme } from "./theme.js";
import { drawFigure, hideTip } from "./vega.js";

// Cards are kept between visits to the page, for drawing takes a moment.
const kept = { version: null, nodes: null, cards: [] };

// answer: the server's; choose(layer): a layer was clicked; layers: how many the model has. Gives a grid of cards for each kind of figure; null where there is none.
export function figureCards(answer, layers, choose) {
  if (kept.version !== answer.version) {
    kept.cards = answer.figures.map((figure) => card(figure, layers, (layer) => kept.choose(layer)));
    kept.nodes = Object.fromEntries(["paper", "features", "memories"].map((kind) => {
      const cards = kept.cards.filter((one) => one.kind === kind);
      return [kind, cards.length === 0 ? null : h("div", { class: "figures" }, cards.map((one) => one.node))];
    }));
    kept.version = answer.version;
  }
  kept.choose = choose;
  return kept.nodes;
}

// Draws cards that are not drawn yet, one after the other, when they come near the window; again when colours change.
export function drawCards(signal) {
  const waiting = new Set();
  const state = { busy: false };
  const observer = new IntersectionObserver((entries) => {
    entries.filter((entry) => entry.isIntersecting).forEach((entry) => waiting.add(entry.target));
    work();
  }, { rootMargin: "600px" });

  async function work() {
    if (state.busy) {
      return;
    }
    state.busy = true;
    for (const node of waiting) {
      waiting.delete(node);
      await kept.cards.find((one) => one.node === node)?.draw();
      if (signal.aborted) {
        break;
      }
    }
    state.busy = false;
  }

  kept.cards.forEach((one) => observer.observe(one.node));
  onTheme(() => {
    kept.cards.forEach((one) => one.forget());
    observer.disconnect();
    kept.cards.forEach((one) => observer.observe(one.node));
  }, signal);
  signal.addEventListener("abort", () => {
    observer.disconnect();
    hideTip();
  });
}

function card(figure, layers, choose) {
  const named = /^histogram-(L\d+(?:E\d+)?N\d+)$/.exec(figure.key);
  const kind = named ? "memories" : figure.key.startsWith("features-") ? "features" : "paper";
  const heading = h("h3", null, figure.number ? h("span", { class: "figure-number" }, figure.number) : null, named ? h("a", { href: memory(named[1]) }, figure.title) : figure.title);
  if (figure.missing !== null && figure.missing !== undefined) {
    return { node: h("section", { class: "card figure missing" }, heading, absent(figure.missing), published(figure)), kind, draw: async () => {}, forget() {} };
  }
  const place = h("div", { class: "drawing", data: { figure: figure.key } });
  const byLayer = figure.columns.includes("layer");
  const state = { drawn: false };
  const node = h("section", { class: `card figure${named ? " small-figure" : ""}`, aria: { label: `${figure.number} ${figure.title}`.trim() } },
    heading,
    place,
    figure.caption ? h("p", { class: "caption" }, figure.caption, byLayer ? " Click a layer to see its memories." : "") : null,
    published(figure),
    table(figure, layers));
  return {
    node,
    kind,
    forget() {
      state.drawn = false;
    },
    async draw() {
      if (state.drawn || !place.isConnected) {
        return;
      }
      state.drawn = true;
      try {
        await drawFigure(place, figure.spec, byLayer ? (layer) => layer < layers && choose(layer) : null);
        place.dataset.drawn = "yes";
      } catch (failure) {
        replace(place, absent(failure.message));
      }
    },
  };
}

function published(figure) {
  return figure.published ? h("p", { class: "published" }, h("strong", null, "In the paper: "), figure.published) : null;
}

function table(figure, layers) {
  const rows = figure.spec.data.values;
  return h("details", { class: "data" },
    h("summary", null, "Data"),
    h("p", null, h("button", { type: "button", class: "small", onclick: () => save(figure) }, "Save as CSV")),
    h("div", { class: "scroll", tabindex: "0", role: "group", aria: { label: `Data of ${figure.title}` } }, h("table", null,
      h("thead", null, h("tr", null, figure.columns.map((column) => h("th", { scope: "col", class: numeric(rows, column) ? "n" : null }, column)))),
      h("tbody", null, rows.map((row) => h("tr", null, figure.columns.map((column) => cell(row[column], column, layers))))))));
}

function cell(value, column, layers) {
  if (column === "layer" && Number.isInteger(value) && value < layers) {
    return h("td", { class: "n" }, h("a", { href: home({ layer: value }), title: `Memories of layer ${value}` }, value));
  }
  return typeof value === "number" ? h("td", { class: "n", title: four(value) }, short(value)) : h("td", null, value ?? "–");
}

function numeric(rows, column) {
  return rows.every((row) => row[column] === null || row[column] === undefined || typeof row[column] === "number");
}

function save(figure) {
  const quote = (value) => /[",\n\r]/.test(String(value ?? "")) ? `"${String(value).replaceAll('"', '""')}"` : String(value ?? "");
  const lines = [figure.columns, ...figure.spec.data.values.map((row) => figure.columns.map((column) => row[column]))].map((line) => line.map(quote).join(","));
  const link = h("a", { href: URL.createObjectURL(new Blob([lines.join("\n") + "\n"], { type: "text/csv" })), download: `${figure.key}.csv` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
