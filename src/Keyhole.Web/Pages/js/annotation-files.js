// Annotations as a file: taking one in.
import { h } from "./dom.js";
import { ApiError } from "./api.js";
import { announce } from "./router.js";
import { count } from "./format.js";

export function importForm(onDone) {
  const input = h("input", { type: "file", id: "import-file", accept: ".jsonl,.ndjson,application/x-ndjson" });
  const said = h("p", { role: "status", class: "hint" });
  input.addEventListener("change", async () => {
    const file = input.files[0];
    if (!file) {
      return;
    }
    said.className = "hint";
    said.textContent = "Importing…";
    try {
      const done = await send(file);
      said.textContent = `${count(done.added)} annotations added, ${count(done.replaced)} in place of older ones, ${count(done.same)} known already, ${count(done.older)} older than what is here; ${count(done.labels)} free labels added.`;
      announce(said.textContent);
      onDone();
    } catch (failure) {
      said.className = "error";
      said.textContent = failure.message;
    } finally {
      input.value = "";
    }
  });
  return h("div", null, h("div", { class: "field" }, h("label", { for: "import-file" }, "Import a file of annotations"), input), said);
}

async function send(file) {
  let response;
  try {
    response = await fetch("/api/annotate/import", { method: "POST", headers: { "Content-Type": "application/x-ndjson" }, body: file });
  } catch {
    throw new ApiError(0, "", "The file did not arrive: the server does not answer, or the file is larger than it may be.");
  }
  const body = await response.json().catch(() => null);
  if (!response.ok) {
    throw new ApiError(response.status, body?.error?.code ?? "", body?.error?.message ?? `The server answered ${response.status}.`);
  }
  return body;
}
