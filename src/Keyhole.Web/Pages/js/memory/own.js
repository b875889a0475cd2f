// A text of the reader's own: this memory on it as it is typed.
import { post } from "../api.js";
import { h, replace } from "../dom.js";
import { short } from "../format.js";
import { remember } from "../router.js";
import { isSpecial, memoryText } from "./text.js";

const pause = 180;           // milliseconds without a key
const longestKept = 500;     // characters of it that the address keeps

export function ownSection(page) {
  const input = h("textarea", { id: "own-text", rows: 2, maxlength: 2000, spellcheck: "false", placeholder: "Type a sentence to see this memory on it", value: page.query.get("own") ?? "", oninput: later });
  const output = h("div", { class: "own-output", aria: { live: "polite" } });
  const node = h("section", { class: "own card", aria: { label: "A text of your own" } },
    h("div", { class: "field" }, h("label", { for: "own-text" }, "A text of your own"), input), output);
  let timer = 0;
  let running = null;

  function later() {
    clearTimeout(timer);
    running?.abort();
    timer = setTimeout(run, pause);
  }

  async function run() {
    const text = input.value;
    remember({ own: text.length <= longestKept ? text : null });
    if (text === "") {
      replace(output);
      return;
    }
    const abort = running = new AbortController();
    const leave = () => abort.abort();
    page.signal?.addEventListener("abort", leave);
    try {
      show(await post(`/api/memories/${page.memory.id}/own`, { text }, abort.signal));
    } catch (failure) {
      if (failure.name !== "AbortError") {
        replace(output, h("p", { class: "error hint" }, failure.message));
      }
    } finally {
      page.signal?.removeEventListener("abort", leave);
    }
  }

  function show(answer) {
    if (answer.values.length === 0) {
      replace(output, h("p", { class: "hint" }, "This text has no token."));
      return;
    }
    const first = answer.values.length > 1 && isSpecial(answer.tokens[0]) ? 1 : 0;   // BOS is no part of what was typed
    const most = answer.values.reduce((best, value, index) => (index > first && Math.abs(value) > Math.abs(answer.values[best]) ? index : best), first);
    const row = memoryText({ unit: -1, first: 0, length: answer.tokens.length, tokens: answer.tokens }, null, null, page.scale, "Your text. Arrow keys go through its tokens.");
    row.colour(0, answer.values);
    replace(output, row.node, h("p", { class: "hint" }, `${answer.tokens.length} tokens; strongest ${short(answer.values[most])} at token ${most + 1}, ${page.scale > 0 ? `${Math.round(100 * Math.abs(answer.values[most]) / page.scale)}% of the memory's largest in the study` : "where the study has none"}`));
  }

  return { node, load: () => (input.value === "" ? undefined : run()) };
}
