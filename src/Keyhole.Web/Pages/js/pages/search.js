// Search as in the command, with results as one types.
import { ApiError, get } from "../api.js";
import { h, replace } from "../dom.js";
import { count, four, percent, short } from "../format.js";
import { memory } from "../links.js";
import { absent, choice, field } from "../parts.js";
import { announce, remember } from "../router.js";
import { text, token } from "../tokens.js";

const pause = 150;
const firstLimit = 20;
const mostLimit = 500;
const names = ["q", "in", "regex", "target", "ignoreCase", "layers"];

export async function load(params, query, signal) {
  const fields = Object.fromEntries(names.map((name) => [name, query.get(name) ?? ""]));
  return { fields, outcome: await find(fields, firstLimit, signal) };
}

export function title(data) {
  return data.fields.q ? `Search: ${data.fields.q}` : "Search";
}

export function render(data, context) {
  const state = { fields: { ...data.fields }, limit: firstLimit, timer: 0, abort: null };
  const results = h("div", { class: "results" });
  const status = h("p", { class: "hint search-status", id: "search-status" });

  const q = h("input", { type: "search", id: "search-q", class: "search-field", value: state.fields.q, placeholder: "a token, a word, or several", maxlength: 200, autocomplete: "off", spellcheck: "false", autocapitalize: "none",
    aria: { describedby: "search-status", keyshortcuts: "/" }, oninput: () => change("q", q.value) });
  const regex = small("regex", "(19|20)[0-9]*$");
  const target = small("target", ",");
  const layers = small("layers", "0,2-3");
  const ignoreCase = h("input", { type: "checkbox", id: "search-case", checked: state.fields.ignoreCase === "true", onchange: () => change("ignoreCase", ignoreCase.checked ? "true" : "") });

  function small(name, placeholder) {
    const input = h("input", { type: "text", id: `search-${name}`, value: state.fields[name], placeholder, maxlength: 200, autocomplete: "off", spellcheck: "false", oninput: () => change(name, input.value) });
    return input;
  }

  // What is typed is looked for after a pause; a search that is under way is given up.
  function change(name, value) {
    state.fields[name] = value;
    state.limit = firstLimit;
    clearTimeout(state.timer);
    state.abort?.abort();
    state.timer = setTimeout(search, name === "in" || name === "ignoreCase" ? 0 : pause);
  }

  async function search() {
    const abort = new AbortController();
    state.abort = abort;
    remember(state.fields, false);
    document.title = `${title({ fields: state.fields })} · Keyhole`;
    const slow = setTimeout(() => replace(status, "Searching …"), 250);
    try {
      const outcome = await find(state.fields, state.limit, AbortSignal.any([abort.signal, context.signal]));
      show(outcome);
      announce(status.textContent);
    } catch (failure) {
      if (failure.name !== "AbortError") {
        throw failure;
      }
    } finally {
      clearTimeout(slow);
    }
  }

  function show(outcome) {
    const { found, refusal } = outcome;
    if (refusal) {
      replace(status, h("span", { class: "error" }, refusal));
      replace(results);
      return;
    }
    if (!found) {
      replace(status, "Tokens are looked for among what values promote and demote; words among the texts where memories fire.");
      replace(results, examples());
      return;
    }
    replace(status, summary(found));
    replace(results,
      found.notes.map((note) => absent(note)),
      found.promoting ? valueGroup("Promoted by", "Memories whose value has the token among its top ones", found.promoting, false) : null,
      found.demoting ? valueGroup("Demoted by", "Memories whose value has the token among its bottom ones", found.demoting, true) : null,
      found.triggers ? triggerGroup(found.triggers) : null,
      found.labels ? labelGroup(found.labels) : null);
  }

  function more(group) {
    return group.count > group.matches.length && state.limit < mostLimit
      ? h("button", { type: "button", class: "small", onclick: () => {
        state.limit = Math.min(mostLimit, state.limit * 5);
        search();
      } }, `Show more (${count(group.count - group.matches.length)} left)`) : null;
  }

  function section(heading, hint, group, list) {
    return h("section", { class: "result-group", aria: { label: heading } }, h("h2", null, heading, " ", h("span", { class: "num" }, count(group.count)), h("span", { class: "hint" }, hint)),
      group.count === 0 ? h("p", { class: "hint" }, "None.") : list, more(group));
  }

  function valueGroup(heading, hint, group, demoted) {
    return section(heading, hint, group, h("ul", { class: "result-list values" }, group.matches.map((match) => h("li", null,
      h("a", { href: memory(match.id), class: "result" },
        h("span", { class: "result-name" }, match.id), token(match.text),
        h("span", { class: "num", title: `rank ${match.rank} from 0` }, `#${match.rank + 1}`),
        h("span", { class: "num", title: `logit ${four(match.logit)}, probability ${four(100 * match.probability)}%` }, demoted ? `z = ${short(match.logit)}` : percent(match.probability)))))));
  }

  function triggerGroup(group) {
    return section("Fires at", "Memories with the words, or the pattern, in their triggers", group, h("ul", { class: "result-list" }, group.matches.map((match) => h("li", null,
      h("a", { href: memory(match.id), class: "result wide" },
        h("span", { class: "result-name" }, match.id, match.pole === "negative" ? h("span", { class: "pole" }, " negative pole") : null),
        h("span", { class: "result-text" }, match.cut ? "…" : "", text(match.before), match.match ? h("mark", null, text(match.match)) : null, text(match.after),
          match.target ? [" ", h("span", { class: "num" }, "→"), " ", token(match.target)] : null),
        h("span", { class: "num", title: `Of ${match.triggers} triggers ${match.matches} match; the best is number ${match.rank + 1}, its coefficient ${four(match.coefficient)}` },
          `${count(match.matches)} of ${count(match.triggers)}, best #${match.rank + 1}, m = ${short(match.coefficient)}`))))));
  }

  function labelGroup(group) {
    return section("Labelled", "Memories whose labels hold the words", group, h("ul", { class: "result-list" }, group.matches.map((match) => h("li", null,
      h("a", { href: memory(match.id), class: "result wide" },
        h("span", { class: "result-name" }, match.id),
        h("span", { class: "result-text" }, text(match.before), h("mark", null, text(match.match)), text(match.after)),
        h("span", { class: "num" }, `${match.kind}, by ${match.annotator}`))))));
  }

  function examples() {
    return h("p", { class: "hint" }, "For example: ", [["the"], ["Monday"], ["in the"]].map(([word], i) => [i ? ", " : "", h("button", { type: "button", class: "small", onclick: () => {
      q.value = word;
      change("q", word);
      q.focus();
    } }, word)]));
  }

  const node = h("div", { class: "search", onkeydown: (event) => walk(event, q, results) },
    h("h1", null, "Search"),
    h("form", { role: "search", onsubmit: (event) => {
      event.preventDefault();
      clearTimeout(state.timer);
      search();
    } },
      h("label", { for: "search-q", class: "unseen" }, "Token or words"), q,
      h("div", { class: "row search-options" },
        choice("in", "Look in", [["", "everything"], ["values", "values"], ["triggers", "triggers"], ["labels", "labels"]], ["values", "triggers", "labels"].includes(state.fields.in) ? state.fields.in : "", (value) => change("in", value)),
        h("label", { class: "check" }, ignoreCase, " ignore case"),
        h("span", { class: "hint keys" }, h("kbd", null, "/"), " field ", h("kbd", null, "↓"), h("kbd", null, "↑"), " results ", h("kbd", null, "↵"), " open")),
      h("details", { class: "search-more", open: state.fields.regex !== "" || state.fields.target !== "" || state.fields.layers !== "" }, h("summary", null, "Pattern, target, layers"),
        h("div", { class: "grid" },
          field("Pattern", regex, "a regular expression that the prefix matches; $ is where the memory fires"),
          field("Target", target, "the token after the prefix"),
          field("Layers", layers, "from 0; empty for all")))),
    status,
    results);
  show(data.outcome);
  context.onMount(() => {
    if (!results.querySelector(".result")) {
      q.focus({ preventScroll: true });
    }
  });
  context.signal.addEventListener("abort", () => {
    clearTimeout(state.timer);
    state.abort?.abort();
  });
  return node;
}

