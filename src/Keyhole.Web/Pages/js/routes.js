// The pages and their addresses (Serving/PageRoutes.cs knows the same ones).
import { load as loadMemory, render as renderMemory, title as titleMemory } from "./pages/memory.js";
import { load as loadOverview, render as renderOverview, title as titleOverview } from "./pages/overview.js";

export const routes = [
  { name: "overview", path: /^\/$/, load: loadOverview, render: renderOverview, title: titleOverview },
  { name: "memory", path: /^\/(L\d+(?:E\d+)?N\d+)$/, load: loadMemory, render: renderMemory, title: titleMemory },
];
