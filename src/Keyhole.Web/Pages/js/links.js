// Addresses of pages: one place, for the static site has others.
import { query } from "./query.js";

const state = { site: false };

// The pages are files of a static site, which work from a disk.
export function useSite() {
  state.site = true;
}

export function isSite() {
  return state.site;
}

export function home(fields) {
  return (state.site ? "index.html" : "/") + query(fields);
}

// id: "L12N3456"
export function memory(id, fields) {
  return (state.site ? `${id}.html` : `/${id}`) + query(fields);
}

export function page(name, fields) {
  return `/${name}` + query(fields);
}
