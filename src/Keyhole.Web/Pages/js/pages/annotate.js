// Where annotating begins: the project, who annotates, how far everyone is.
import { h } from "../dom.js";
import { get, post } from "../api.js";
import { rememberedName, rememberName, shownName } from "../annotator.js";
import { importForm } from "../annotation-files.js";
import { unsent } from "../sheet-draft.js";
import { count } from "../format.js";
import { page } from "../links.js";
import { absent, field } from "../parts.js";
import { announce, go, reload } from "../router.js";

const marks = { new: "", begun: "·", done: "✓" };
const words = { new: "not begun", begun: "begun", done: "done" };

export async function load(params, query, signal) {
  const name = query.get("as") ?? "";
  const state = await get("/api/annotate", null, signal);
  const mine = state.project && name !== "" ? await get("/api/annotate/sheets", { annotator: name }, signal) : null;
  return { state, mine };
}

export function title(data) {
  return data.mine ? `Annotate as ${data.mine.annotator}` : "Annotate";
}

export function render({ state, mine }, { study }) {
  return h("div", { class: "annotate" },
    h("h1", null, "Annotate"),
    h("p", { class: "lead" }, "Read lists of texts and say what they have in common. Which memory a list belongs to, or whether it is a decoy of random texts, stays hidden until the results are opened."),
    state.project ? [mine ? progress(mine) : null, who(state, mine), about(state)] : projectForm(study),
    h("section", { class: "card" },
      h("h2", null, "Annotations in a file"),
      h("p", { class: "hint" }, "Annotators who work on copies of this study can be brought together: import the file that another copy gave."),
      importForm(() => { reload(); })));
}

function progress(mine) {
  const done = mine.sheets.filter((sheet) => sheet.state === "done").length;
  const next = mine.sheets.find((sheet) => sheet.state === "begun") ?? mine.sheets.find((sheet) => sheet.state === "new");
  const left = unsent(mine.annotator);
  const waiting = mine.sheets.filter((sheet) => left.includes(sheet.id));
  const address = (sheet) => page(`annotate/sheet/${sheet.id}`, { as: mine.annotator });
  return h("section", { class: "card" },
    h("h2", null, shownName(mine.annotator), `: ${count(done)} of ${count(mine.sheets.length)} sheets done`),
    meter(done, mine.sheets.length),
    h("p", { class: "row" },
      next ? h("a", { class: "button strong", href: address(next) }, done === 0 && next.state === "new" ? "Begin with the first sheet" : "Go on") : h("span", null, "All sheets are done. Thank you!"),
      h("a", { href: page("annotate/results") }, "Results")),
    waiting.length === 0 ? null : h("p", { class: "error" }, "Only this browser has the last changes of ", waiting.map((sheet, i) => [i > 0 ? ", " : "", h("a", { href: address(sheet) }, `sheet ${mine.sheets.indexOf(sheet) + 1}`)]), ": open it to send them."),
    h("ol", { class: "sheet-map", aria: { label: "Sheets" } }, mine.sheets.map((sheet, i) => h("li", null,
      h("a", { href: address(sheet), class: sheet.state, title: `Sheet ${i + 1}: ${words[sheet.state]}` }, String(i + 1), marks[sheet.state] === "" ? null : h("span", { aria: { hidden: true } }, marks[sheet.state]), h("span", { class: "unseen" }, `, ${words[sheet.state]}`))))));
}

function who(state, mine) {
  const input = h("input", { type: "text", id: "annotator", maxlength: 64, autocomplete: "off", spellcheck: "false", required: true, value: mine ? "" : rememberedName(), list: "annotators" });
  const begin = (name) => {
    rememberName(name);
    go(page("annotate", { as: name }));
  };
  return h("section", { class: "card" },
    h("h2", null, mine ? "Someone else" : "Who are you?"),
    h("form", { class: "row end", onsubmit: (event) => {
      event.preventDefault();
      begin(input.value.trim());
    } },
      field("Your name", input),
      h("div", { class: "field" }, h("button", { type: "submit", class: mine ? "" : "primary" }, mine ? "Annotate under this name" : "Begin or go on"))),
    h("datalist", { id: "annotators" }, state.annotators.map((annotator) => h("option", { value: annotator.name }))),
    state.annotators.length === 0 ? h("p", { class: "hint" }, "Nobody has annotated yet. Each annotator has the same sheets, in an order of their own.")
      : h("div", { class: "scroll" }, h("table", { class: "annotators" },
        h("thead", null, h("tr", null, h("th", { scope: "col" }, "Annotator"), h("th", { scope: "col", class: "n" }, "Done"), h("th", { scope: "col" }, "Progress"))),
        h("tbody", null, state.annotators.map((annotator) => h("tr", null,
          h("td", null, h("a", { href: page("annotate", { as: annotator.name }), onclick: () => rememberName(annotator.name) }, shownName(annotator.name))),
          h("td", { class: "n" }, `${count(annotator.done)} of ${count(state.project.sheets)}`),
          h("td", { class: "wide" }, meter(annotator.done, state.project.sheets))))))));
}

