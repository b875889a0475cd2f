// Every memory as a cell on one canvas, layer below layer, coloured by one number. Cells are found by pointer, by keys, and named in words beside the canvas.
import { noColour, placeOn, scaleColours } from "./colours.js";
import { h } from "./dom.js";
import { isDark } from "./theme.js";

const labelWidth = 34;
const layerGap = 4;
const leastLayer = 12;   // the height of a label
const mostHeight = 620;
const mostHeightNarrow = 900;   // on a phone, where cells would be too small to see
const narrow = 600;
const sizes = [16, 14, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1];

// What the server sent, unpacked: values Float32Array [N], layers [{ layer, start, count }], idAt(i).
export function unpack(answer) {
  const bytes = Uint8Array.from(atob(answer.values), (letter) => letter.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  const values = Float32Array.from({ length: bytes.length / 4 }, (_, i) => view.getFloat32(4 * i, true));
  const layers = [];
  const blocks = [];
  let start = 0;
  for (const block of answer.blocks) {
    blocks.push({ ...block, start });
    const last = layers[layers.length - 1];
    if (last && last.layer === block.layer) {
      last.count += block.count;
    } else {
      layers.push({ layer: block.layer, start, count: block.count });
    }
    start += block.count;
  }
  return { ...answer, values, layers, blocks };
}

// The name of the memory at a place, such as L3N12.
export function nameAt(strip, at) {
  let low = 0;
  let high = strip.blocks.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (strip.blocks[middle].start <= at) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  const block = strip.blocks[low];
  const index = block.indices ? block.indices[at - block.start] : at - block.start;
  return `L${block.layer}${block.expert < 0 ? "" : `E${block.expert}`}N${index}`;
}

// Where cells stand: all layers, or one. Cells are as large as fits, and a little wider than high where that fills the width. Lengths in CSS pixels.
export function layOut(strip, width, only) {
  const shown = strip.layers.filter((layer) => only === null || layer.layer === only);
  const most = Math.max(1, ...shown.map((layer) => layer.count));
  const room = Math.max(40, width - labelWidth);
  let chosen = null;
  for (const size of sizes) {
    const rows = Math.ceil(most / Math.max(1, Math.floor(room / size)));
    const columns = Math.ceil(most / rows);
    let top = 0;
    const layers = shown.map((layer) => {
      const placed = { ...layer, top, rows: Math.ceil(layer.count / columns) };
      top += Math.max(placed.rows * size, leastLayer) + layerGap;
      return placed;
    });
    const wide = Math.min(room / columns, 1.7 * size);
    chosen = { size, wide, columns, layers, height: Math.max(size, top - layerGap), width: labelWidth + columns * wide, left: labelWidth };
    if (chosen.height <= (width < narrow ? mostHeightNarrow : mostHeight)) {
      break;
    }
  }
  return chosen;
}

// Draws all cells in one pass over the pixels; answers how long it took.
export function draw(canvas, strip, layout, dark, ratio) {
  const began = performance.now();
  const width = Math.round(layout.width * ratio);
  const height = Math.round(layout.height * ratio);
  canvas.width = width;
  canvas.height = height;
  canvas.style.setProperty("width", `${layout.width}px`);
  canvas.style.setProperty("height", `${layout.height}px`);
  const context = canvas.getContext("2d");
  const image = context.createImageData(width, height);
  const pixels = new Uint32Array(image.data.buffer);
  const colours = scaleColours(dark);
  const none = noColour(dark);
  const place = placeOn(strip);
  const gap = layout.size >= 5 ? Math.round(ratio) : 0;
  const edges = Array.from({ length: layout.columns + 1 }, (_, column) => Math.round((layout.left + column * layout.wide) * ratio));
  for (const layer of layout.layers) {
    for (let row = 0; row < layer.rows; row++) {
      const top = Math.round((layer.top + row * layout.size) * ratio);
      const bottom = Math.round((layer.top + (row + 1) * layout.size) * ratio) - gap;
      const first = row * layout.columns;
      const end = Math.min(layout.columns, layer.count - first);
      for (let column = 0; column < end; column++) {
        const share = place(strip.values[layer.start + first + column]);
        pixels.fill(Number.isNaN(share) ? none : colours[Math.round(share * 255)], top * width + edges[column], top * width + edges[column + 1] - gap);
      }
      for (let line = top + 1; line < bottom; line++) {
        pixels.copyWithin(line * width + edges[0], top * width + edges[0], top * width + edges[end]);
      }
    }
  }
  context.putImageData(image, 0, 0);
  const style = getComputedStyle(document.body);
  context.scale(ratio, ratio);
  context.fillStyle = style.getPropertyValue("--soft");
  context.font = `11px ${style.fontFamily}`;
  context.textBaseline = "middle";
  context.textAlign = "right";
  const every = Math.max(1, Math.ceil(13 * layout.layers.length / Math.max(1, layout.height)));
  layout.layers.forEach((layer, i) => {
    if (i % every === 0) {
      context.fillText(`L${layer.layer}`, layout.left - 7, layer.top + Math.max(layer.rows * layout.size, leastLayer) / 2);
    }
  });
  return performance.now() - began;
}

// The place of the cell at a point; null between layers.
export function cellAt(layout, x, y) {
  const column = Math.floor((x - layout.left) / layout.wide);
  if (column < 0 || column >= layout.columns) {
    return null;
  }
  for (const layer of layout.layers) {
    const row = Math.floor((y - layer.top) / layout.size);
    if (row >= 0 && row < layer.rows) {
      const at = row * layout.columns + column;
      return at < layer.count ? layer.start + at : null;
    }
  }
  return null;
}

// The layer whose label is at a point; null elsewhere.
export function labelAt(layout, x, y) {
  return x >= layout.left ? null : layout.layers.find((layer) => y >= layer.top && y < layer.top + Math.max(layer.rows * layout.size, leastLayer) + layerGap) ?? null;
}

export function pointOf(layout, at) {
  const layer = layout.layers.find((one) => at >= one.start && at < one.start + one.count);
  const within = at - layer.start;
  return { layer, x: layout.left + (within % layout.columns) * layout.wide, y: layer.top + Math.floor(within / layout.columns) * layout.size };
}

// The cell that a key leads to.
export function step(layout, at, key) {
  const { layer } = pointOf(layout, at);
  const number = layout.layers.indexOf(layer);
  const within = at - layer.start;
  const clamp = (target, column) => target.start + Math.min(target.count - 1, Math.floor((target.count - 1 - column) / layout.columns) * layout.columns + column);
  switch (key) {
    case "ArrowRight": return Math.min(at + 1, layout.layers[layout.layers.length - 1].start + layout.layers[layout.layers.length - 1].count - 1);
    case "ArrowLeft": return Math.max(at - 1, layout.layers[0].start);
    case "ArrowDown": return within + layout.columns < layer.count ? at + layout.columns
      : number + 1 < layout.layers.length ? Math.min(layout.layers[number + 1].start + within % layout.columns, layout.layers[number + 1].start + layout.layers[number + 1].count - 1) : at;
    case "ArrowUp": return within >= layout.columns ? at - layout.columns
      : number > 0 ? Math.max(layout.layers[number - 1].start, clamp(layout.layers[number - 1], Math.min(within, layout.layers[number - 1].count - 1))) : at;
    case "PageDown": return number + 1 < layout.layers.length ? layout.layers[number + 1].start + Math.min(within, layout.layers[number + 1].count - 1) : at;
    case "PageUp": return number > 0 ? layout.layers[number - 1].start + Math.min(within, layout.layers[number - 1].count - 1) : at;
    case "Home": return layer.start;
    case "End": return layer.start + layer.count - 1;
    default: return null;
  }
}

// The canvas with its marker and keys. handlers: point(at or null), choose(at), layer(number).
export function stripView(strip, handlers) {
  const canvas = h("canvas", { class: "strip", tabindex: "0", role: "application", aria: { label: "Memories by layer. Arrow keys move, Page Up and Page Down change the layer, Enter opens.", describedby: "strip-reading" } });
  const marker = h("div", { class: "strip-marker", hidden: true, aria: { hidden: "true" } });
  const node = h("div", { class: "strip-box" }, canvas, marker);
  const state = { strip, only: null, layout: null, cursor: null, drawMs: 0 };

  function show() {
    const width = node.clientWidth;
    if (width === 0 || state.strip.values.length === 0) {
      return;
    }
    state.layout = layOut(state.strip, width, state.only);
    if (state.layout.layers.length === 0) {
      return;
    }
    state.drawMs = draw(canvas, state.strip, state.layout, isDark(), window.devicePixelRatio || 1);
    canvas.dataset.drawMs = state.drawMs.toFixed(1);
    if (state.cursor !== null && !state.layout.layers.some((layer) => state.cursor >= layer.start && state.cursor < layer.start + layer.count)) {
      state.cursor = null;
    }
    mark(state.cursor);
  }

  function mark(at) {
    marker.hidden = at === null;
    if (at !== null) {
      const { x, y } = pointOf(state.layout, at);
      marker.style.setProperty("transform", `translate(${x - 2}px, ${y - 2}px)`);
      marker.style.setProperty("width", `${state.layout.wide + 4}px`);
      marker.style.setProperty("height", `${state.layout.size + 4}px`);
    }
  }

  function move(at, spoken) {
    state.cursor = at;
    mark(at);
    handlers.point(at, spoken);
  }

  function place(event) {
    const box = canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  canvas.addEventListener("pointermove", (event) => {
    const [x, y] = place(event);
    const at = state.layout ? cellAt(state.layout, x, y) : null;
    canvas.classList.toggle("pointing", at !== null || (state.layout !== null && labelAt(state.layout, x, y) !== null));
    if (at !== null && at !== state.cursor) {
      move(at, false);
    }
  });
  canvas.addEventListener("click", (event) => {
    const [x, y] = place(event);
    const at = state.layout ? cellAt(state.layout, x, y) : null;
    const label = state.layout ? labelAt(state.layout, x, y) : null;
    if (at !== null) {
      move(at, false);
      // A finger covers many cells: it points, and the link beside the canvas opens.
      if (event.pointerType !== "touch") {
        handlers.choose(at);
      }
    } else if (label !== null) {
      handlers.layer(label.layer);
    }
  });
  canvas.addEventListener("focus", () => {
    if (state.cursor === null && state.layout && canvas.matches(":focus-visible")) {
      move(state.layout.layers[0].start, true);
    }
  });
  canvas.addEventListener("keydown", (event) => {
    if (!state.layout || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    const from = state.cursor ?? state.layout.layers[0].start;
    if (event.key === "Enter" && state.cursor !== null) {
      event.preventDefault();
      handlers.choose(state.cursor);
      return;
    }
    const to = step(state.layout, from, event.key);
    if (to !== null) {
      event.preventDefault();
      move(to, true);
    }
  });
  return {
    node,
    canvas,
    show,
    update(next, only) {
      state.strip = next;
      state.only = only;
      show();
      if (state.cursor !== null) {
        handlers.point(state.cursor, false);
      }
    },
  };
}
