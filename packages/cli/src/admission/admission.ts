import type { Client } from "@sinetti/client";
import type { Hash, MemberId, Role } from "@sinetti/core";

const PREFIX = "cli/admission/";

/** A new member whose admission is begun: kept, sealed, before their order is given, struck when nothing of it is left. */
export interface Admission {
  readonly member: MemberId;
  readonly name: string;
  readonly roles: readonly Role[];
  /** The order for their office seat while it waits for a second person. */
  readonly seat: Hash | null;
}

/** Keeps how far an admission has come. */
export async function keepAdmission({ context }: Client, admission: Admission): Promise<void> {
  const body = new TextEncoder().encode(JSON.stringify(admission));
  await context.device.write([context.device.seal(PREFIX + admission.member, body)]);
}

/** Strikes an admission that is done, or that nothing came of. */
export async function strikeAdmission({ context }: Client, member: MemberId): Promise<void> {
  await context.device.write([{ name: PREFIX + member, value: null }]);
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