function meter(done, of) {
  return h("div", { class: "meter", role: "progressbar", aria: { valuemin: 0, valuemax: of, valuenow: done, label: `${done} of ${of} sheets done` } }, h("span", { style: { width: `${of === 0 ? 0 : 100 * done / of}%` } }));
}

function about(state) {
  const project = state.project;
  return h("section", { class: "card" },
    h("h2", null, "The project"),
    h("dl", { class: "facts" },
      h("dt", null, "Sheets"), h("dd", null, `${count(project.sheets)} of ${count(project.prefixes)} texts`),
      h("dt", null, "Of each layer"), h("dd", null, `${count(project.perLayer)} random memories and ${count(project.decoys)} decoys`),
      h("dt", null, "Shown of a text"), h("dd", null, `its last ${count(project.context)} tokens`),
      h("dt", null, "Seed"), h("dd", null, project.seed),
      h("dt", null, "Results"), h("dd", null, h("a", { href: page("annotate/results") }, project.opened ? "open" : "not opened yet"))),
    state.annotators.length > 0 ? h("p", { class: "hint" }, "A project with annotations is not replaced; 'keyhole annotations STUDY --export FILE --clear' keeps them in a file and makes room for another.")
      : h("details", null, h("summary", null, "Draw other sheets"), projectFields(null)));
}

function projectForm(study) {
  return h("section", { class: "card" },
    h("h2", null, "Make a project"),
    h("p", null, "Memories of every layer are drawn at random and mixed with decoys; the defaults are the paper's: 10 memories a layer, 25 texts each. What is drawn depends on the seed alone."),
    projectFields(study));
}

function projectFields(study) {
  const number = (value, least, most) => h("input", { type: "number", min: least, max: most, value: String(value), required: true });
  const inputs = { perLayer: number(10, 1, 1000), prefixes: number(25, 3, 100), decoys: number(5, 0, 1000), context: number(64, 1, 1000) };
  const seed = h("input", { type: "text", inputmode: "numeric", pattern: "[0-9]{1,20}", value: "0", required: true, size: 8 });
  const layers = h("input", { type: "text", placeholder: "all", size: 10, spellcheck: "false" });
  const fault = h("p", { class: "error", role: "alert" });
  const cancel = h("button", { type: "button", hidden: true }, "Cancel");
  const make = h("button", { type: "submit", class: "primary" }, "Draw the sheets");
  return h("form", { onsubmit: async (event) => {
    event.preventDefault();
    const listed = layersOf(layers.value);
    if (listed === undefined) {
      fault.textContent = "Layers are written like 0,4,8-11.";
      layers.focus();
      return;
    }
    fault.textContent = "";
    make.disabled = true;
    make.textContent = "Drawing…";
    cancel.hidden = false;
    const abort = new AbortController();
    cancel.onclick = () => abort.abort();
    try {
      await post("/api/annotate/project", { ...Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, Number(input.value)])), seed: seed.value, layers: listed }, abort.signal);
      announce("The sheets are drawn.");
      reload();
    } catch (failure) {
      fault.textContent = failure.name === "AbortError" ? "Cancelled: there is no new project." : failure.message;
    } finally {
      make.disabled = false;
      make.textContent = "Draw the sheets";
      cancel.hidden = true;
    }
  } },
    h("div", { class: "fields" },
      field("Memories of a layer", inputs.perLayer), field("Texts of a sheet", inputs.prefixes), field("Decoys of a layer", inputs.decoys),
      field("Tokens shown of a text", inputs.context), field("Seed", seed), field("Layers", layers, study ? `from 0 to ${study.layers - 1}, such as 0,4,8-11` : "such as 0,4,8-11")),
    absent("Half of the decoys are random texts with the lengths and last tokens of a true list, half are mixed of many memories' lists."),
    h("p", { class: "row" }, make, cancel), fault);
}

// "0,4,8-11" as numbers; null for all; undefined where it is no such list.
function layersOf(listed) {
  const parts = listed.split(",").map((part) => part.trim()).filter((part) => part !== "");
  if (parts.length === 0 || (parts.length === 1 && parts[0] === "all")) {
    return null;
  }
  const layers = [];
  for (const part of parts) {
    const range = /^(\d{1,4})(?:-(\d{1,4}))?$/.exec(part);
    if (!range || Number(range[2] ?? range[1]) < Number(range[1])) {
      return undefined;
    }
    for (let layer = Number(range[1]); layer <= Number(range[2] ?? range[1]); layer++) {
      layers.push(layer);
    }
  }
  return layers;
}
