// Coefficients for the texts of a page, asked for in portions, so that the first texts are coloured first and the rest can be stopped.
import { post } from "../api.js";

const portion = 512;   // tokens: full tiles for the engine, and the first texts soon

const runs = new WeakMap();   // what colours now, by its status element

// rows: of memoryText; status: an element for how far it is; stop: a button that stops it. What still ran with the same status is stopped.
export async function colourTexts(page, rows, status, stop) {
  runs.get(status)?.abort();
  const open = rows.filter((row) => row.needs() > 0);
  if (open.length === 0) {
    runs.delete(status);
    status.textContent = "";
    stop.hidden = true;
    return;
  }
  const abort = new AbortController();
  runs.set(status, abort);
  const leave = () => abort.abort();
  page.signal?.addEventListener("abort", leave);
  stop.onclick = leave;
  const slow = setTimeout(() => { stop.hidden = false; }, 700);
  try {
    for (let first = 0; first < open.length;) {
      const batch = take(open, first);
      status.textContent = open.length > batch.length ? `colouring texts ${first + 1} to ${first + batch.length} of ${open.length}` : "colouring";
      await colourBatch(page.memory.id, batch, abort.signal);
      first += batch.length;
    }
    status.textContent = "";
  } catch (failure) {
    if (runs.get(status) === abort) {
      status.textContent = failure.name === "AbortError" ? "stopped" : failure.message;
    }
  } finally {
    clearTimeout(slow);
    if (runs.get(status) === abort) {
      stop.hidden = true;
    }
    page.signal?.removeEventListener("abort", leave);
  }
}

function take(rows, first) {
  let tokens = 0;
  let end = first;
  while (end < rows.length && end - first < 100 && (end === first || tokens + rows[end].needs() <= portion)) {
    tokens += rows[end].needs();
    end++;
  }
  return rows.slice(first, end);
}

async function colourBatch(id, batch, signal) {
  const texts = batch.map((row) => ({ unit: row.text.unit, from: row.text.first, to: row.needs() }));
  const answer = await post(`/api/memories/${id}/coefficients`, { texts }, signal);
  answer.texts.forEach((given, index) => batch[index].colour(given.from, given.values));
}
