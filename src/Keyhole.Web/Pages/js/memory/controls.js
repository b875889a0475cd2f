// Texts to hold beside the triggers, folded until they are asked for.
import { get } from "../api.js";
import { h, replace } from "../dom.js";
import { count, short } from "../format.js";
import { absent } from "../parts.js";
import { colourTexts } from "./colours.js";
import { memoryText } from "./text.js";
import { coefficient } from "./triggers.js";

export function controlsSection(page) {
  const box = h("div", { class: "controls-box" });
  const details = h("details", { class: "controls card" },
    h("summary", null, h("strong", null, "Controls"), h("span", { class: "hint" }, " the end of the list, texts just below it, and texts at random")),
    h("p", { class: "hint" }, "The strongest texts alone show a pattern too easily. What is seen in them should fade towards the end of the list, and be absent from random texts."), box);
  let asked = false;
  details.addEventListener("toggle", () => {
    if (details.open && !asked) {
      asked = true;
      load();
    }
  });

  async function load() {
    replace(box, h("p", { class: "absent", role: "status" }, page.canCompute ? "Running texts drawn at random…" : "Drawing texts…"));
    try {
      const controls = await get(`/api/memories/${page.memory.id}/controls`, null, page.signal);
      const rows = [];
      const status = h("p", { class: "hint", role: "status" });
      const stop = h("button", { type: "button", class: "quiet small", hidden: true }, "Stop");
      replace(box, controls.missing ? absent(controls.missing) : null, controls.groups.map((one) => group(one, rows)), status, stop);
      if (!controls.missing) {
        await colourTexts(page, rows, status, stop);
      }
    } catch (failure) {
      asked = false;
      if (failure.name !== "AbortError") {
        replace(box, h("p", { class: "absent error" }, failure.message));
      }
    }
  }

  // rows: receives those that are still to be coloured.
  function group(one, rows) {
    return h("section", null, h("h3", null, heading(one, page.memory.poles.length > 1)),
      h("ol", { class: "trigger-list", role: "list" }, one.texts.map((entry) => {
        const row = memoryText(entry.text, entry.position, null, page.scale, `Control, ${entry.coefficient === null ? "not computed" : `coefficient ${short(entry.coefficient)}`}. Arrow keys go through its tokens.`);
        if (entry.values) {
          row.colour(entry.text.first, entry.values);
        } else {
          rows.push(row);
        }
        return h("li", null, h("div", { class: "figures" }, entry.rank === null ? h("span", { class: "rank" }, "·") : h("span", { class: "rank" }, entry.rank + 1), coefficient(entry.coefficient)),
          row.node, h("div", { class: "where hint", title: entry.text.file }, `text ${count(entry.text.unit)}`));
      })));
  }

  return { node: details };
}

function heading(group, gated) {
  const pole = gated && group.pole ? `, ${group.pole} pole` : "";
  switch (group.kind) {
    case "last": return `The end of the list${pole}`;
    case "below": return `Just below the list's threshold${pole}: of ${count(group.drawn)} texts drawn at random`;
    default: return `At random: the first of ${count(group.drawn)} texts drawn`;
  }
}
