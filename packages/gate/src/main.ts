import { initSuite } from "@sinetti/core";
import { hash, webcrypto } from "node:crypto";

import { createGate } from "./app.ts";
import { systemClock } from "./clock.ts";
import { readConfig, readKeys } from "./config.ts";
import { InstallationCode } from "./installationCode.ts";
import { createLog } from "./log.ts";
import { prepareDatabase } from "./prepareDatabase.ts";
import { makeServer } from "./server.ts";
import { openDatabase } from "./store/database.ts";

const SWEEP_MS = 20;
const log = createLog();
try {
  const config = readConfig(process.env);
  await initSuite((count) => webcrypto.getRandomValues(new Uint8Array(count)), {
    sha256: (bytes) => new Uint8Array(hash("sha256", bytes, "buffer")),
  });
  const keys = readKeys(config);
  await prepareDatabase(config);
  // A lost database ends the gate, which starts again: nothing waits on a connection that is no more.
  let isStopping = false;
  const onLost = (): void => {
    if (isStopping) return;
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
    stopping: stopping.signal,
  });
  const { host: hostname, port } = config.SINETTI_LISTEN;
  const server = makeServer(app.fetch);
  server.listen(port, hostname, () => {
    const address = server.address();
    const bound = typeof address === "object" && address !== null ? address.port : port;
    process.stdout.write(`${JSON.stringify({ listening: `http://${hostname}:${bound}` })}\n`);
  });
  process.once("SIGTERM", () => {
    isStopping = true;
    stopping.abort();
    // Whoever listens to hints asks again at once over the same connection, and would keep it open.
    const sweeping = setInterval(() => {
      if ("closeIdleConnections" in server) server.closeIdleConnections();
    }, SWEEP_MS);
    server.close(() => {
      clearInterval(sweeping);
      void sql.end({ timeout: 5 }).then(() => process.exit(0));
    });
  });
} catch (error) {
  log.fatal({ fault: error instanceof Error ? error.message : "unknown" });
  process.exitCode = 1;
}
