// The pages and their addresses (Serving/PageRoutes.cs knows the same ones).
import { load as loadOverview, render as renderOverview, title as titleOverview } from "./pages/overview.js";
import { load as loadPrompt, render as renderPrompt, title as titlePrompt } from "./pages/prompt.js";

export const routes = [
  { name: "overview", path: /^\/$/, load: loadOverview, render: renderOverview, title: titleOverview },
  { name: "prompt", path: /^\/prompt$/, load: loadPrompt, render: renderPrompt, title: titlePrompt },
];
