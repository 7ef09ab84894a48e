import { setTimeout as sleep } from "node:timers/promises";

import { reportInto } from "./broken.ts";
import { openStore, type Store, type StoreAddresses } from "./store.ts";
import type { Suspect, Tally } from "./tally.ts";

/** How long a chain is at a vault now. */
async function lengthNow(store: Store, { practice, file, table }: Suspect): Promise<number> {
  const owner = Buffer.from(practice, "hex");
  const { tx } = store;
  const ofFile = file === null ? tx`` : tx`and file = ${Buffer.from(file, "hex")}`;
  const [row] = await tx<{ length: number }[]>`
    select (coalesce(max(seq), -1) + 1)::float8 as length from ${tx(table)}
    where practice = ${owner} ${ofFile}`;
  return row?.length ?? 0;
}

/**
 * Looks once more at what may have been work on its way when the vaults were read before the gate. What a vault still lacks
 * after `seconds` is told: also when the device that is to bring it has only been switched off.
 */
export async function lookAgain(
  addresses: StoreAddresses,
  { tally, seconds }: { tally: Tally; seconds: number },
): Promise<void> {
  if (tally.suspects.length === 0) return;
  await sleep(seconds * 1000);
  for (const service of ["who", "what"] as const) {
    const suspects = tally.suspects.filter((each) => each.service === service);
    if (suspects.length === 0) continue;
    const store = await openStore(addresses[service]);
    try {
      for (const suspect of suspects) {
        if ((await lengthNow(store, suspect)) >= suspect.length) continue;
        const { practice, file, what, table, where } = suspect;
        const place = { service, practice, ...(file === null ? {} : { file }) };
        reportInto(tally.broken, place)(what, table, where);
      }
    } finally {
      await store.close();
    }
  }
}
