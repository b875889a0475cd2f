// The line above every page: name, pages, a memory to go to, light or dark.
import { h } from "./dom.js";
import { home, memory, page } from "./links.js";
import { go } from "./router.js";
import { theme, turnTheme } from "./theme.js";

const themeNames = { system: "Colours: as the system", light: "Colours: light", dark: "Colours: dark" };
const themeMarks = { system: "◐", light: "○", dark: "●" };

export function header(study) {
  return h("div", { class: "bar" },
    h("a", { class: "brand", href: home(), title: `Overview of ${study.name}` }, "Keyhole"),
    h("nav", { aria: { label: "Pages" } },
      h("a", { href: home() }, "Overview"),
      h("a", { href: page("prompt") }, "Prompt"),
      h("a", { href: page("search") }, "Search"),
      h("a", { href: page("claims") }, "Claims"),
      h("a", { href: page("annotate") }, "Annotate")),
    goTo(study),
    themeButton());
}

// The line above pages of a static site.
export function siteHeader(study) {
  return h("div", { class: "bar" },
    h("a", { class: "brand", href: home(), title: `All memories of ${study.name}` }, "Keyhole"),
    h("nav", { aria: { label: "Pages" } }, h("a", { href: home() }, "All memories")),
    themeButton());
}

function themeButton() {
  const button = h("button", { type: "button", class: "quiet icon", title: themeNames[theme()], aria: { label: themeNames[theme()] }, onclick: turn }, themeMarks[theme()]);

  function turn() {
    const chosen = turnTheme();
    button.textContent = themeMarks[chosen];
    button.title = themeNames[chosen];
    button.setAttribute("aria-label", themeNames[chosen]);
  }

  return button;
}

// Notations of the command and the paper: L12N3456, 12/3456, 12.3456, 12:3456, k^13_3456 (layers from 1).
export function memoryNamed(text) {
  const trimmed = text.trim();
  const plain = /^L(\d+)(?:E(\d+))?[ND](\d+)$/i.exec(trimmed);
  if (plain) {
    return `L${Number(plain[1])}${plain[2] === undefined ? "" : `E${Number(plain[2])}`}N${Number(plain[3])}`;
  }
  const pair = /^(\d+)[/.:](\d+)$/.exec(trimmed);
  if (pair) {
    return `L${Number(pair[1])}N${Number(pair[2])}`;
  }
  const paper = /^[kv]\^(\d+)_(\d+)$/i.exec(trimmed);
  return paper && Number(paper[1]) > 0 ? `L${Number(paper[1]) - 1}N${Number(paper[2])}` : null;
}

// A memory's name goes to its page; other words are searched.
function goTo(study) {
  const input = h("input", { type: "text", name: "memory", placeholder: `${study.experts > 0 ? "L3E2N77" : "L3N128"} or words`, size: 14, maxlength: 200, autocomplete: "off", spellcheck: "false", title: "A memory such as L12N3456, 12/3456 or k^13_3456, or words to search (key: /)", aria: { label: "Go to a memory, or search words", keyshortcuts: "/" } });
  return h("form", { class: "goto", role: "search", onsubmit: (event) => {
    event.preventDefault();
    const id = memoryNamed(input.value);
    if (id || input.value.trim() !== "") {
      input.blur();
      go(id ? memory(id) : page("search", { q: input.value.trim() }));
      input.value = "";
    }
  } }, input, h("button", { type: "submit", class: "quiet" }, "Go"));
}
