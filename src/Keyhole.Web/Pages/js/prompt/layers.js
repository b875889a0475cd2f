// Every layer at the position: the residual before, what the layer adds, the residual after, the kind of step; opened, the memories that add most.
import { h } from "../dom.js";
import { four, number, percent, percentage } from "../format.js";
import { memory } from "../links.js";
import { token } from "../tokens.js";

const steps = {
  residual: "The layer's prediction is the residual's: its own update points elsewhere.",
  ffn: "The layer's prediction is its update's, against the residual.",
  agreement: "Residual, update and result have the same token on top.",
  composition: "The layer's prediction is neither the residual's nor its update's.",
  overruled: "Residual and update have the same token on top, and the result has another.",
};

// actions: { off(name), fill(name, kind), toggle(layer, isOpen) }; open: a set of layers.
export function layers(answer, open, actions) {
  return h("section", null,
    h("h2", null, "Layer by layer"),
    h("p", { class: "hint" },
      "r is the residual before the feed-forward layer's addition, y what it adds, o the residual after. r and o are read by the model's own head, y by the ", answer.readout,
      " readout, whose probabilities are those of softmax over y alone. The followed token is framed."),
    answer.notes.map((note) => h("p", { class: "hint" }, `Note: ${note}.`)),
    h("p", { class: "layer-tools" },
      h("button", { type: "button", class: "small", onclick: () => all(true) }, "Open all"), " ",
      h("button", { type: "button", class: "small", onclick: () => all(false) }, "Close all")),
    h("div", { class: "layer-heads", aria: { hidden: "true" } }, h("span", null, "layer"), h("span", null, "before (r)"), h("span", null, "update (y)"), h("span", null, "after (o)"), h("span", null, "step")),
    h("ol", { class: "layers", start: 0 }, answer.layers.map((layer, i) => row(layer, answer.effect === null ? null : answer.effect.layers[i], answer, open, actions))));

  function all(wanted) {
    document.querySelectorAll(".layer-open").forEach((button) => {
      if ((button.getAttribute("aria-expanded") === "true") !== wanted) {
        button.click();
      }
    });
  }
}

function row(layer, changed, answer, open, actions) {
  const id = `layer-${layer.layer}`;
  const body = h("div", { class: "layer-body", id, hidden: !open.has(layer.layer) });
  const button = h("button", {
    type: "button", class: "layer-open quiet", data: { key: id }, aria: { expanded: open.has(layer.layer) ? "true" : "false", controls: id, label: `Layer ${layer.layer}: tokens and memories` },
    onclick: toggle,
  }, h("span", { class: "turn", aria: { hidden: "true" } }, "▸"), String(layer.layer));
  if (open.has(layer.layer)) {
    body.append(content());
  }
  return h("li", { class: "layer" },
    h("div", { class: "layer-row" },
      button,
      state("before", layer.r, changed?.r, answer.chosen.id),
      state("update", layer.y, changed?.y, answer.chosen.id),
      state("after", layer.o, changed?.o, answer.chosen.id),
      h("span", { class: "steps" }, step(layer.step), changed !== null && changed.step !== layer.step ? [h("span", { class: "unseen" }, " with interventions "), step(changed.step, true)] : null)),
    body);

  function toggle() {
    const isOpen = body.hidden;
    if (isOpen && body.childElementCount === 0) {
      body.append(content());
    }
    body.hidden = !isOpen;
    button.setAttribute("aria-expanded", String(isOpen));
    actions.toggle(layer.layer, isOpen);
  }

  function content() {
    return h("div", null,
      h("div", { class: "tops" },
        tops("r, before", layer.r, changed?.r, answer.chosen.id), tops("y, update", layer.y, changed?.y, answer.chosen.id), tops("o, after", layer.o, changed?.o, answer.chosen.id)),
      memories(layer, actions));
  }
}

function step(kind, isChanged) {
  return h("span", { class: `step ${kind}`, title: steps[kind] }, isChanged ? "→ " : null, kind);
}

