// One memory: what makes it fire, what it promotes, and how it is distributed.
import { get } from "../api.js";
import { h, replace } from "../dom.js";
import { count, number, percentage } from "../format.js";
import { isSite, memory as memoryLink } from "../links.js";
import { beyondSection } from "../memory/beyond.js";
import { controlsSection } from "../memory/controls.js";
import { histogram } from "../memory/histogram.js";
import { labelSection } from "../memory/labels.js";
import { nearestSection } from "../memory/nearest.js";
import { ownSection } from "../memory/own.js";
import { statisticsCard } from "../memory/statistics.js";
import { triggerSection } from "../memory/triggers.js";
import { agreementCard, layerSentence, valueCard } from "../memory/value.js";
import { absent } from "../parts.js";
import { go } from "../router.js";

export async function load([id], query, signal) {
  const [memory, labels] = await Promise.all([get(`/api/memories/${id}`, null, signal), get("/api/annotate/labels", { memory: id }, signal)]);
  return { memory, labels: labels.labels };
}

export function title(data) {
  return data.memory.id;
}

// data: { memory, labels } of the server; and, for pages that cannot ask it, { figures, nearest, coloured: { unit: { from, values } } } where they were made.
export function render(data, context) {
  const { memory } = data;
  const site = isSite();
  const page = {
    memory,
    scale: Math.max(Math.abs(memory.statistics.max ?? 0), Math.abs(memory.statistics.min ?? 0)),
    canCompute: !site && context.study.model !== "none" && context.study.model !== "refused",
    site,
    coloured: data.coloured ?? null,
    nearest: data.nearest ?? null,
    labels: data.labels ?? [],
    query: context.query,
    signal: context.signal,
  };
  const triggers = triggerSection(page);
  const statistics = statisticsCard(memory, data.figures);
  const agreement = agreementCard(memory, data.figures);
  const nearest = page.canCompute || page.nearest ? nearestSection(page) : null;
  const own = page.canCompute ? ownSection(page) : null;
  context.onMount(async () => {
    document.addEventListener("keydown", turn, { signal: context.signal });
    if (!site) {
      fillFigures();
    }
    await Promise.all([triggers.colour(), own?.load()]);
    if (!context.signal?.aborted) {
      await nearest?.load();
    }
  });
  return h("div", { class: "memory" },
    head(memory, context.study, site),
    site || page.canCompute ? null : absent(`Texts are not coloured and no text of your own can be tried: ${context.study.modelReason ?? "the study's model is not at hand."}`),
    h("div", { class: "pair" }, valueCard(memory), h("section", { class: "card distribution", aria: { label: "Histogram" } }, h("h2", null, "Coefficients"), histogram(memory))),
    own?.node,
    triggers.node,
    beyondSection(page),
    labelSection(page),
    site ? null : controlsSection(page).node,
    h("div", { class: "pair lower" }, statistics.node, agreement),
    nearest?.node);

  async function fillFigures() {
    try {
      const figures = await get(`/api/memories/${memory.id}/layer`, null, context.signal);
      statistics.fill(figures);
      const sentence = agreement?.querySelector(".layer-agreement");
      if (sentence) {
        replace(sentence, layerSentence(memory, figures));
      }
    } catch (failure) {
      if (failure.name !== "AbortError") {
        console.warn(failure.message);
      }
    }
  }
}

function head(memory, study, site) {
  const poles = memory.poles.map((pole) => pole.total).reduce((sum, total) => sum + total, 0);
  return h("header", { class: "memory-head" },
    h("div", null,
      h("h1", null, memory.id),
      h("p", { class: "lead" }, `Layer ${memory.layer} of ${study.layers}${memory.expert === null || memory.expert === undefined ? "" : `, expert ${memory.expert}`}, memory ${count(memory.index)} of ${count(memory.width)}. `,
        poles === 0 ? "It never fires." : ["Above zero at ", percentage(memory.statistics.sharePositive), " of positions, largest ", number(memory.statistics.max), memory.poles.length > 1 ? [", smallest ", number(memory.statistics.min)] : null, "."])),
    h("nav", { class: "turn", aria: { label: "Other memories" } },
      neighbour(memory.previous, "prev", "Previous", "←"),
      site ? null : h("button", { type: "button", title: "A memory at random", onclick: random }, "Random"),
      neighbour(memory.next, "next", "Next", "→")));
}

function neighbour(id, rel, label, key) {
  const text = rel === "prev" ? [h("kbd", null, key), " ", label] : [label, " ", h("kbd", null, key)];
  return id ? h("a", { class: "button", href: memoryLink(id), rel, title: `${id} (${key} key)` }, text) : h("span", { class: "button off", aria: { disabled: "true" } }, text);
}

async function random() {
  go(memoryLink((await get("/api/memories/random")).id));
}

// Left and right turn the page, unless they mean something where the focus is.
function turn(event) {
  const rel = { ArrowLeft: "prev", ArrowRight: "next" }[event.key];
  if (!rel || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || event.target.closest?.("input, textarea, select, [contenteditable]")) {
    return;
  }
  document.querySelector(`.turn a[rel="${rel}"]`)?.click();
}
