import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

import { openServiceFolder } from "../start/dataFolder.ts";
import { LOCK_FILE, lockData } from "../start/dataLock.ts";
import { BackupError } from "./backupError.ts";
import { catchUp, type CaughtUp } from "./catchUp.ts";
import { readFacts } from "./databaseRows.ts";
import { hasGateKeys, putGateKeys, readGateKeys, type GateKeys } from "./gateKeys.ts";
import { clusterHost, openData } from "./openData.ts";
import { operatedOf } from "./operate.ts";
import { restoreServices } from "./restoreServices.ts";
import { withSuper } from "./superConnection.ts";

/** What came of giving a gate its keys back. */
export interface RestoredGate {
  readonly data: string;
  /** Whether its database was made anew from the vaults; it is still then until two of the staff resume it. */
  readonly isRebuilt: boolean;
  readonly practices: readonly string[];
  readonly caughtUp: CaughtUp;
}

/** Whether the gate's database is there. */
function isGateMade(data: string): boolean {
  if (!existsSync(join(data, "gate"))) return false;
  const { account } = clusterHost();
  return !openServiceFolder(join(data, "gate"), account, { onLog: () => undefined }).isNew;
}

async function rebuild(data: string, keys: GateKeys): Promise<RestoredGate> {
  const secrets = join(data, "gate", "secrets");
  if (hasGateKeys(secrets) && JSON.stringify(readGateKeys(secrets)) !== JSON.stringify(keys))
    throw new BackupError("gate-key-other");
  const restored = await restoreServices({
    data,
    sources: { gate: null },
    gateKeys: keys,
    laysGateAside: true,
    moved: () => undefined,
  });
  const { practices, caughtUp } = restored;
  return { data, isRebuilt: true, practices, caughtUp };
}

async function bringUp(data: string): Promise<Pick<RestoredGate, "practices" | "caughtUp">> {
  const open = await openData(data);
  try {
    const { who, what, gate } = open.compartments;
    const gateKey = gate.secrets.publicKey;
    const of = (compartment: typeof gate) => operatedOf(compartment, gateKey);
    const facts = await withSuper(gate, (sql) => readFacts(sql, "gate"));
    const practices = facts.practices.map(({ practice }) => practice);
    const services = { who: of(who), what: of(what), gate: of(gate) };
    return { practices, caughtUp: await catchUp(services, practices, { hasGateKeys: true }) };
  } finally {
    await open.close();
  }
}

/** Gives a gate that does not run its keys back; `isRebuilt`: and makes its database anew out of both vaults. */
export async function restoreGate(
  path: string,
  { keys, isRebuilt }: { keys: GateKeys; isRebuilt: boolean },
): Promise<RestoredGate> {
  const data = resolve(path);
  if (!existsSync(join(data, LOCK_FILE))) throw new BackupError("incomplete", { detail: data });
  // Refuses while the system runs.
  lockData(join(data, LOCK_FILE))();
  const isMade = isGateMade(data);
  if (isRebuilt && isMade) throw new BackupError("data-exists", { detail: join(data, "gate") });
  if (isRebuilt) return rebuild(data, keys);
  if (!isMade) throw new BackupError("incomplete", { detail: join(data, "gate") });
  putGateKeys(join(data, "gate", "secrets"), keys);
  return { data, isRebuilt: false, ...(await bringUp(data)) };
}
