// One blind sheet: texts on one side, patterns on the other. Everything works by clicks and by keys alone.
import { h, replace } from "../dom.js";
import { get } from "../api.js";
import { shownName } from "../annotator.js";
import { settled, sheetDraft } from "../sheet-draft.js";
import { choice, notice } from "../parts.js";
import { page } from "../links.js";
import { visible } from "../tokens.js";
import { announce, go, reload } from "../router.js";

const least = 3;
const most = 50;
const kinds = [["shallow", "Shallow"], ["syntactic", "Syntactic"], ["semantic", "Semantic"]];
const kindKeys = { s: "shallow", y: "syntactic", m: "semantic" };
const help = [["j k ↓ ↑", "move"], ["space", "cover"], ["n", "new pattern"], ["1–9", "choose pattern"], ["e", "describe"], ["s y m", "shallow, syntactic, semantic"], ["esc", "back to the texts"], ["[ ]", "sheet before, after"], ["ctrl ⏎", "done and next"]];

export async function load([id], query, signal) {
  const name = query.get("as") ?? "";
  if (name === "") {
    return { nameless: true };
  }
  await settled(id, name);
  return get(`/api/annotate/sheets/${id}`, { annotator: name }, signal);
}

export function title(sheet) {
  return sheet.nameless ? "Annotate" : `Sheet ${sheet.number} of ${sheet.of}`;
}

