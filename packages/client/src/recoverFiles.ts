import {
  FILE_AUTHORITY,
  LIMITS,
  RIGHTS,
  hasLiveGranter,
  phaseAt,
  practiceHead,
  rolesAt,
  widestCell,
  type AccessState,
  type FileId,
  type MemberId,
} from "@sinetti/core";
import { grantFiles } from "./changeAccess.ts";
import type { Context } from "./context.ts";
import { memberGrant } from "./createFiles.ts";
import type { Device } from "./device.ts";
import { ClientError } from "./errors.ts";
import type { FileRef } from "./fileBook.ts";
import { fetchFiles } from "./fetchFiles.ts";
import { admitMembers } from "./records/directory.ts";
import { listGranted } from "./records/practiceFiles.ts";
import { approveOwnOpenings, trusteesKey } from "./trustees.ts";
import type { Change } from "./world.ts";

/** Where the name lies, sealed, that the trustees brought this member in under. */
const NAME = "recovered-name";
/** How long the openings that giving back needs stay approved. */
const APPROVED_SECONDS = 86_400;

/** What was given back, and what stayed because it is closed. */
export interface GivenBack {
  readonly files: readonly FileId[];
  readonly closed: number;
}

interface Orphan extends FileRef {
  readonly rights: number;
}

/**
 * Gives a member the files that nobody living can grant, within the table for the member's roles; for whom the trustees
 * brought in, and to themselves where nobody else is left. `from`: only what that member held, with no more than their rights.
 * Errors: `refused` for everybody else.
 */
export async function giveBack(
  context: Context,
  { to, from }: { to: MemberId; from: MemberId | null },
): Promise<GivenBack> {
  await context.practice.sync(context.services);
  if (trusteesKey(context) === null)
    throw new ClientError("refused", { detail: "no-recovery-secret" });
  const { orphans, closed } = await findOrphans(context, { to, from });
  await approveForThese(context, orphans.length);
  for (const rights of new Set(orphans.map((each) => each.rights))) {
    const alike = orphans.filter((each) => each.rights === rights);
    for (let start = 0; start < alike.length; start += LIMITS.itemsPerBatch)
      await grantFiles(
        context,
        alike.slice(start, start + LIMITS.itemsPerBatch),
        memberGrant(context, { member: to, rights, reason: "recovery" }),
      );
  }
  await nameSelf(context);
  return { files: orphans.map(({ file }) => file), closed };
}

/** Keeps the name under which the trustees brought this member in, until it stands in the directory. */
export function keepName(device: Device, name: string): Change {
  return device.seal(NAME, new TextEncoder().encode(name));
}

/** Names this member in the directory as soon as they may write in it. */
async function nameSelf(context: Context): Promise<void> {
  const { device, practice } = context;
  const cell = await device.read(NAME);
  const held = (await listGranted(context, "who")).find(
    ({ compartment }) => compartment === "directory",
  );
  if (cell === null || held === undefined || (held.rights & RIGHTS.write) === 0) return;
  const { member } = device.owner;
  const roles = [...rolesAt(practice.state, member)];
  await admitMembers(context, [{ id: member, name: new TextDecoder().decode(cell), roles }]);
  await device.write([{ name: NAME, value: null }]);
}

async function approveForThese(context: Context, count: number): Promise<void> {
  if (count === 0) return;
  const until = Math.floor(context.world.clock.now()) + APPROVED_SECONDS;
  await approveOwnOpenings(context, { scope: "all", files: [], count, until });
}

async function findOrphans(
  context: Context,
  ask: { to: MemberId; from: MemberId | null },
): Promise<{ orphans: Orphan[]; closed: number }> {
  const orphans: Orphan[] = [];
  let closed = 0;
  for (const vault of ["who", "what"] as const) {
    const listed = await listGranted(context, vault);
    for (let start = 0; start < listed.length; start += LIMITS.itemsPerBatch) {
      const batch = listed.slice(start, start + LIMITS.itemsPerBatch);
      const fetched = await fetchFiles(context, batch, { boxes: false });
      for (const [file, { file: known }] of fetched) {
        const rights = rightsToGive(context, known.access, ask);
        if (rights === 0) continue;
        if (phaseAt(known.access) === "open") orphans.push({ file, vault, rights });
        else closed++;
      }
    }
  }
  return { orphans, closed };
}

/** What the table lets the member have of a file that nobody living can grant; 0: nothing, or somebody can. */
function rightsToGive(
  { practice: { state } }: Context,
  access: AccessState,
  { to, from }: { to: MemberId; from: MemberId | null },
): number {
  const { grantedBy, grantedTo } = FILE_AUTHORITY[access.compartment];
  if (phaseAt(access) === "erased") return 0;
  if (Object.values(grantedBy).every((granter) => granter === "deny")) return 0;
  if (hasLiveGranter(access, state, { at: practiceHead(state).seq })) return 0;
  const cell = widestCell(grantedTo, rolesAt(state, to));
  if (cell === "deny" || !cell.terms.includes("standing")) return 0;
  if (from === null) return cell.rights;
  const held = access.grants.filter(({ grant }) => grant.subject.id === from);
  return cell.rights & held.reduce((rights, { grant }) => rights | grant.rights, 0);
}
