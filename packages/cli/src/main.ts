import { runCommandLine } from "./commandLine.ts";

/** Whoever reads the output may go away before its end. */
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);

await runCommandLine(process.argv.slice(2));
