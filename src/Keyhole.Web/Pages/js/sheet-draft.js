// What an annotator writes on one sheet, kept by the server as it is written.
// A save has a revision, one more than the last that is kept, and a key. Where an answer does not come the same save is sent again, word for word, until it does;
// what was written in the meantime follows as the next revision. Until the server has it all, the browser keeps a copy, so that a page that is loaded again goes on.
import { post } from "./api.js";
import { newKey } from "./annotator.js";

const quietMs = 700;
const retryMs = [1000, 2000, 4000, 8000, 15000];
const prefix = "keyhole-sheet ";
const leaving = new Map();   // sheets whose page was left while something was still being sent

// Waits, not for long, until a sheet that was just left is sent.
export function settled(sheet, annotator) {
  const sending = leaving.get(placeOf(sheet, annotator));
  return sending ? Promise.race([sending, new Promise((resolve) => { setTimeout(resolve, 2000); })]) : Promise.resolve();
}

// Sheets of an annotator of which only this browser has the last changes.
export function unsent(annotator) {
  try {
    return Object.keys(localStorage).filter((place) => place.startsWith(prefix) && place.endsWith(` ${annotator}`)).map((place) => place.slice(prefix.length).split(" ")[0]);
  } catch {
    return [];
  }
}

// sheet: its id; kept: the revision that the server has; content: { patterns, note, done }.
// onState({ state: "saved" | "saving" | "waiting" | "failed" | "conflict", sentence }) is told whenever it changes.
export function sheetDraft({ sheet, annotator, kept, content, onState }) {
  const place = placeOf(sheet, annotator);
  const path = `/api/annotate/sheets/${sheet}`;
  const draft = { kept, content, sent: null, dirty: false, timer: 0, queue: Promise.resolve(true), failures: 0, conflict: false, left: false };
  const before = readCopy(place);
  if (before && JSON.stringify(before.content) !== JSON.stringify(content)) {
    draft.kept = before.sent ? before.sent.revision - 1 : before.kept;
    draft.content = before.content;
    draft.sent = before.sent;
    draft.dirty = true;
    schedule(0);
  } else {
    dropCopy(place);
  }

  function change(next) {
    draft.content = next;
    draft.dirty = true;
    keepCopy(place, draft);
    if (!draft.conflict) {
      onState({ state: "waiting", sentence: "" });
      schedule(quietMs);
    }
  }

  function schedule(ms) {
    clearTimeout(draft.timer);
    draft.timer = setTimeout(() => { flush(); }, ms);
  }

  // Sends what is not kept yet, one save after the other; true where all of it is kept then.
  function flush() {
    clearTimeout(draft.timer);
    draft.queue = draft.queue.then(sendAll);
    return draft.queue;
  }

  async function sendAll() {
    while ((draft.dirty || draft.sent) && !draft.conflict) {
      if (!await send()) {
        return false;
      }
    }
    return !draft.conflict;
  }

  async function send() {
    if (!draft.sent) {
      draft.sent = { revision: draft.kept + 1, key: newKey(), content: draft.content };
      draft.dirty = false;
    }
    keepCopy(place, draft);
    onState({ state: "saving", sentence: "" });
    try {
      await post(path, { annotator, revision: draft.sent.revision, key: draft.sent.key, ...draft.sent.content });
    } catch (failure) {
      return failed(failure);
    }
    draft.kept = draft.sent.revision;
    draft.sent = null;
    draft.failures = 0;
    if (draft.dirty) {
      keepCopy(place, draft);
    } else {
      dropCopy(place);
      onState({ state: "saved", sentence: "" });
    }
    return true;
  }

  function failed(failure) {
    if (failure.code === "KH7301") {
      draft.conflict = true;
      onState({ state: "conflict", sentence: failure.message });
      return false;
    }
    // What the server refuses for what it says would be refused again: it waits for the next change.
    const comesBack = failure.status === 0 || failure.status >= 500 || failure.code === "KH5113" || failure.code === "KH5112";
    if (comesBack && !draft.left) {
      schedule(retryMs[Math.min(draft.failures, retryMs.length - 1)]);
      draft.failures += 1;
    } else if (!comesBack) {
      draft.sent = null;
    }
    onState({ state: "failed", sentence: `${failure.message}${comesBack ? " It will be tried again." : ""}` });
    return false;
  }

  // After a conflict: what stands here replaces what the server has in revision `theirs`.
  function insist(theirs) {
    draft.conflict = false;
    draft.kept = theirs;
    draft.sent = null;
    draft.dirty = true;
    return flush();
  }

  // After a conflict: what stands here is given up.
  function giveUp() {
    draft.dirty = false;
    draft.sent = null;
    dropCopy(place);
  }

  const online = () => { if (draft.sent || draft.dirty) { flush(); } };
  const hidden = () => { if (document.visibilityState === "hidden" && draft.dirty) { flush(); } };
  window.addEventListener("online", online);
  document.addEventListener("visibilitychange", hidden);

  // The page is left: what is not kept yet is sent now. Where that fails the browser's copy waits for the sheet to be opened again.
  function leave() {
    window.removeEventListener("online", online);
    document.removeEventListener("visibilitychange", hidden);
    clearTimeout(draft.timer);
    draft.left = true;
    if ((draft.dirty || draft.sent) && !draft.conflict) {
      const sending = flush();
      leaving.set(place, sending);
      sending.then(() => { leaving.delete(place); });
    }
  }

  return { content: () => draft.content, restored: () => before !== null && draft.content === before.content, change, flush, insist, giveUp, leave };
}

function placeOf(sheet, annotator) {
  return `${prefix}${sheet} ${annotator}`;
}

function readCopy(place) {
  try {
    const copy = JSON.parse(localStorage.getItem(place));
    return copy && Array.isArray(copy.content?.patterns) && Number.isInteger(copy.kept) ? copy : null;
  } catch {
    return null;
  }
}

function keepCopy(place, draft) {
  try {
    localStorage.setItem(place, JSON.stringify({ kept: draft.kept, sent: draft.sent, content: draft.content }));
  } catch {
    // A browser that keeps nothing: then only what the server has is kept.
  }
}

function dropCopy(place) {
  try {
    localStorage.removeItem(place);
  } catch {
    // The same.
  }
}
