// The prompt's tokens, each with what the model predicts behind it; one of them is the position that is read.
import { h } from "../dom.js";
import { percent } from "../format.js";
import { visible } from "../tokens.js";

// onchoose: called with a position.
export function strip(tokens, position, onchoose) {
  const chips = tokens.map((entry, i) => chip(entry, tokens[i + 1], i));
  return h("div", { class: "strip", role: "toolbar", aria: { label: "Positions of the prompt; arrow keys move, Enter reads one" }, onkeydown: move }, chips);

  function chip(entry, following, i) {
    const right = following !== undefined && following.id === entry.next.id;
    const shown = shownText(entry.text);
    const next = shownText(entry.next.text);
    return h("button", {
      type: "button", class: `chip${i === position ? " is-read" : ""}`, tabindex: i === position ? 0 : -1,
      data: { key: `position-${i}` },
      aria: { pressed: i === position ? "true" : "false", label: `Position ${i}, ${shown}: the model predicts ${next}, ${percent(entry.next.probability)}${right ? ", as the prompt goes on" : ""}` },
      title: `position ${i}, token ${entry.id}; predicts ${next} with ${percent(entry.next.probability)}`,
      onclick: () => onchoose(i),
    },
    h("bdi", { class: "chip-token" }, shown),
    h("span", { class: "chip-next" }, right ? h("span", { class: "chip-right" }, "✓") : null, h("bdi", null, next)),
    h("span", { class: "chip-share", style: { "--p": entry.next.probability } }));
  }

  function move(event) {
    const at = chips.indexOf(document.activeElement);
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: chips.length - 1 }[event.key];
    if (at >= 0 && to !== undefined && chips[to]) {
      event.preventDefault();
      chips[at].tabIndex = -1;
      chips[to].tabIndex = 0;
      chips[to].focus();
    }
  }
}

function shownText(text) {
  if (text === null) {
    return "?";
  }
  return text === "" ? "∅" : visible(text);
}
