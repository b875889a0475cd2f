// Shows the page that the address names. The page before stays until the new one has all it needs, so nothing flickers; back and forward work as anywhere.
import { h, replace } from "./dom.js";
import { notice } from "./parts.js";

const state = { routes: [], study: null, current: null, path: null };

// routes: [{ path: /^\/(L\d+N\d+)$/, name, load(params, query, signal), render(data, context), title(data) }]
export function start(routes, study) {
  state.routes = routes;
  state.study = study;
  document.addEventListener("click", follow);
  window.addEventListener("popstate", () => show({ keepScroll: false }));
  history.scrollRestoration = "manual";
  window.addEventListener("scroll", rememberScroll, { passive: true });
  return show({ first: true });
}

// Goes to an address of this application.
export function go(address) {
  const target = new URL(address, location.href);
  if (target.href === location.href) {
    return show({});
  }
  history.pushState(null, "", target);
  return show({});
}

// Puts what the page shows into the address, without a new step for "back"; push makes one.
export function remember(fields, push) {
  const target = new URL(location.href);
  for (const [name, value] of Object.entries(fields)) {
    if (value === null || value === undefined || value === "") {
      target.searchParams.delete(name);
    } else {
      target.searchParams.set(name, String(value));
    }
  }
  if (target.href !== location.href) {
    history[push ? "pushState" : "replaceState"](history.state, "", target);
  }
}

// Reads the page's data again, for instance after a field of the address has changed.
export function reload() {
  return show({ keepScroll: true });
}

// Says something to those who hear the page.
export function announce(sentence) {
  document.getElementById("announce").textContent = sentence;
}

async function show({ first, keepScroll }) {
  state.current?.abort();
  const abort = new AbortController();
  state.current = abort;
  const main = document.getElementById("main");
  const progress = document.getElementById("progress");
  const slow = setTimeout(() => { progress.hidden = false; }, 150);
  document.documentElement.dataset.page = "loading";
  let node;
  let title = "Not found";
  let name = "none";
  let mount = null;
  try {
    const { route, params } = find(location.pathname);
    if (route === null) {
      node = notice("There is no such page", "The address names no page of Keyhole. Memories are written like L12N3456.");
    } else {
      const query = new URLSearchParams(location.search);
      const data = await route.load(params, query, abort.signal);
      if (abort.signal.aborted) {
        return;
      }
      const context = { study: state.study, params, query, signal: abort.signal, onMount: (callback) => { mount = callback; } };
      node = route.render(data, context);
      title = route.title(data, context);
      name = route.name;
    }
  } catch (failure) {
    if (abort.signal.aborted) {
      return;
    }
    title = "Error";
    node = notice(failure.code ? "This cannot be shown" : "Something went wrong in this page", failure.message);
    if (!failure.code && failure.status === undefined) {
      console.error(failure);
    }
  } finally {
    clearTimeout(slow);
    if (!abort.signal.aborted) {
      progress.hidden = true;
    }
  }
  const samePage = state.path === location.pathname;
  state.path = location.pathname;
  main.dataset.route = name;   // styles of a page hold within it alone
  replace(main, node);
  document.title = `${title} · Keyhole`;
  for (const link of document.querySelectorAll("#top nav a")) {
    link.toggleAttribute("aria-current", false);
    if (link.pathname === location.pathname || (link.pathname !== "/" && location.pathname.startsWith(link.pathname))) {
      link.setAttribute("aria-current", "page");
    }
  }
  mount?.();
  if (!keepScroll) {
    window.scrollTo(0, history.state?.scroll ?? 0);
    if (!first && !samePage && !document.activeElement?.matches("input, textarea, select")) {   // who types already goes on typing
      main.focus({ preventScroll: true });
    }
  }
  announce(title);
  document.documentElement.dataset.page = "shown";
}

function find(path) {
  for (const route of state.routes) {
    const match = route.path.exec(path);
    if (match) {
      return { route, params: match.slice(1) };
    }
  }
  return { route: null, params: [] };
}

function follow(event) {
  const link = event.target.closest?.("a[href]");
  if (!link || event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) {
    return;
  }
  if (link.origin !== location.origin || link.target || link.hasAttribute("download") || link.pathname.startsWith("/api/") || (link.hash && link.pathname === location.pathname && link.search === location.search)) {
    return;
  }
  event.preventDefault();
  go(link.href);
}

let scrollTimer = 0;
function rememberScroll() {
  clearTimeout(scrollTimer);
  scrollTimer = setTimeout(() => history.replaceState({ ...history.state, scroll: window.scrollY }, ""), 100);
}
