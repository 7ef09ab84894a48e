import "@fontsource-variable/source-sans-3/wght.css";
import "@mantine/core/styles.css";
import "./app/global.css";

import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { App } from "./app/App.tsx";
import { beginLanguage } from "./app/language.ts";

/** Shows the page in the first language. */
export async function begin(): Promise<void> {
  const root = document.getElementById("root");
  if (root === null) throw new TypeError("the page has no root");
  await beginLanguage();
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
