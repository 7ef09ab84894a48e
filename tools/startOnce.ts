import { startSystem } from "../packages/cli/src/start/startSystem.ts";

/** Leaves a data folder as a first start does. */
const [, , dataDir = ""] = process.argv;
const system = await startSystem({ dataDir, port: 0, onLog: () => undefined });
await system.stop();
