// Addresses of pages: one place, for the static site has others.

const state = { site: false };

// The pages are files of a static site, which work from a disk.
export function useSite() {
  state.site = true;
}

export function isSite() {
  return state.site;
}

export function home(fields) {
  return (state.site ? "index.html" : "/") + fieldsOf(fields);
}

// id: "L12N3456"
export function memory(id, fields) {
  return (state.site ? `${id}.html` : `/${id}`) + fieldsOf(fields);
}

export function page(name, fields) {
  return `/${name}` + fieldsOf(fields);
}

function fieldsOf(fields) {
  const given = Object.entries(fields ?? {}).filter(([, value]) => value !== null && value !== undefined && value !== "");
  return given.length === 0 ? "" : "?" + new URLSearchParams(given.map(([name, value]) => [name, String(value)]));
}