export function render(sheet, { signal }) {
  if (sheet.nameless) {
    return notice("Who are you?", "A sheet is annotated under a name. ", h("p", null, h("a", { href: page("annotate") }, "Give your name")));
  }
  const kept = sheet.annotation;
  const status = h("p", { class: "save-state", role: "status" });
  const draft = sheetDraft({
    sheet: sheet.id, annotator: sheet.annotator, kept: kept?.revision ?? 0, content: { patterns: kept?.patterns ?? [], note: kept?.note ?? "", done: kept?.done ?? false }, onState: showState,
  });
  const first = draft.content();
  const work = { patterns: first.patterns.map((pattern) => ({ ...pattern, prefixes: new Set(pattern.prefixes) })), note: first.note, done: first.done, active: first.patterns.length > 0 ? 0 : -1, at: 0 };

  const rows = sheet.prefixes.map(prefixRow);
  const list = h("ol", { class: "prefix-list", aria: { label: "Texts" } }, rows.map((row) => row.item));
  const cards = h("ol", { class: "pattern-list", aria: { label: "Patterns" } });
  const doneMark = h("span", { class: "done-mark" });
  const note = h("textarea", { id: "note", maxlength: 4000, rows: 2, value: work.note, oninput: () => { work.note = note.value; changed(); } });
  const fault = h("p", { class: "error", role: "alert" });
  let inputs = [];
  drawPatterns();
  showState({ state: draft.restored() ? "waiting" : kept ? "saved" : "new", sentence: "" });

  document.addEventListener("keydown", onKey);
  signal.addEventListener("abort", () => {
    document.removeEventListener("keydown", onKey);
    draft.leave();
  });

  return h("div", { class: "sheet" },
    h("div", { class: "sheet-head" },
      h("div", null,
        h("p", { class: "hint crumbs" }, h("a", { href: page("annotate", { as: sheet.annotator }) }, "Annotate"), " · ", shownName(sheet.annotator)),
        h("h1", null, `Sheet ${sheet.number} of ${sheet.of} `, doneMark)),
      h("nav", { class: "row", aria: { label: "Sheets" } },
        step(sheet.previous, "Previous"), step(sheet.next, "Next"))),
    h("p", { class: "hint keys", aria: { label: "Keys" } }, help.map(([key, does]) => h("span", null, h("kbd", null, key), ` ${does}`))),
    h("div", { class: "sheet-work" },
      h("section", { aria: { labelledby: "texts-heading" } },
        h("h2", { id: "texts-heading", class: "small" }, "What do these texts share, above all where they end?"), list),
      h("section", { class: "patterns", aria: { labelledby: "patterns-heading" } },
        h("div", { class: "row patterns-head" }, h("h2", { id: "patterns-heading", class: "small" }, "Patterns"),
          h("button", { type: "button", class: "small", onclick: () => addPattern(true) }, "New pattern")),
        cards,
        h("details", { open: work.note !== "" }, h("summary", null, "Note"), h("label", { for: "note", class: "unseen" }, "Note"), note),
        fault,
        h("div", { class: "row finish" }, h("button", { type: "button", class: "primary", onclick: finish }, "Done and next"), status))));

  function step(id, label) {
    return id ? h("a", { class: "button small", href: page(`annotate/sheet/${id}`, { as: sheet.annotator }) }, label) : h("span", { class: "button small off", aria: { disabled: true } }, label);
  }

  function prefixRow(prefix, place) {
    const chips = h("span", { class: "chips" });
    const space = prefix.last.trim() === "" ? 0 : prefix.last.length - prefix.last.trimStart().length;   // the space before a word is no part of the mark
    const button = h("button", { type: "button", class: "prefix", tabindex: place === 0 ? 0 : -1, onclick: () => { point(place); toggle(place); }, onfocus: () => point(place) },
      h("span", { class: "prefix-number", aria: { hidden: true } }, String(place + 1)),
      h("bdi", { class: "prefix-text" }, prefix.cut ? "…" : "", visible(prefix.before + prefix.last.slice(0, space)), h("mark", null, visible(prefix.last.slice(space)))),
      chips);
    return { item: h("li", null, button), button, chips };
  }

  // Which text the keys are at.
  function point(place) {
    rows[work.at].button.tabIndex = -1;
    work.at = place;
    rows[place].button.tabIndex = 0;
  }

  function toggle(place) {
    if (work.active < 0) {
      addPattern(false);
    }
    const covered = work.patterns[work.active].prefixes;
    if (!covered.delete(place)) {
      covered.add(place);
    }
    changed();
    refresh();
    announce(`Text ${place + 1} ${covered.has(place) ? "is covered by" : "is no longer covered by"} pattern ${work.active + 1}`);
  }

  function addPattern(describe) {
    if (work.patterns.length >= most) {
      fault.textContent = `A sheet has at most ${most} patterns.`;
      return;
    }
    work.patterns.push({ text: "", kind: "shallow", prefixes: new Set() });
    work.active = work.patterns.length - 1;
    drawPatterns();
    changed();
    if (describe) {
      inputs[work.active].focus();
    }
  }

  function removePattern(index) {
    work.patterns.splice(index, 1);
    work.active = Math.min(work.active, work.patterns.length - 1);
    drawPatterns();
    changed();
    rows[work.at].button.focus();
  }

  function activate(index) {
    if (index !== work.active && index < work.patterns.length) {
      work.active = index;
      refresh();
      announce(`Pattern ${index + 1}: ${work.patterns[index].text || "not described yet"}`);
    }
  }

  function drawPatterns() {
    inputs = work.patterns.map((pattern, index) => h("input", { type: "text", maxlength: 500, value: pattern.text, autocomplete: "off", placeholder: "What the texts share", aria: { label: `Pattern ${index + 1}` },
      onfocus: () => activate(index),
      oninput: (event) => { pattern.text = event.target.value; changed(); },
      onkeydown: (event) => {
        if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
          event.preventDefault();
          rows[work.at].button.focus();
        }
      } }));
    replace(cards, work.patterns.length === 0 ? h("li", { class: "hint empty" }, "None yet. Choose texts that share something: the first one begins a pattern. A sheet without any pattern is a finding too.")
      : work.patterns.map((pattern, index) => h("li", { class: `pattern p${index % 6}`, onclick: () => activate(index) },
        h("div", { class: "pattern-line" },
          h("button", { type: "button", class: "pattern-number", aria: { label: `Choose pattern ${index + 1}` }, onclick: () => activate(index) }, String(index + 1)),
          inputs[index],
          h("button", { type: "button", class: "quiet icon small", aria: { label: `Remove pattern ${index + 1}` }, title: "Remove", onclick: (event) => { event.stopPropagation(); removePattern(index); } }, "✕")),
        h("div", { class: "pattern-line" },
          choice(`kind-${index}`, h("span", { class: "unseen" }, "Kind"), kinds, pattern.kind, (kind) => { pattern.kind = kind; activate(index); changed(); }),
          h("span", { class: "covered hint" })))));
    refresh();
  }

  // Puts what is chosen and covered into the page, without making anything anew.
  function refresh() {
    rows.forEach((row, place) => {
      const covering = work.patterns.flatMap((pattern, index) => pattern.prefixes.has(place) ? [index] : []);
      row.button.setAttribute("aria-pressed", String(covering.includes(work.active)));
      replace(row.chips, covering.map((index) => h("span", { class: `chip p${index % 6}` }, h("span", { class: "unseen" }, "pattern "), String(index + 1))));
    });
    [...cards.querySelectorAll(".pattern")].forEach((card, index) => {
      const size = work.patterns[index].prefixes.size;
      card.classList.toggle("active", index === work.active);
      card.querySelector(".pattern-number").setAttribute("aria-pressed", String(index === work.active));
      const covered = card.querySelector(".covered");
      covered.textContent = `${size} of ${rows.length}${size < least ? `, needs ${least}` : ""}`;
      covered.classList.toggle("few", size < least);
    });
    doneMark.textContent = work.done ? "✓ done" : "";
  }

  function contentOf() {
    return { patterns: work.patterns.map((pattern) => ({ text: pattern.text.trim(), kind: pattern.kind, prefixes: [...pattern.prefixes].sort((a, b) => a - b) })), note: work.note, done: work.done };
  }

  function changed() {
    fault.textContent = "";
    // A sheet that was done stays so, unless a pattern is left without words.
    work.done = work.done && work.patterns.every((pattern) => pattern.text.trim() !== "");
    doneMark.textContent = work.done ? "✓ done" : "";
    draft.change(contentOf());
  }

  async function finish() {
    const nameless = work.patterns.findIndex((pattern) => pattern.text.trim() === "");
    if (nameless >= 0) {
      fault.textContent = `Pattern ${nameless + 1} has no description: say in a few words what its texts share, or remove it.`;
      activate(nameless);
      inputs[nameless].focus();
      return;
    }
    work.done = true;
    draft.change(contentOf());
    refresh();
    if (await draft.flush()) {
      go(sheet.nextOpen ? page(`annotate/sheet/${sheet.nextOpen}`, { as: sheet.annotator }) : page("annotate", { as: sheet.annotator }));
    }
  }

  function showState({ state, sentence }) {
    status.dataset.state = state;
    if (state === "conflict") {
      replace(status, `Not saved: ${sentence} `,
        h("button", { type: "button", class: "small", onclick: () => { draft.giveUp(); reload(); } }, "Show what is kept"), " ",
        h("button", { type: "button", class: "small", onclick: keepMine }, "Keep what stands here"));
      return;
    }
    replace(status, { new: "", saved: "Saved", saving: "Saving…", waiting: "Not saved yet…", failed: `Not saved: ${sentence}` }[state]);
  }

  async function keepMine() {
    try {
      const theirs = await get(`/api/annotate/sheets/${sheet.id}`, { annotator: sheet.annotator });
      await draft.insist(theirs.annotation?.revision ?? 0);
    } catch (failure) {
      showState({ state: "failed", sentence: failure.message });
    }
  }

  function onKey(event) {
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
      event.preventDefault();
      finish();
      return;
    }
    const target = event.target;
    const types = target.matches("textarea, select, input:not([type=radio])");
    if (event.key === "Escape" && (types || target.closest(".patterns"))) {
      event.preventDefault();
      rows[work.at].button.focus();
      return;
    }
    if (types || event.ctrlKey || event.metaKey || event.altKey || target.closest("#top")) {
      return;
    }
    const onText = target.classList.contains("prefix");
    const arrows = !target.matches("input[type=radio]");
    if (event.key === "j" || (event.key === "ArrowDown" && arrows)) {
      move(onText ? 1 : 0);
    } else if (event.key === "k" || (event.key === "ArrowUp" && arrows)) {
      move(onText ? -1 : 0);
    } else if (event.key === " " && !target.closest("button, a, summary, input")) {
      toggle(work.at);
    } else if (event.key === "n") {
      addPattern(true);
    } else if (/^[1-9]$/.test(event.key)) {
      activate(Number(event.key) - 1);
    } else if (event.key === "e" && work.active >= 0) {
      inputs[work.active].focus();
    } else if (kindKeys[event.key] && work.active >= 0) {
      work.patterns[work.active].kind = kindKeys[event.key];
      cards.querySelectorAll(".pattern")[work.active].querySelector(`input[value="${kindKeys[event.key]}"]`).checked = true;
      changed();
      announce(kindKeys[event.key]);
    } else if ((event.key === "[" && sheet.previous) || (event.key === "]" && sheet.next)) {
      go(page(`annotate/sheet/${event.key === "[" ? sheet.previous : sheet.next}`, { as: sheet.annotator }));
    } else {
      return;
    }
    event.preventDefault();
  }

  function move(by) {
    point(Math.min(rows.length - 1, Math.max(0, work.at + by)));
    const button = rows[work.at].button;
    button.focus({ preventScroll: true });
    button.scrollIntoView({ block: "nearest" });
  }
}
