import { join } from "node:path";

import type { RobbedSystem } from "@sinetti/drill";
import { generateHybridIdentity, identityToRecipient } from "age-encryption";

import { decryptFile, encryptFile } from "../backup/ageFile.ts";
import { openSigner } from "../backup/backupSigner.ts";
import { gateKeysText, readGateKeys } from "../backup/gateKeys.ts";
import { makeBackup } from "../backup/makeBackup.ts";
import { openData } from "../backup/openData.ts";
import { programVersion } from "../programVersion.ts";
import { makePrivateFolder } from "../start/privateFolder.ts";

type StolenBackup = Awaited<ReturnType<RobbedSystem["backUp"]>>;

const GATE_KEYS = "gate-keys.age";

/** Backs a running system up as the commands do, to identities that are nowhere but here. */
export async function backUp(data: string, shelf: string): Promise<StolenBackup> {
  makePrivateFolder(shelf, undefined);
  const identity = await generateHybridIdentity();
  const keysIdentity = await generateHybridIdentity();
  const now = new Date();
  const open = await openData(data);
  try {
    const { folder, manifest } = await makeBackup(open, {
      shelf,
      recipients: [await identityToRecipient(identity)],
      signer: openSigner(open.data),
      program: programVersion(),
      now,
      moved: () => undefined,
    });
    const keysFile = join(shelf, GATE_KEYS);
    const keys = readGateKeys(join(data, "gate", "secrets"));
    await encryptFile(keysFile, gateKeysText(keys, now), [await identityToRecipient(keysIdentity)]);
    return {
      folder: shelf,
      opened: () => [
        ...manifest.files.map(({ name }) => ({
          name,
          bytes: () => decryptFile(join(folder, name), [identity]),
        })),
        { name: GATE_KEYS, bytes: () => decryptFile(keysFile, [keysIdentity]) },
      ],
    };
  } finally {
    await open.close();
  }
}
