import { resolve } from "node:path";

import type { Command } from "commander";

import { buildSite } from "../site/buildSite.ts";
import { fillDemo } from "../demo/fillDemo.ts";
import { SiteError } from "../site/siteError.ts";
import { UsageError } from "../inputError.ts";
import { defaultData } from "../shell.ts";
import { runStart } from "../start/runStart.ts";

/** `sinetti start`; it speaks for itself, since its first line must come while it runs. */
export function addStartCommand(program: Command): void {
  program
    .command("start")
    .description("Start the three services and their databases, in the foreground")
    .option("--data <dir>", "data folder (SINETTI_DATA; .data in the repository)")
    .option("--port <port>", "web port; the services take the next three (SINETTI_PORT; 4600)")
    .option("--demo", "fill a small practice of invented people")
    .addHelpText(
      "after",
      "\nExample:\n  $ sinetti start --data ./practice-data\n\nThe first line on standard output says that all is up. SIGTERM or Ctrl-C stops cleanly.",
    )
    .action(async ({ data, port, demo }: { data?: string; port?: string; demo?: boolean }) => {
      const site = buildSite({
        onBuild: () => process.stderr.write("[launcher] building the web client …\n"),
      }).catch(sayWhyNot);
      await runStart({
        site,
        dataDir: data === undefined ? defaultData() : resolve(data),
        port: readPort(port ?? process.env["SINETTI_PORT"] ?? "4600"),
        ...(demo === true ? { prepare: fillDemo } : {}),
      });
    });
}

/** Records do not wait for a page: the command line and other hosts of the web client still reach the services. */
function sayWhyNot(error: unknown): undefined {
  if (!(error instanceof SiteError)) throw error;
  const lines = [`${error.message} It is not served.`, ...error.details];
  for (const line of lines) process.stderr.write(`[launcher] ${line}\n`);
}

function readPort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  // The services take the three ports after it.
  if (Number.isNaN(port) || port > 65_532)
    throw new UsageError("--port: a number up to 65532, or 0 for any that is free");
  return port;
}
