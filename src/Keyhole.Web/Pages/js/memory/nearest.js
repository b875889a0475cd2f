// The memories whose keys and values point the same way.
import { get } from "../api.js";
import { h, replace } from "../dom.js";
import { number } from "../format.js";
import { memory as memoryLink } from "../links.js";
import { token } from "../tokens.js";

const names = {
  key: "Keys", gateKey: "Gate keys", value: "Values",
};

export function nearestSection(page) {
  const box = h("div", { class: "nearest" });
  const node = h("section", { aria: { label: "Nearest memories" } }, h("h2", null, "Nearest memories"),
    h("p", { class: "hint" }, "By cosine over all layers, as vectors of the residual stream: keys with the gain of their layer's norm. Beside each what its value promotes."), box);
  if (page.nearest) {
    show(page.nearest);
  }

  function show(nearest) {
    replace(box, nearest.kinds.map((kind) => h("div", { class: "card" },
      h("h3", null, kind.kind === "key" && page.memory.poles.length > 1 ? "Linear keys" : names[kind.kind]),
      kind.eitherWay ? h("p", { class: "hint" }, "those that point the other way too") : null,
      h("ol", { class: "near-list" }, kind.memories.map((near) => h("li", null,
        near.inStudy ? h("a", { href: memoryLink(near.id) }, near.id) : h("span", null, near.id),
        number(near.cosine),
        h("span", { class: "near-tokens" }, near.tokens.map((text) => token(text)))))))));
  }

  async function load() {
    if (page.nearest || !page.canCompute) {
      return;
    }
    replace(box, h("p", { class: "absent" }, "Comparing with the memories of all layers…"));
    try {
      show(await get(`/api/memories/${page.memory.id}/nearest`, null, page.signal));
    } catch (failure) {
      if (failure.name !== "AbortError") {
        replace(box, h("p", { class: "absent error" }, failure.message));
      }
    }
  }

  return { node, load };
}
