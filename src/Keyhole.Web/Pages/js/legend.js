// What the strip's colours mean: how many memories have which number, in the colours of the strip.
import { numberAt, placeOn, rgbAt } from "./colours.js";
import { h, svg } from "./dom.js";
import { count, four, percent, short } from "./format.js";
import { isDark } from "./theme.js";

const bars = 60;
const width = 360;
const height = 44;

// A number of a statistic, as readers see it.
export function shown(statistic, value) {
  return value === null || value === undefined || Number.isNaN(value) ? "no number" : statistic.isShare ? percent(value) : short(value);
}

export function legend(statistic, strip) {
  if (strip.low === null) {
    return h("p", { class: "absent" }, "No memory has a number of this kind.");
  }
  const place = placeOn(strip);
  const counts = new Array(bars).fill(0);
  for (const value of strip.values) {
    const share = place(value);
    if (!Number.isNaN(share)) {
      counts[Math.min(bars - 1, Math.floor(share * bars))]++;
    }
  }
  const most = Math.log1p(Math.max(...counts));
  const colour = (share) => `rgb(${rgbAt(share, isDark()).join(",")})`;
  const step = width / bars;
  const drawing = svg("svg", { viewBox: `0 0 ${width} ${height + 8}`, class: "legend-bars", role: "img", aria: { label: `Colours from ${shown(statistic, strip.low)} to ${shown(statistic, strip.high)}` } },
    counts.map((number, i) => number === 0 ? null : svg("rect", { x: i * step, width: step - 0.8, y: height - Math.max(1.5, height * Math.log1p(number) / most), height: Math.max(1.5, height * Math.log1p(number) / most), fill: colour((i + 0.5) / bars) },
      svg("title", null, `${count(number)} memories near ${four(numberAt(strip, (i + 0.5) / bars))}`))),
    Array.from({ length: bars }, (_, i) => svg("rect", { x: i * step, width: step + 0.4, y: height + 1, height: 7, fill: colour((i + 0.5) / bars) })));
  return h("div", { class: "legend" },
    drawing,
    h("div", { class: "legend-ticks" }, [0, 0.5, 1].map((at) => {
      const value = numberAt(strip, at);
      const beyond = at === 0 && strip.least < strip.low ? "≤ " : at === 1 && strip.largest > strip.high ? "≥ " : "";
      return h("span", { title: statistic.isShare ? `${four(100 * value)}%` : four(value) }, beyond + shown(statistic, value));
    })));
}

// What the number is, and how colours stand for it.
export function explanation(statistic, strip) {
  const range = strip.low === null ? "" : strip.scale === "linear"
    ? " Colours: linear, from the least number to the 99th percentile"
    : ` Colours: ${strip.scale === "log" ? "logarithmic" : "logarithmic on both sides of zero (asinh)"}, from the 1st to the 99th percentile`;
  const missing = strip.missing > 0 ? `; grey: ${count(strip.missing)} memories without a number` : "";
  return statistic.explanation + (range ? `${range}${missing}. Bars: how many memories, logarithmic.` : "");
}
