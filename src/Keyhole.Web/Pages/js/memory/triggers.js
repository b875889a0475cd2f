// A memory's trigger examples: a pole at a time, as much of each text as the reader chose, coloured when the coefficients are there.
import { get } from "../api.js";
import { h, replace } from "../dom.js";
import { count, number, short } from "../format.js";
import { absent, choice } from "../parts.js";
import { announce, remember } from "../router.js";
import { colourTexts } from "./colours.js";
import { text } from "../tokens.js";
import { memoryText } from "./text.js";

const contexts = [["5", "5"], ["16", "16"], ["all", "all"]];

// page: { memory, scale, canCompute, coloured, query, signal }
export function triggerSection(page) {
  const { memory } = page;
  const state = {
    pole: memory.poles.some((pole) => pole.name === page.query.get("pole")) ? page.query.get("pole") : memory.poles[0].name,
    context: contexts.some(([value]) => value === page.query.get("context")) ? page.query.get("context") : "16",
    lists: new Map(memory.poles.map((pole) => [pole.name, { pole, triggers: pole.triggers, rows: null, node: null }])),
  };
  const list = h("div", { class: "trigger-lists" });
  const status = h("p", { class: "hint colouring", role: "status" });
  const stop = h("button", { type: "button", class: "quiet small", hidden: true }, "Stop");
  const poles = memory.poles.length > 1
    ? choice("pole", "Pole", memory.poles.map((pole) => [pole.name, `${pole.name} (${count(pole.total)})`]), state.pole, (name) => {
      state.pole = name;
      remember({ pole: name === memory.poles[0].name ? null : name });
      show();
      colour();
    })
    : null;
  const tokens = choice("context", "Tokens", contexts, state.context, (value) => {
    state.context = value;
    remember({ context: value === "16" ? null : value });
    rowsOf(state.pole).forEach((row) => row.limit(limitOf(value)));
    colour();
  });
  const node = h("section", { class: "triggers", aria: { label: "Trigger examples" } },
    h("div", { class: "row between" }, h("h2", null, "Trigger examples"), h("div", { class: "row" }, poles, tokens)),
    h("div", { class: "row between legend-row" }, legend(page), h("span", { class: "row" }, status, stop)),
    list);
  show();

  function show() {
    const entry = state.lists.get(state.pole);
    entry.node ??= build(entry);
    rowsOf(state.pole).forEach((row) => row.limit(limitOf(state.context)));
    replace(list, entry.node);
  }

  function build(entry) {
    entry.rows = [];
    if (entry.pole.total === 0) {
      return absent(`The memory never fires on this side: no text has a ${entry.pole.name} coefficient.`);
    }
    const items = h("ol", { class: memory.poles.length > 1 ? "trigger-list gated" : "trigger-list" }, entry.triggers.map((trigger) => item(entry, trigger)));
    const more = h("button", { type: "button", class: "more" });
    const foot = h("p", { class: "row trigger-foot" }, more, h("span", { class: "hint" }, footnote(entry.pole)));
    more.addEventListener("click", async () => {
      more.disabled = true;
      try {
        const next = await get(`/api/memories/${memory.id}/triggers`, { pole: entry.pole.name, offset: entry.triggers.length, count: 25 }, page.signal);
        entry.triggers = [...entry.triggers, ...next.triggers];
        items.append(...next.triggers.map((trigger) => item(entry, trigger)));
        entry.rows.forEach((row) => row.limit(limitOf(state.context)));
        announce(`${entry.triggers.length} of ${entry.pole.total} triggers are shown.`);
        offerMore();
        await colour();
      } catch (failure) {
        if (failure.name !== "AbortError") {
          replace(foot, h("span", { class: "error" }, failure.message));
        }
      } finally {
        more.disabled = false;
      }
    });
    offerMore();
    return h("div", null, patterns(entry.pole), items, foot);

    function offerMore() {
      const left = entry.pole.total - entry.triggers.length;
      more.hidden = left <= 0 || page.site;
      more.textContent = `${Math.min(25, left)} more (${count(entry.triggers.length)} of ${count(entry.pole.total)} shown)`;
    }
  }

  function item(entry, trigger) {
    const row = memoryText(trigger.text, trigger.position, trigger.target === null ? null : trigger.position + 1, page.scale,
      `Trigger ${trigger.rank + 1}, coefficient ${short(trigger.coefficient)}. Arrow keys go through its tokens.`);
    const stored = page.coloured?.[trigger.text.unit];
    if (stored) {
      row.colour(stored.from, stored.values);
    }
    entry.rows.push(row);
    return h("li", null, h("div", { class: "figures" },
      h("span", { class: "rank" }, trigger.rank + 1), coefficient(trigger.coefficient), signs(trigger)),
    row.node,
    h("div", { class: "where hint", title: `${trigger.text.file}, byte ${count(trigger.text.offset)}` }, `text ${count(trigger.text.unit)}, token ${trigger.position + 1} of ${trigger.text.length}`));
  }

  function rowsOf(pole) {
    return state.lists.get(pole).rows ?? [];
  }

  async function colour() {
    if (!page.canCompute) {
      return;
    }
    await colourTexts(page, rowsOf(state.pole), status, stop);
  }

  return { node, colour };
}

// With three digits even where the last ones are zeros, so that a column of them is even.
export function coefficient(value) {
  const size = Math.abs(value);
  return number(value, value !== null && size >= 0.001 && size < 1000 ? value.toPrecision(3) : undefined);
}

function limitOf(value) {
  return value === "all" ? null : Number(value);
}

function signs(trigger) {
  if (trigger.signs === null || trigger.signs === undefined) {
    return trigger.routerWeight === null || trigger.routerWeight === undefined ? null : h("span", { class: "signs", title: "the router's weight" }, "router ", number(trigger.routerWeight));
  }
  return h("span", { class: "signs", title: `gate ${short(trigger.gate)}: the signs of the gate's and of the linear part's pre-activation` }, trigger.signs.replaceAll("-", "−").replace("in", " in"));
}

function footnote(pole) {
  return pole.threshold === null || pole.threshold === undefined
    ? `All ${count(pole.total)} texts on which the memory fires this way.`
    : `Texts below ${short(pole.threshold)} are not in the list.`;
}

// What the triggers share beyond decoys; nothing where nothing was found or looked for.
function patterns(pole) {
  return (pole.patterns ?? []).length === 0 ? null : h("ul", { class: "label-list", aria: { label: "Patterns" } }, pole.patterns.map((pattern) => h("li", null, text(pattern.text), " ",
    h("span", { class: "hint" }, `${pattern.class}, ${pattern.kind}: ${pattern.coverage} of ${pattern.prefixes} prefixes, lift ${short(pattern.lift)}, q ${short(pattern.q)}`))));
}

function legend(page) {
  const steps = [0.15, 0.5, 1];
  const swatch = (side, share) => {
    const box = h("span", { class: `tk ${side} swatch` }, short((side === "neg" ? -1 : 1) * share * page.scale));
    box.style.setProperty("--a", String(0.62 * share));
    return box;
  };
  return h("p", { class: "legend hint" },
    page.canCompute || page.coloured ? [h("span", null, "coefficient "), page.memory.poles.length > 1 || page.memory.statistics.min < -0.02 * page.scale ? steps.toReversed().map((share) => swatch("neg", share)) : null, steps.map((share) => swatch("pos", share)), " "] : null,
    h("span", { class: "tk fires" }, "fires"), " ", h("span", { class: "tk follows" }, "target"));
}
