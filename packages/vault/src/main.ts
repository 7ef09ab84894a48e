import { hash, randomFillSync } from "node:crypto";

import { initSuite } from "@sinetti/core";

import { createVault } from "./app.ts";
import { systemClock } from "./clock.ts";
import { readConfig } from "./config.ts";
import { makeLog } from "./log.ts";
import { openSql } from "./openSql.ts";
import { prepareDatabase } from "./prepareDatabase.ts";
import { listen, makeServer, renewOnSignal, stopOnSignal } from "./server.ts";
import { codeOf } from "./startFault.ts";

await initSuite((count) => randomFillSync(new Uint8Array(count)), {
  sha256: (bytes) => new Uint8Array(hash("sha256", bytes, "buffer")),
});
const log = makeLog(process.env["SINETTI_SERVICE"] ?? "vault");
try {
  const config = readConfig(process.env);
  await prepareDatabase(config);
  // A lost database ends the vault, which starts again: nothing waits on a connection that is no more.
  // The driver calls this before it connects anew, where it would run what was left of a transaction inside the next one.
  let isEnding = false;
  const onLost = (): void => {
    if (isEnding) return;
    log.fatal({ reason: "the database ended a connection" }, "ended");
    process.exit(1);
  };
  const sql = openSql(config.databaseUrl, { onLost });
  const stopping = new AbortController();
  const app = createVault({
    ...config,
    sql,
    log,
    clock: systemClock,
    stopping: stopping.signal,
  });
  const { certificate, endsWithInput } = config;
  const server = makeServer(app.fetch, { certificate });
  const url = await listen(server, config.listen);
  renewOnSignal(server, certificate, log);
  stopOnSignal(server, {
    onStop: () => stopping.abort(),
    end: () => {
      isEnding = true;
      return sql.end({ timeout: 5 });
    },
    endsWithInput,
  });
  process.stdout.write(`${JSON.stringify({ listening: url })}\n`);
} catch (error) {
  const reason = error instanceof Error ? error.message : "unknown";
  log.fatal({ code: codeOf(error), reason }, "not started");
  process.exitCode = 1;
}
