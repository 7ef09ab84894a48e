import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";

import { initSuite } from "@sinetti/core";
import { runFsck, type FsckReport } from "@sinetti/drill";

import { SERVICE_NAMES } from "../start/compartment.ts";
import { removeDataFolder } from "../start/removeDataFolder.ts";
import { writeSecretFile } from "../start/secretFile.ts";
import { findStores, ownMigrations } from "../start/storeAddresses.ts";
import type { GateKeys } from "./gateKeys.ts";
import { verifyFiles, type Manifest } from "./manifest.ts";
import { openData } from "./openData.ts";
import { restoreServices } from "./restoreServices.ts";

/** What a backup was found to hold. */
export interface VerifiedBackup extends FsckReport {
  readonly practices: number;
  /** Whether the gate's keys were at hand; without them its halves at rest are not tried. */
  readonly hasGateKeys: boolean;
}

/** How a backup is verified. */
export interface VerifyBackupOptions {
  readonly identities: readonly string[];
  readonly gateKeys: GateKeys | null;
  /** Where the scratch databases lie meanwhile; the system's temporary folder when left out. */
  readonly scratch: string | undefined;
  readonly moved: (bytes: number) => void;
}

const MAX_THREADS = 8;
const KEY_BYTES = 32;

function layKey(path: string): void {
  writeSecretFile(path, randomBytes(KEY_BYTES).toString("hex"));
}

/** Restores a backup into databases that are gone afterwards, and verifies every chain and entry in them. Errors: those of restoring. */
export async function verifyBackup(
  { folder, manifest }: { folder: string; manifest: Manifest },
  { identities, gateKeys, scratch, moved }: VerifyBackupOptions,
): Promise<VerifiedBackup> {
  await verifyFiles(folder, manifest);
  const place = mkdtempSync(join(scratch ?? tmpdir(), "sinetti-verify-"));
  const data = join(place, "data");
  const sourceOf = (name: string) => ({
    path: join(folder, `${name}.age`),
    identities,
    backup: manifest.backup,
  });
  try {
    const { practices, hasGateKeys } = await restoreServices({
      data,
      sources: Object.fromEntries(SERVICE_NAMES.map((name) => [name, sourceOf(name)])),
      gateKeys,
      moved,
    });
    // Fsck takes the gate's key from what the gate signed; a folder without any key would not be opened.
    if (!hasGateKeys) layKey(join(data, "gate", "secrets", "service.key"));
    const open = await openData(data);
    try {
      await initSuite((length) => randomBytes(length));
      const report = await runFsck({
        addresses: findStores(data),
        migrations: ownMigrations(),
        practice: null,
        threads: Math.min(availableParallelism(), MAX_THREADS),
        // Nobody writes there, so nothing is on its way.
        secondLookSeconds: 0,
        onProgress: () => undefined,
      });
      return { ...report, practices: practices.length, hasGateKeys };
    } finally {
      await open.close();
    }
  } finally {
    removeDataFolder(data);
    rmSync(place, { recursive: true, force: true });
  }
}
