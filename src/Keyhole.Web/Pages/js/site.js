// Where a page of a static site begins: its data stands in the page itself.
import { replace } from "./dom.js";
import { siteHeader } from "./header.js";
import { useSite } from "./links.js";
import { render as renderMemory } from "./pages/memory.js";
import { render as renderIndex } from "./pages/site-index.js";
import { applyTheme } from "./theme.js";

useSite();
applyTheme();
const data = JSON.parse(document.getElementById("data").textContent);
const page = { mount: null };
const context = { study: data.study, params: [], query: new URLSearchParams(location.search), signal: new AbortController().signal, onMount: (callback) => { page.mount = callback; } };
document.getElementById("main").dataset.route = data.page;
replace(document.getElementById("top"), siteHeader(data.study));
replace(document.getElementById("main"), data.page === "index" ? renderIndex(data, context) : renderMemory(data, context));
page.mount?.();
document.documentElement.dataset.page = "shown";
