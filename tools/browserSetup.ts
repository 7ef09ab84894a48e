import type { TestProject } from "vitest/node";

import { buildSite } from "../packages/cli/src/site/buildSite.ts";
import { findBrowser } from "./browser.ts";

/** Vitest's global set-up of the browser tests: a Chromium, and the web client built once for every system that serves it. */
export default async function prepareBrowser(project: TestProject): Promise<void> {
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  project.provide("browser", findBrowser(say));
  await buildSite({ onBuild: () => say("Building the web client …") });
}
