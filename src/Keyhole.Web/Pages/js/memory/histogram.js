// The histogram of a memory's coefficients: bins of a quarter octave to both sides of zero, counts on a log axis.
import { h, svg } from "../dom.js";
import { count, short } from "../format.js";

const zero = 128;
const smallest = 2 ** -16;
const height = 100;

// Where a coefficient stands among the bins; the integral part is its bin.
export function binPosition(value) {
  const size = Math.abs(value);
  const octave = Math.floor(Math.log2(size));
  const steps = size < smallest ? size / smallest : 1 + (4 * (octave + 16)) + (4 * (size / 2 ** octave - 1));
  return Math.min(255.999, Math.max(0, zero + (value < 0 ? -steps : steps)));
}

export function histogram(memory) {
  const { bins, positions, activeAbove, activeRule } = memory.histogram;
  if (bins.length === 0) {
    return h("p", { class: "absent" }, "No position was counted.");
  }
  const lists = memory.poles.filter((pole) => pole.threshold !== null && pole.threshold !== undefined);
  const first = Math.min(...bins.map((bin) => bin.bin), ...lists.map((pole) => Math.floor(binPosition(pole.threshold)))) - 1;
  const end = Math.max(...bins.map((bin) => bin.bin), ...lists.map((pole) => Math.floor(binPosition(pole.threshold)))) + 2;
  const width = end - first;
  const tallest = Math.max(...bins.map((bin) => Math.log10(1 + bin.count)));
  const place = (value) => (binPosition(value) - first) / width;
  const readout = h("output", { class: "hint" }, `${count(positions)} positions of a sample`);
  const bars = bins.map((bin) => {
    const tall = Math.max(1.5, (height - 6) * Math.log10(1 + bin.count) / tallest);
    return svg("rect", { class: bin.bin < zero ? "bar neg" : "bar", x: bin.bin - first + 0.08, y: height - tall, width: 0.84, height: tall });
  });
  const hits = bins.map((bin, index) => svg("rect", { class: "hit", x: bin.bin - first, y: 0, width: 1, height, onpointerenter: () => tell(index), onpointerleave: () => tell(-1) }, svg("title", null, describe(bin))));
  const lines = [
    ...(activeAbove > 0 ? [activeAbove, ...(memory.statistics.min < 0 ? [-activeAbove] : [])] : []).map((value) => line("active", value)),
    ...(activeAbove === 0 ? [line("active", 0)] : []),
    ...lists.map((pole) => line("list", pole.threshold)),
  ];
  let cursor = -1;
  const plot = h("div", { class: "plot", tabindex: "0", role: "group", aria: { label: `Histogram of ${count(positions)} positions from ${short(memory.statistics.min)} to ${short(memory.statistics.max)}. Arrow keys go through its bins.` }, onkeydown: move, onblur: () => tell(-1) },
    svg("svg", { viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: "none", "aria-hidden": "true" }, bars, lines, hits),
    ticks(first, end).map((value) => tick(value, place(value))));
  return h("div", { class: "histogram" }, plot,
    h("p", { class: "row legend" },
      h("span", { class: "hint key-active" }, activeRule === "zero" ? "active above zero" : `active beyond ±${short(activeAbove)} (1% of the largest)`),
      lists.length > 0 ? h("span", { class: "hint key-list" }, `the list's end, ${lists.map((pole) => short(pole.threshold)).join(" and ")}`) : null,
      readout));

  function line(kind, value) {
    const x = place(value) * width;
    return svg("line", { class: kind, x1: x, x2: x, y1: 0, y2: height, "vector-effect": "non-scaling-stroke" });
  }

  function tell(index) {
    bars[cursor]?.classList.remove("at");
    cursor = index;
    bars[cursor]?.classList.add("at");
    readout.textContent = cursor < 0 ? `${count(positions)} positions of a sample` : describe(bins[cursor]);
  }

  function move(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step) {
      event.preventDefault();
      event.stopPropagation();
      tell(Math.min(bins.length - 1, Math.max(0, cursor < 0 ? (step > 0 ? 0 : bins.length - 1) : cursor + step)));
    }
  }
}

function describe(bin) {
  const lower = bin.lower === null ? "below" : short(bin.lower);
  return bin.lower === null ? `${count(bin.count)} below ${short(bin.upper)}` : bin.upper === null ? `${count(bin.count)} from ${lower} on` : `${count(bin.count)} from ${lower} to ${short(bin.upper)}`;
}

// Powers of ten and zero, as many as have room between the ends.
function ticks(first, end) {
  const room = (end - first) / 6;
  const all = [0];
  for (let power = -4; power <= 5; power++) {
    all.push(10 ** power, -(10 ** power));
  }
  const kept = [];
  for (const value of all.toSorted((a, b) => (a === 0 ? -1 : b === 0 ? 1 : Math.abs(b) - Math.abs(a)))) {
    const at = binPosition(value);
    if (at > first + 1 && at < end - 1 && kept.every((other) => Math.abs(binPosition(other) - at) >= room)) {
      kept.push(value);
    }
  }
  return kept;
}

function tick(value, share) {
  const label = h("span", { class: "tick" }, value === 0 ? "0" : short(value).replace("-", "−"));
  label.style.setProperty("left", `${(100 * share).toFixed(2)}%`);
  return label;
}
