// The prompt debugger: a prompt, layer by layer at one of its positions, with interventions beside.
import { get, post } from "../api.js";
import { h, replace } from "../dom.js";
import { page } from "../links.js";
import { absent, notice } from "../parts.js";
import { curve } from "../prompt/curve.js";
import { generationPanel } from "../prompt/generation.js";
import { interventionPanel } from "../prompt/interventions.js";
import { layers } from "../prompt/layers.js";
import { nextTokens } from "../prompt/next.js";
import { strip } from "../prompt/strip.js";
import { wish } from "../prompt/wishes.js";
import { announce, remember } from "../router.js";
import { visible } from "../tokens.js";

const mostInAddress = 4000;   // a server's line of a request is short
const samples = ["The capital of France is", "She opened the door and", "Once upon a time there was a"];

export async function load(params, query, signal) {
  const settings = await get("/api/prompt", null, signal);
  const asked = fromQuery(query);
  const data = { settings, asked, answer: null, failure: null };
  if (asked.text !== "" && settings.model !== "none" && settings.model !== "refused") {
    try {
      data.answer = await post("/api/prompt", request(asked), signal);
    } catch (failure) {
      if (failure.name === "AbortError") {
        throw failure;
      }
      data.failure = failure;
    }
  }
  return data;
}

export function title({ asked }) {
  return asked.text === "" ? "Prompt" : `Prompt: ${visible(asked.text.slice(0, 40))}`;
}

