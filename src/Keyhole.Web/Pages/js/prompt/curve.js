// Rank and probability of the followed token over the layers, drawn by hand: two plots above one axis of layers, values by hover, by arrow keys, and as a table.
import { h, svg } from "../dom.js";
import { four, percent, short } from "../format.js";

const width = 420;
const left = 46;
const right = 12;
const rankTop = 18;
const rankHeight = 84;
const shareTop = 132;
const shareHeight = 62;
const bottom = 222;

// points: [{ label, rank, probability }] for r of every layer, then the output; changed: the same with interventions, or null.
export function curve(points, changed, name) {
  const x = (i) => left + (points.length === 1 ? 0 : i * (width - left - right) / (points.length - 1));
  const all = changed === null ? points : [...points, ...changed];
  const decades = Math.max(1, Math.ceil(Math.log10(Math.max(...all.map((point) => point.rank)) + 1)));
  const rankY = (rank) => rankTop + rankHeight * Math.log10(rank + 1) / decades;
  const most = Math.max(...all.map((point) => point.probability), 1e-9);
  const shareY = (p) => shareTop + shareHeight * (1 - p / most);
  const cursor = svg("line", { class: "curve-cursor", y1: rankTop - 6, y2: shareTop + shareHeight });
  const dots = [["plain", points], ["changed", changed]].filter(([, list]) => list !== null).map(([kind, list]) => ({
    list,
    rank: svg("circle", { class: `curve-dot ${kind}`, r: 3.6 }),
    share: svg("circle", { class: `curve-dot ${kind}`, r: 3.6 }),
  }));
  const reading = h("p", { class: "curve-reading" });
  const state = { at: points.length - 1 };

  const drawing = svg("svg", { viewBox: `0 0 ${width} ${bottom}`, class: "curve-drawing", aria: { hidden: "true" } },
    plotAxis("rank", rankTop, rankHeight, Array.from({ length: decades + 1 }, (_, decade) => [rankY(10 ** decade - 1), tick(10 ** decade)])),
    plotAxis("probability", shareTop, shareHeight, [[shareY(0), "0"], [shareY(most), percent(most)]]),
    layerTicks(points, x),
    changed === null ? null : [path("changed", changed, rankY, "rank"), path("changed", changed, shareY, "probability")],
    path("plain", points, rankY, "rank"),
    path("plain", points, shareY, "probability"),
    cursor,
    dots.map((dot) => [dot.rank, dot.share]));
  const slider = h("div", {
    class: "curve-slider", role: "slider", tabindex: 0,
    aria: { label: `${name} over the layers`, valuemin: 0, valuemax: points.length - 1 },
    onkeydown: key, onpointermove: hover, onpointerdown: hover,
  }, drawing);
  show(state.at);
  return h("div", { class: "curve" },
    changed === null ? null : h("p", { class: "legend" }, h("span", { class: "line plain" }), " without ", h("span", { class: "line changed" }), " with interventions"),
    slider,
    reading,
    h("details", null, h("summary", null, "As a table"), table(points, changed)));

  function path(kind, list, y, field) {
    return svg("path", { class: `curve-line ${kind}`, d: list.map((point, i) => `${i === 0 ? "M" : "L"}${x(i).toFixed(1)} ${y(point[field]).toFixed(1)}`).join("") });
  }

  function show(at) {
    state.at = at;
    cursor.setAttribute("x1", x(at));
    cursor.setAttribute("x2", x(at));
    for (const dot of dots) {
      dot.rank.setAttribute("cx", x(at));
      dot.rank.setAttribute("cy", rankY(dot.list[at].rank));
      dot.share.setAttribute("cx", x(at));
      dot.share.setAttribute("cy", shareY(dot.list[at].probability));
    }
    const words = said(points[at]) + (changed === null ? "" : `; with interventions ${said(changed[at])}`);
    reading.textContent = `${points[at].label}: ${words}`;
    reading.title = `probability ${four(points[at].probability)}${changed === null ? "" : ` → ${four(changed[at].probability)}`}`;
    slider.setAttribute("aria-valuenow", at);
    slider.setAttribute("aria-valuetext", `${points[at].label}: ${words}`);
  }

  function key(event) {
    const to = { ArrowLeft: state.at - 1, ArrowRight: state.at + 1, ArrowDown: state.at - 1, ArrowUp: state.at + 1, Home: 0, End: points.length - 1 }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      show(Math.min(points.length - 1, Math.max(0, to)));
    }
  }

  function hover(event) {
    const box = drawing.getBoundingClientRect();
    const place = (event.clientX - box.left) / box.width * width;
    show(Math.min(points.length - 1, Math.max(0, Math.round((place - left) / (width - left - right) * (points.length - 1)))));
  }
}

function said(point) {
  return `rank ${short(point.rank)}, ${percent(point.probability)}`;
}

function tick(value) {
  return value >= 1000 ? `${value / 1000}k` : String(value);
}

function plotAxis(name, top, height, ticks) {
  return svg("g", null,
    svg("text", { class: "curve-name", x: left, y: top - 8 }, name === "rank" ? "rank + 1, best on top" : "probability"),
    ticks.map(([y, label]) => svg("g", null,
      svg("line", { class: "curve-grid", x1: left, x2: width - right, y1: y, y2: y }),
      svg("text", { class: "curve-tick", x: left - 6, y: y + 3.5, "text-anchor": "end" }, label))));
}

function layerTicks(points, x) {
  const every = Math.ceil((points.length - 1) / 8);
  return points.map((point, i) => i === points.length - 1 || (i % every === 0 && points.length - 1 - i >= every)
    ? svg("text", { class: "curve-tick", x: x(i), y: shareTop + shareHeight + 16, "text-anchor": i === points.length - 1 ? "end" : "middle" }, i === points.length - 1 ? "output" : String(i))
    : null);
}

function table(points, changed) {
  return h("div", { class: "scroll" }, h("table", null,
    h("thead", null, h("tr", null, h("th", null, "state"), h("th", { class: "n" }, "rank"), h("th", { class: "n" }, "probability"),
      changed === null ? null : [h("th", { class: "n" }, "rank with"), h("th", { class: "n" }, "probability with")])),
    h("tbody", null, points.map((point, i) => h("tr", null, h("td", null, point.label), h("td", { class: "n" }, four(point.rank)), h("td", { class: "n" }, four(point.probability)),
      changed === null ? null : [h("td", { class: "n" }, four(changed[i].rank)), h("td", { class: "n" }, four(changed[i].probability))])))));
}
