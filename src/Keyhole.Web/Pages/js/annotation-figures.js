// Figures of the annotation results.
import { svg } from "./dom.js";
import { four, percent } from "./format.js";

// In the order of the stack, from the left.
export const classColumns = [
  { name: "shallow", label: "Shallow" },
  { name: "both", label: "Both" },
  { name: "semantic", label: "Semantic" },
  { name: "syntactic", label: "Syntactic" },
  { name: "notCovered", label: "Not covered" },
];

const left = 58;
const right = 44;
const width = 720;
const bar = 20;
const gap = 6;
const top = 34;

// One bar a layer, its parts the classes of prefixes; each part says its share where there is room.
export function layerFigure(layers) {
  const inner = width - left - right;
  const height = top + layers.length * (bar + gap) + 22;
  const x = (share) => left + inner * share;
  return svg("svg", { class: "figure layers", viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": "Shares of prefixes by kind of pattern, for each layer; the table below has the numbers" },
    legend(),
    [0, 0.25, 0.5, 0.75, 1].map((tick) => [
      svg("line", { class: "grid-line", x1: x(tick), x2: x(tick), y1: top - 2, y2: height - 20 }),
      svg("text", { class: "axis", x: x(tick), y: height - 6, "text-anchor": "middle" }, `${100 * tick}%`)]),
    layers.map((layer, i) => {
      const y = top + i * (bar + gap);
      let from = 0;
      const parts = layer.shallow.value === null ? [svg("text", { class: "axis", x: x(0) + 6, y: y + 14 }, "no sheet is finished")] : classColumns.map((column) => {
        const share = layer[column.name].value;
        const start = from;
        from += share;
        return share <= 0 ? null : svg("g", { class: `class-${column.name}` },
          svg("rect", { x: x(start), y, width: Math.max(0.5, inner * share), height: bar }, svg("title", null, `Layer ${layer.layer}, ${column.label.toLowerCase()}: ${four(100 * share)}%`)),
          share >= 0.09 ? svg("text", { class: "inside", x: x(start + share / 2), y: y + 14, "text-anchor": "middle" }, percent(share).replace(/\.\d+/, "")) : null);
      });
      return svg("g", null, svg("text", { class: "axis", x: left - 8, y: y + 14, "text-anchor": "end" }, `layer ${layer.layer}`), parts, svg("text", { class: "axis", x: width - right + 8, y: y + 14 }, `n ${layer.shallow.n}`));
    }));
}

function legend() {
  let at = left;
  return classColumns.map((column) => {
    const here = at;
    at += 34 + 6.6 * column.label.length + 12;
    return svg("g", { class: `class-${column.name}` }, svg("rect", { x: here, y: 6, width: 14, height: 14 }), svg("text", { class: "axis", x: here + 20, y: 17 }, column.label));
  });
}

// A value with its interval on a line from -1 to 1.
export function intervalBar(estimate) {
  const x = (value) => 4 + 112 * (Math.max(-1, Math.min(1, value)) + 1) / 2;
  return svg("svg", { class: "figure interval-bar", viewBox: "0 0 120 14", width: 120, height: 14, "aria-hidden": "true" },
    svg("line", { class: "grid-line", x1: 4, x2: 116, y1: 7, y2: 7 }),
    svg("line", { class: "zero", x1: x(0), x2: x(0), y1: 2, y2: 12 }),
    estimate.lower === null ? null : svg("line", { class: "extent", x1: x(estimate.lower), x2: x(estimate.upper), y1: 7, y2: 7 }),
    svg("circle", { class: "point", cx: x(estimate.value), cy: 7, r: 3.5 }));
}
