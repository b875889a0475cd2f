// The final distribution at the position, without and with interventions.
import { h } from "../dom.js";
import { four, number, percent, percentage, short } from "../format.js";
import { token } from "../tokens.js";

// onfollow: called with a token's id.
export function nextTokens(answer, onfollow) {
  const effect = answer.effect;
  const shown = effect === null
    ? answer.output.top.map((entry) => ({ id: entry.id, text: entry.text, before: entry.probability, after: null }))
    : effect.tokens;
  const most = Math.max(...shown.map((entry) => Math.max(entry.before, entry.after ?? 0)), 1e-9);
  return h("section", { class: "card next" },
    h("h2", null, "What comes next"),
    effect === null
      ? h("p", { class: "hint" }, "The model's final distribution; entropy ", number(answer.entropy), " nats. Choose a token to follow it over the layers.")
      : h("p", { class: "hint" }, "Without and with interventions; KL divergence ", h("strong", { title: `${four(effect.divergence)} nats` }, short(effect.divergence)), " nats. ",
        "Followed token: ", percentage(effect.chosen.before), " → ", percentage(effect.chosen.after), ", rank ", number(effect.chosen.rankBefore), " → ", number(effect.chosen.rankAfter), "."),
    effect === null ? null : h("p", { class: "legend" }, h("span", { class: "swatch plain" }), " without ", h("span", { class: "swatch changed" }), " with"),
    h("ul", { class: "next-list" }, shown.map((entry) => h("li", null,
      h("button", {
        type: "button", class: "follow", data: { key: `next-${entry.id}` }, aria: { pressed: entry.id === answer.chosen.id ? "true" : "false" },
        title: "Follow this token over the layers", onclick: () => onfollow(entry.id),
      }, token(entry.text)),
      h("span", { class: "bars", aria: { hidden: "true" } },
        h("span", { class: "plain", style: { width: `${100 * entry.before / most}%` } }),
        entry.after === null ? null : h("span", { class: "changed", style: { width: `${100 * entry.after / most}%` } })),
      h("span", { class: "shares", title: entry.after === null ? four(entry.before) : `${four(entry.before)} → ${four(entry.after)}` },
        entry.after === null ? percent(entry.before) : `${percent(entry.before)} → ${percent(entry.after)}`)))));
}
