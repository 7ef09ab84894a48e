import { VAULT_ROUTES } from "@sinetti/core";
import { parseKit, sealKitBlob } from "@sinetti/core/secret";
import type { Context } from "./context.ts";
import type { Device } from "./device.ts";
import { withCatchUp } from "./handOver.ts";
import type { Change } from "./world.ts";

/** Where a kit lies, sealed, until somebody has it on paper. */
const KIT = "kit";

/** Seals this member's seeds under the kit and leaves the blob with vault `who`. */
export async function leaveKitBlob(context: Context, kit: string): Promise<void> {
  const { device } = context;
  const { practice, member } = device.owner;
  const blob = sealKitBlob(parseKit(kit), { practice, member, seeds: device.seeds.member });
  await withCatchUp(context, "who", () =>
    context.services.call("who", VAULT_ROUTES.kitPut, { blob }),
  );
}

/** Keeps a kit until it is printed. */
export function keepKit(device: Device, kit: string): Change {
  return device.seal(KIT, new TextEncoder().encode(kit));
}

/** The kit of this member that nobody has printed yet; null: none. */
export async function readKit({ device }: Pick<Context, "device">): Promise<string | null> {
  const cell = await device.read(KIT);
  return cell === null ? null : new TextDecoder().decode(cell);
}

/** Strikes the kit: whoever it belongs to has it on paper. */
export async function takeKit({ device }: Pick<Context, "device">): Promise<void> {
  await device.write([{ name: KIT, value: null }]);
}
