import type { Hash, MemberId, Role, SiteId } from "@sinetti/core";
import type { Client } from "../client.ts";

const PREFIX = "cli/admission/";

/** A new member whose admission is begun: kept, sealed, before their order is given, struck when nothing of it is left. */
export interface Admission {
  readonly member: MemberId;
  readonly name: string;
  readonly roles: readonly Role[];
  /** Where office staff get their seat; null: wherever there is an office. */
  readonly site: SiteId | null;
  /** The order for their office seat while it waits for a second person. */
  readonly seat: Hash | null;
}

/** Keeps how far admissions have come. */
export async function keepAdmissions(
  { context }: Client,
  admissions: readonly Admission[],
): Promise<void> {
  const { device } = context;
  await device.write(
    admissions.map((admission) => {
      const body = new TextEncoder().encode(JSON.stringify(admission));
      return device.seal(PREFIX + admission.member, body);
    }),
  );
}

/** Strikes admissions that are done, or that nothing came of. */
export async function strikeAdmissions(
  { context }: Client,
  members: readonly MemberId[],
): Promise<void> {
  await context.device.write(members.map((member) => ({ name: PREFIX + member, value: null })));
}

/** The admissions that this administrator has begun. */
export async function listAdmissions({ context }: Client): Promise<Admission[]> {
  const admissions: Admission[] = [];
  for (const name of await context.device.list(PREFIX)) {
    const cell = await context.device.read(name);
    // What this device sealed itself has the form in which it was sealed.
    if (cell !== null) admissions.push(JSON.parse(new TextDecoder().decode(cell)) as Admission);
  }
  return admissions;
}
