// The pages and their addresses (Serving/PageRoutes.cs knows the same ones).
import { load as loadAnnotate, render as renderAnnotate, title as titleAnnotate } from "./pages/annotate.js";
import { load as loadAnnotationResults, render as renderAnnotationResults, title as titleAnnotationResults } from "./pages/annotation-results.js";
import { load as loadClaims, render as renderClaims, title as titleClaims } from "./pages/claims.js";
import { load as loadMemory, render as renderMemory, title as titleMemory } from "./pages/memory.js";
import { load as loadOverview, render as renderOverview, title as titleOverview } from "./pages/overview.js";
import { load as loadPrompt, render as renderPrompt, title as titlePrompt } from "./pages/prompt.js";
import { load as loadSearch, render as renderSearch, title as titleSearch } from "./pages/search.js";
import { load as loadSheet, render as renderSheet, title as titleSheet } from "./pages/sheet.js";

export const routes = [
  { name: "overview", path: /^\/$/, load: loadOverview, render: renderOverview, title: titleOverview },
  { name: "memory", path: /^\/(L\d+(?:E\d+)?N\d+)$/, load: loadMemory, render: renderMemory, title: titleMemory },
  { name: "prompt", path: /^\/prompt$/, load: loadPrompt, render: renderPrompt, title: titlePrompt },
  { name: "search", path: /^\/search$/, load: loadSearch, render: renderSearch, title: titleSearch },
  { name: "claims", path: /^\/claims$/, load: loadClaims, render: renderClaims, title: titleClaims },
  { name: "annotate", path: /^\/annotate$/, load: loadAnnotate, render: renderAnnotate, title: titleAnnotate },
  { name: "sheet", path: /^\/annotate\/sheet\/([A-Za-z0-9_-]{1,64})$/, load: loadSheet, render: renderSheet, title: titleSheet },
  { name: "annotation-results", path: /^\/annotate\/results$/, load: loadAnnotationResults, render: renderAnnotationResults, title: titleAnnotationResults },
];
