import { initSuite } from "@sinetti/core";
import { hash, webcrypto } from "node:crypto";

import { createGate } from "./app.ts";
import { systemClock } from "./clock.ts";
import { certificateOf, readConfig, readKeys, readMetricsToken } from "./config.ts";
import { InstallationCode } from "./installationCode.ts";
import { createLog } from "./log.ts";
import { prepareDatabase } from "./prepareDatabase.ts";
import { listen, makeServer, renewOnSignal, stopOnSignal } from "./server.ts";
import { codeOf } from "./startFault.ts";
import { openDatabase } from "./store/database.ts";

const log = createLog();
try {
  const config = readConfig(process.env);
  await initSuite((count) => webcrypto.getRandomValues(new Uint8Array(count)), {
    sha256: (bytes) => new Uint8Array(hash("sha256", bytes, "buffer")),
  });
  const keys = readKeys(config);
  await prepareDatabase(config);
  // A lost database ends the gate, which starts again: nothing waits on a connection that is no more.
  // The driver calls this before it connects anew, where it would run what was left of a transaction inside the next one.
  let isEnding = false;
  const onLost = (): void => {
    if (isEnding) return;
    log.fatal({ fault: "the database ended a connection" });
    process.exit(1);
  };
  const sql = openDatabase(config.SINETTI_DATABASE_URL, { onLost });
  const installationCode = new InstallationCode(config.SINETTI_INSTALLATION_CODE_FILE);
  const origins = config.SINETTI_ORIGINS;
  const stopping = new AbortController();
  const app = createGate({
    sql,
    keys,
    clock: systemClock,
    origins,
    log,
    installationCode,
    metricsToken: readMetricsToken(config),
    postureFile: config.SINETTI_POSTURE_FILE ?? null,
    stopping: stopping.signal,
  });
  const certificate = certificateOf(config);
  const server = makeServer(app.fetch, { certificate });
  const url = await listen(server, config.SINETTI_LISTEN);
  renewOnSignal(server, certificate, log);
  stopOnSignal(server, {
    onStop: () => stopping.abort(),
    end: () => {
      isEnding = true;
      return sql.end({ timeout: 5 });
    },
    endsWithInput: config.SINETTI_ENDS_WITH_INPUT === "yes",
  });
  process.stdout.write(`${JSON.stringify({ listening: url })}\n`);
} catch (error) {
  const fault = error instanceof Error ? error.message : "unknown";
  log.fatal({ code: codeOf(error), fault }, "not started");
  process.exitCode = 1;
}
