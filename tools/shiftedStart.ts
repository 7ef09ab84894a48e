import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { buildSite } from "../packages/cli/src/site/buildSite.ts";
import { runStart } from "../packages/cli/src/start/runStart.ts";

/** `sinetti start` whose services read from a file beside the data folder how far their clocks are off. */
const [dataDir = "", seconds = "0"] = process.argv.slice(2);
const service = join(import.meta.dirname, "shiftedService.ts");
writeFileSync(join(dirname(dataDir), "clock"), seconds);
await runStart({
  dataDir,
  port: 0,
  site: buildSite({ onBuild: () => undefined }),
  serviceEntry: { who: service, what: service, gate: service },
});
