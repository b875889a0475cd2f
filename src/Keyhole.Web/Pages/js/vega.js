// Vega, loaded when the first figure is drawn. Its expressions are interpreted, and neither it nor its tooltips bring styles along, so the page's policy holds as it stands.
import { h, replace } from "./dom.js";
import { isSite } from "./links.js";

const state = { loading: null, tip: null };

export function loadVega() {
  state.loading ??= ["vega", "vega-lite", "vega-embed"].reduce((before, name) => before.then(() => script(`${isSite() ? "" : "/"}vendor/${name}.min.js`)), Promise.resolve());
  return state.loading;
}

// Draws a Vega-Lite specification in place of what an element holds. choose(layer) is called for a click above a layer, where it is given.
export async function drawFigure(place, spec, choose) {
  await loadVega();
  const { view } = await globalThis.vegaEmbed(place, themed(spec, place), {
    mode: "vega-lite",
    renderer: "svg",
    actions: false,
    ast: true,
    defaultStyle: false,
    tooltip: (handler, event, item, value) => showTip(event, value),
  });
  const drawing = place.querySelector("svg");
  drawing?.setAttribute("aria-hidden", "true");   // the table below says the same in words
  if (choose) {
    place.classList.add("choosable");
    view.addEventListener("click", (event) => {
      const layer = layerAt(view, place, event);
      if (layer !== null) {
        choose(layer);
      }
    });
  }
  return view;
}

export function hideTip() {
  state.tip?.remove();
  state.tip = null;
}

function script(path) {
  return new Promise((resolve, reject) => {
    document.head.append(h("script", { src: path, onload: resolve, onerror: () => reject(new Error(`${path} could not be loaded, so figures are not drawn.`)) }));
  });
}

// The page's colours in place of the report's.
function themed(spec, place) {
  const style = getComputedStyle(place);
  const colour = (name) => style.getPropertyValue(name).trim();
  const copy = structuredClone(spec);
  copy.width = "container";
  copy.height = 240;
  copy.autosize = { type: "fit-x", contains: "padding" };
  const narrow = place.clientWidth < 420;
  const config = copy.config;
  Object.assign(config, { background: "transparent", font: style.fontFamily });
  Object.assign(config.axis, { labelColor: colour("--soft"), titleColor: colour("--ink"), gridColor: colour("--line"), domainColor: colour("--line"), tickColor: colour("--line") });
  Object.assign(config.legend, { labelColor: colour("--ink"), columns: narrow ? 1 : 2, labelLimit: Math.max(140, place.clientWidth - 90) });
  Object.assign(config.text ??= {}, { fill: colour("--soft") });
  recolour(copy, { "#555": colour("--soft"), white: colour("--raised") });
  return copy;
}

function recolour(node, colours) {
  for (const mark of [node.mark, ...(node.layer ?? []).map((layer) => layer.mark)]) {
    for (const field of ["color", "fill", "stroke"]) {
      if (typeof mark === "object" && mark !== null && colours[mark[field]]) {
        mark[field] = colours[mark[field]];
      }
    }
  }
}

// The layer whose place on the horizontal axis is nearest to a click.
function layerAt(view, place, event) {
  const box = place.querySelector("svg").getBoundingClientRect();
  const x = event.clientX - box.left - view.origin()[0];
  const scale = view.scale("x");
  if (x < 0 || x > view.width()) {
    return null;
  }
  if (scale.invert) {
    return Math.round(scale.invert(x));
  }
  const half = scale.bandwidth ? scale.bandwidth() / 2 : 0;
  const nearest = scale.domain().reduce((best, layer) => Math.abs(scale(layer) + half - x) < Math.abs(scale(best) + half - x) ? layer : best);
  return Number.isInteger(Number(nearest)) ? Number(nearest) : null;
}

function showTip(event, value) {
  if (value === null || value === undefined || value === "") {
    hideTip();
    return;
  }
  state.tip ??= document.body.appendChild(h("div", { class: "tip", aria: { hidden: "true" } }));
  const entries = typeof value === "object" ? Object.entries(value).filter(([, content]) => content !== null && content !== "null") : [["", value]];
  replace(state.tip, h("dl", null, entries.map(([name, content]) => [h("dt", null, name), h("dd", null, content)])));
  const box = state.tip.getBoundingClientRect();
  state.tip.style.setProperty("left", `${Math.max(4, Math.min(event.clientX + 14, window.innerWidth - box.width - 8))}px`);
  state.tip.style.setProperty("top", `${event.clientY + 18 + box.height > window.innerHeight ? event.clientY - box.height - 10 : event.clientY + 18}px`);
}
