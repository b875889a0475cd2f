// Where the application begins.
import { get } from "./api.js";
import { replace } from "./dom.js";
import { header } from "./header.js";
import { listenForKeys } from "./keys.js";
import { notice } from "./parts.js";
import { start } from "./router.js";
import { routes } from "./routes.js";
import { applyTheme } from "./theme.js";

applyTheme();
listenForKeys();
get("/api/study").then(
  (study) => {
    replace(document.getElementById("top"), header(study));
    return start(routes, study);
  },
  (failure) => replace(document.getElementById("main"), notice("The study cannot be shown", failure.message)));
