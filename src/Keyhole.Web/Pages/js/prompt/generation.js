// Tokens generated behind the position, without and with interventions side by side, as they come.
import { postLines } from "../api.js";
import { h, replace } from "../dom.js";
import { percent } from "../format.js";
import { visible } from "../tokens.js";

// body(): the request's text, position and interventions. Returns { node, clear() }.
export function generationPanel(most, body, signal) {
  const state = { abort: null };
  const count = h("input", { type: "number", id: "generate-count", min: 1, max: most, value: 20, required: true });
  const temperature = h("input", { type: "number", id: "generate-temperature", min: 0, max: 5, step: "any", value: 0, required: true });
  const seed = h("input", { type: "number", id: "generate-seed", min: 0, step: 1, value: 0, required: true });
  const start = h("button", { type: "submit" }, "Generate");
  const stop = h("button", { type: "button", hidden: true, onclick: () => state.abort?.abort() }, "Stop");
  const status = h("span", { class: "hint", role: "status" });
  const output = h("div", { class: "generated" });
  signal.addEventListener("abort", () => state.abort?.abort());
  const node = h("section", { class: "card" },
    h("h2", null, "Go on"),
    h("p", { class: "hint" }, "Tokens behind the position that is read. At temperature 0 the most probable one each time; above it they are drawn, with the same random numbers without and with interventions."),
    h("form", { class: "row end", onsubmit: generate },
      field("tokens", count), field("temperature", temperature), field("seed", seed), h("div", { class: "row field" }, start, stop, status)),
    output);
  return { node, clear };

  function clear() {
    state.abort?.abort();
    replace(output);
    status.textContent = "";
  }

  async function generate(event) {
    event.preventDefault();
    clear();
    const abort = new AbortController();
    state.abort = abort;
    const request = body();
    const sides = { plain: side("Without interventions"), changed: request.interventions.length === 0 ? null : side("With interventions") };
    replace(output, sides.plain.node, sides.changed?.node);
    running(true);
    let made = 0;
    try {
      await postLines("/api/prompt/generate", { ...request, tokens: count.valueAsNumber, temperature: temperature.valueAsNumber, seed: seed.valueAsNumber }, (line) => {
        if (line.error) {
          status.textContent = line.error.message;
          return;
        }
        if (line.step === null || line.step === undefined) {
          return;
        }
        made = line.step + 1;
        status.textContent = `${made} of ${count.value}`;
        const differs = sides.changed !== null && line.plain?.id !== line.changed?.id;
        sides.plain.add(line.plain, false);
        sides.changed?.add(line.changed, differs);
      }, abort.signal);
      status.textContent = status.textContent === `${made} of ${count.value}` ? `${made} tokens` : status.textContent;
    } catch (failure) {
      status.textContent = abort.signal.aborted ? (made > 0 ? `Stopped after ${made}.` : "") : failure.message;
    } finally {
      if (state.abort === abort) {
        running(false);
        state.abort = null;
      }
    }
  }

  function running(isRunning) {
    start.disabled = isRunning;
    stop.hidden = !isRunning;
  }
}

function side(name) {
  const text = h("p", { class: "generated-text", dir: "auto" });
  return {
    node: h("div", { class: "generated-side" }, h("h3", null, name), text),
    add: (token, differs) => token && text.append(h("span", {
      class: `made${differs ? " is-other" : ""}${token.ends ? " is-end" : ""}`,
      title: `${percent(token.probability)}${token.ends ? ", the text ends" : ""}${differs ? ", another than without" : ""}`,
      style: { "--p": token.probability },
    }, token.text === null ? "?" : visible(token.text))),
  };
}

function field(text, input) {
  return h("div", { class: "field" }, h("label", { for: input.id }, text), input);
}
