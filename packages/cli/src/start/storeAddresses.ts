import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

import type { Migrations, StoreAddress, StoreAddresses, StoreName } from "@sinetti/drill";

import { READER } from "../posture/provisionReader.ts";
import { clusterAccount } from "./clusterAccount.ts";
import { openServiceFolder } from "./dataFolder.ts";
import { LOCK_FILE } from "./dataLock.ts";
import { StartError } from "./startError.ts";

const DATABASE = "sinetti";
const NAMES = ["who", "what", "gate"] as const satisfies readonly StoreName[];

/** The databases of a data folder, as their superuser, whom row security does not bind. Errors: StartError `folder-foreign`, `secret-missing`. */
export function findStores(data: string): StoreAddresses {
  return findAs(data, { user: "postgres", passwordFile: "superuser.password" });
}

/** The same as the role that looks at them, and reads no table. */
export function findReaders(data: string): StoreAddresses {
  return findAs(data, { user: READER, passwordFile: "posture.password" });
}

function findAs(
  data: string,
  { user, passwordFile }: { user: string; passwordFile: string },
): StoreAddresses {
  if (!existsSync(join(data, LOCK_FILE))) throw new StartError("folder-foreign", data);
  const addresses = NAMES.map((name): [StoreName, StoreAddress] => {
    const folder = openServiceFolder(join(data, name), clusterAccount(), {
      onLog: () => undefined,
    });
    const file = join(folder.secrets, passwordFile);
    if (!existsSync(file)) throw new StartError("secret-missing", file);
    const password = readFileSync(file, "utf8").trim();
    const place = { host: folder.socketDir, port: 5432, database: DATABASE };
    return [name, { ...place, user, password }];
  });
  return Object.fromEntries(addresses) as Record<StoreName, StoreAddress>;
}

function migrationsBeside(entry: string): ReadonlyMap<string, string> {
  const folder = new URL("migrations/", entry);
  return new Map(
    readdirSync(folder)
      .filter((name) => name.endsWith(".sql"))
      .map((name) => [
        name,
        createHash("sha256")
          .update(readFileSync(new URL(name, folder)))
          .digest("hex"),
      ]),
  );
}

/** What this version of each service does to its database. */
export function ownMigrations(): Migrations {
  const vault = migrationsBeside(import.meta.resolve("@sinetti/vault"));
  return { who: vault, what: vault, gate: migrationsBeside(import.meta.resolve("@sinetti/gate")) };
}