function state(name, read, changed, chosen) {
  const [first, ...rest] = read.top;
  return h("span", { class: "state", style: { "--p": first.probability } },
    h("span", { class: "state-name" }, name),
    h("span", { class: "state-top" }, framed(first, chosen), " ", percentage(first.probability)),
    h("span", { class: "state-rest" }, rest.slice(0, 2).map((entry) => [framed(entry, chosen), " "])),
    changed ? h("span", { class: `state-with${changed.top[0].id === first.id ? "" : " is-other"}` }, "→ ", h("span", { class: "unseen" }, "with interventions "), changed.top[0].id === first.id ? null : [framed(changed.top[0], chosen), " "], percentage(changed.top[0].probability)) : null);
}

function framed(entry, chosen) {
  return token(entry.text, { class: entry.id === chosen ? "is-chosen" : "" });
}

function tops(name, read, changed, chosen) {
  const most = Math.max(read.top[0].probability, 1e-9);
  return h("div", { class: "top-list" },
    h("h3", null, name),
    h("p", { class: "hint" }, "followed: rank ", number(read.rank), changed ? [" → ", number(changed.rank)] : null, ", ", percentage(read.probability), changed ? [" → ", percentage(changed.probability)] : null),
    h("ol", { class: "bar-list" }, read.top.map((entry) => h("li", null,
      framed(entry, chosen),
      h("span", { class: "bars", aria: { hidden: "true" } }, h("span", { class: "plain", style: { width: `${100 * entry.probability / most}%` } })),
      h("span", { class: "shares", title: `${four(entry.probability)}, logit ${four(entry.logit)}` }, percent(entry.probability))))));
}

function memories(layer, actions) {
  const routed = layer.memories.some((entry) => entry.routerWeight !== null);
  return h("div", null,
    h("h3", null, "Memories that add most"),
    h("p", { class: "hint" }, "By |m| |v|", routed ? " times the router's weight" : null, ": the coefficient here times the length of the value. The share is of the sum over all memories of the layer, ", number(layer.strength), ". Below zero a memory pushes its value the other way, so the value's bottom tokens are shown."),
    layer.memories.length === 0 ? h("p", { class: "absent" }, "No memory of this layer adds anything here.") : h("div", { class: "scroll" }, h("table", { class: "memories" },
      h("thead", null, h("tr", null, h("th", null, "memory"), h("th", { class: "n" }, "m"), routed ? h("th", { class: "n" }, "router") : null, h("th", { class: "n" }, "|m| |v|"), h("th", { class: "n" }, "share"), h("th", null, "promotes here"), h("th", null, h("span", { class: "unseen" }, "change")))),
      h("tbody", null, layer.memories.map((entry) => h("tr", null,
        h("td", null, h("a", { href: memory(entry.name) }, entry.name)),
        h("td", { class: "n" }, h("span", { class: entry.coefficient < 0 ? "negative" : "positive", title: four(entry.coefficient) }, number(entry.coefficient))),
        routed ? h("td", { class: "n" }, number(entry.routerWeight)) : null,
        h("td", { class: "n" }, number(entry.strength)),
        h("td", { class: "n" }, percentage(entry.share)),
        h("td", null, h("span", { class: "promoted" }, entry.tokens.map((one) => [token(one.text, { title: `logit ${four(one.logit)}` }), " "]))),
        h("td", { class: "acts" },
          act(entry.name, "off", "Off", "Switch off", () => actions.off(entry.name)),
          act(entry.name, "scale", "Scale…", "Scale", () => actions.fill(entry.name, "scale")),
          act(entry.name, "set", "Set…", "Set", () => actions.fill(entry.name, "set"))))))))); 
}

function act(name, kind, text, word, onclick) {
  return h("button", { type: "button", class: "small", data: { key: `${kind}-${name}` }, aria: { label: `${word} ${name}` }, title: `${word} ${name}`, onclick }, text);
}
