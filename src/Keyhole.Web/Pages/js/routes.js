// The pages and their addresses (Serving/PageRoutes.cs knows the same ones).
import { load as loadOverview, render as renderOverview, title as titleOverview } from "./pages/overview.js";
import { load as loadSearch, render as renderSearch, title as titleSearch } from "./pages/search.js";

export const routes = [
  { name: "overview", path: /^\/$/, load: loadOverview, render: renderOverview, title: titleOverview },
  { name: "search", path: /^\/search$/, load: loadSearch, render: renderSearch, title: titleSearch },
];