export function render({ settings, asked, answer, failure }, context) {
  if (settings.model === "none" || settings.model === "refused") {
    return h("div", null, h("h1", null, "Prompt"), notice("Prompts need the model", settings.modelReason));
  }
  const state = { asked, answer: null, open: new Set(), abort: null };
  const text = h("textarea", { id: "prompt-text", rows: 2, maxlength: settings.mostCharacters, value: asked.text, spellcheck: "false", placeholder: "Type the beginning of a text", onkeydown: keys });
  const busy = h("span", { class: "busy", role: "status", hidden: true }, "Computing… ", h("button", { type: "button", class: "small", onclick: () => state.abort?.abort() }, "Cancel"));
  const form = h("form", { class: "prompt-form", onsubmit: run },
    h("div", { class: "field" }, h("label", { for: "prompt-text" }, "Prompt"), text),
    h("div", { class: "row" }, h("button", { type: "submit", class: "primary" }, "Run"), busy,
      h("span", { class: "hint" }, "Enter runs, Shift+Enter breaks the line. ", settings.model === "loading" ? "The model is still being loaded." : `At most ${settings.mostTokens} tokens.`)));
  const tokens = h("div");
  const readings = h("div", { class: "prompt-columns" });
  const layerList = h("div");
  const panel = interventionPanel(settings.mostInterventions, (wishes) => change({ wishes }));
  const generation = generationPanel(settings.mostGenerated, () => ({ text: state.asked.text, position: state.asked.position, interventions: state.asked.wishes }), context.signal);
  const actions = {
    off: (name) => change({ wishes: [...state.asked.wishes.filter((one) => one !== wish(name, "off", null, "all")), wish(name, "off", null, "all")] }),
    fill: panel.fill,
    toggle: (layer, isOpen) => state.open[isOpen ? "add" : "delete"](layer),
  };
  const message = h("div", { role: "alert" });
  const results = h("div", { class: "prompt-results" }, tokens, readings, panel.node, layerList, generation.node);
  show(answer, failure);
  return h("div", { class: "prompt" },
    h("h1", null, "Prompt"),
    h("p", { class: "lead" }, "What every layer makes of a prompt at one of its positions, which memories add most, and what changes when some of them are set."),
    form, message, results);

  function keys(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      form.requestSubmit();
    }
  }

  function run(event) {
    event.preventDefault();
    if (text.value !== state.asked.text) {
      state.open.clear();
      change({ text: text.value, position: null });
    } else {
      change({});
    }
  }

  // What is asked changes: the address first, so that "back" undoes it, then what is shown.
  async function change(changes) {
    state.asked = { ...state.asked, ...changes };
    remember(fields(state.asked), true);
    document.title = `${title({ asked: state.asked })} · Keyhole`;
    generation.clear();
    if (state.asked.text === "") {
      show(null, null);
      return;
    }
    state.abort?.abort();
    const abort = new AbortController();
    state.abort = abort;
    const stop = () => abort.abort();
    context.signal.addEventListener("abort", stop);
    results.setAttribute("aria-busy", "true");
    const slow = setTimeout(() => { busy.hidden = false; }, 250);
    try {
      const got = await post("/api/prompt", request(state.asked), abort.signal);
      show(got, null);
      announce(`Position ${got.position} is read.`);
    } catch (refused) {
      if (!abort.signal.aborted) {
        show(null, refused);
      }
    } finally {
      context.signal.removeEventListener("abort", stop);
      clearTimeout(slow);
      if (state.abort === abort) {
        state.abort = null;
        busy.hidden = true;
        results.removeAttribute("aria-busy");
      }
    }
  }

  // Parts are put in place of the old ones all at once; what had the keyboard has it again.
  function show(got, refused) {
    const key = document.activeElement?.dataset?.key;
    state.answer = got;
    panel.show(state.asked.wishes, got?.effect ?? null);
    replace(message, refused === null ? null : notice("This cannot be run", refused.message));
    const empty = got === null;
    panel.node.hidden = empty && state.asked.wishes.length === 0;
    generation.node.hidden = empty;
    replace(tokens, empty ? (refused === null ? beginnings() : null) : tokenPart(got));
    replace(readings, empty ? null : [nextTokens(got, (id) => change({ token: null, tokenId: id })), followed(got)]);
    replace(layerList, empty ? null : layers(got, state.open, actions));
    if (key) {
      document.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus({ preventScroll: true });
    }
  }

  function tokenPart(got) {
    return h("section", null,
      h("h2", null, "Tokens"),
      h("p", { class: "hint" }, "Below each token stands what the model predicts behind it (✓ where the prompt goes on so). The framed position is read; choose another.",
        inAddress(state.asked.text) ? null : " This prompt is too long to stand in the page's address."),
      strip(got.tokens, got.position, (position) => change({ position })));
  }

  function followed(got) {
    const word = h("input", { type: "text", id: "follow-word", size: 12, maxlength: 200, value: state.asked.token ?? "", placeholder: "a word", autocomplete: "off", spellcheck: "false" });
    const points = (list, output) => [...list.map((layer, i) => ({ label: `r of layer ${i}`, rank: layer.r.rank, probability: layer.r.probability })), { label: "output", rank: output.rank, probability: output.probability }];
    const shown = visible(got.chosen.text ?? "?");
    return h("section", { class: "card" },
      h("h2", null, "Followed token: ", h("bdi", { class: "token" }, shown)),
      h("form", { class: "row", onsubmit: (event) => { event.preventDefault(); change({ token: word.value === "" ? null : word.value, tokenId: null }); } },
        h("label", { for: "follow-word", class: "hint" }, "Follow"), word, h("button", { type: "submit", class: "small" }, "Follow"),
        got.chosen.isFinal ? h("span", { class: "hint" }, "now: the model's final prediction") : h("button", { type: "button", class: "quiet small", data: { key: "follow-final" }, onclick: () => change({ token: null, tokenId: null }) }, "Follow the final prediction")),
      got.chosen.isCut ? h("p", { class: "hint" }, "The word has more tokens; its first is followed.") : null,
      curve(points(got.layers, got.output), got.effect === null ? null : points(got.effect.layers, got.effect.output), `Rank and probability of ${shown}`));
  }

  function beginnings() {
    return h("div", null, absent("Type a prompt, or begin with one of these:"),
      h("ul", null, samples.map((sample) => h("li", null, h("a", { href: page("prompt", { text: sample }) }, sample)))));
  }
}

function fromQuery(query) {
  const number = (name) => (/^\d{1,9}$/.test(query.get(name) ?? "") ? Number(query.get(name)) : null);
  return {
    text: query.get("text") ?? "",
    position: number("position"),
    token: query.get("token"),
    tokenId: query.get("token") === null ? number("tokenId") : null,
    wishes: (query.get("do") ?? "").split(";").filter((text) => text !== ""),
  };
}

function fields(asked) {
  return {
    text: inAddress(asked.text) ? asked.text : null,
    position: asked.position,
    token: asked.token,
    tokenId: asked.tokenId,
    do: asked.wishes.join(";"),
  };
}

function inAddress(text) {
  return encodeURIComponent(text).length <= mostInAddress;
}

function request(asked) {
  return { text: asked.text, position: asked.position, token: asked.token, tokenId: asked.tokenId, interventions: asked.wishes };
}
