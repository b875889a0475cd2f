// Requests to the server. What it refuses becomes an ApiError, whose message is a sentence for the reader.
import { query } from "./query.js";

export class ApiError extends Error {
  constructor(status, code, message) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

// path: "/api/..."; fields: an object of query fields, those that are null left out.
export async function get(path, fields, signal) {
  return answer(await send(path + query(fields), { signal }));
}

export async function post(path, body, signal) {
  return answer(await send(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body), signal }));
}

// An answer of one JSON document a line, handed over as they come.
export async function postLines(path, body, onLine, signal) {
  const response = await send(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body), signal });
  if (!response.ok) {
    await answer(response);
  }
  const decoder = new TextDecoder();
  const reader = response.body.getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    rest += decoder.decode(value, { stream: !done });
    const lines = rest.split("\n");
    rest = lines.pop();
    lines.filter((line) => line !== "").forEach((line) => onLine(JSON.parse(line)));
    if (done) {
      return;
    }
  }
}

async function send(path, options) {
  try {
    return await fetch(path, options);
  } catch (failure) {
    if (failure.name === "AbortError") {
      throw failure;
    }
    throw new ApiError(0, "", "The server does not answer: is 'keyhole serve' still running?");
  }
}

async function answer(response) {
  const body = await response.json().catch(() => null);
  if (!response.ok) {
    throw new ApiError(response.status, body?.error?.code ?? "", body?.error?.message ?? `The server answered ${response.status}.`);
  }
  return body;
}