async function find(fields, limit, signal) {
  if (!["q", "regex", "target"].some((name) => fields[name].trim() !== "")) {
    return {};
  }
  try {
    return { found: await get("/api/search", { ...fields, limit }, signal) };
  } catch (failure) {
    if (failure instanceof ApiError) {
      return { refusal: failure.message };
    }
    throw failure;
  }
}

function summary(found) {
  const parts = [
    found.promoting ? `${count(found.promoting.count)} promote it` : null,
    found.demoting ? `${count(found.demoting.count)} demote it` : null,
    found.triggers ? `${count(found.triggers.count)} fire there` : null,
    found.labels ? `${count(found.labels.count)} have it in a label` : null,
  ].filter((part) => part !== null);
  return parts.length === 0 ? "Nothing was searched." : `${parts.join(", ")} (${short(found.elapsedMs)} ms).`;
}

// Arrows go from the field through the results and back.
function walk(event, input, results) {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") {
    return;
  }
  const links = [...results.querySelectorAll(".result")];
  const at = links.indexOf(document.activeElement);
  if ((at < 0 && document.activeElement !== input) || links.length === 0) {
    return;
  }
  const to = event.key === "ArrowDown" ? Math.min(at + 1, links.length - 1) : at - 1;
  if (to < 0 && at < 0) {
    return;
  }
  event.preventDefault();
  (to < 0 ? input : links[to]).focus();
}
