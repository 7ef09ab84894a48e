import type { DeviceId, Hash, MemberId, Role } from "@sinetti/core";
import type { Client } from "../client.ts";
import { approvePerson, finishDevice, generateMemberId, requestDevice } from "../deviceCeremony.ts";
import { ClientError } from "../errors.ts";
import { takeKit } from "../kit.ts";
import type { Endpoints } from "../services.ts";
import type { World } from "../world.ts";
import { keepAdmissions, strikeAdmissions } from "./admission.ts";
import { admit } from "./admit.ts";

/** Who is to be added. */
export interface NewMember {
  readonly name: string;
  readonly roles: readonly Role[];
}

/** A member as added; `pending` is the order that waits for a second person. */
export interface AddedMember {
  readonly member: MemberId;
  readonly device: DeviceId;
  readonly pending: Hash | null;
}

/** Adds the person whose device shows `code`, and does of their admission what can be done now. */
export async function addPerson(
  client: Client,
  code: string,
  { name, roles }: NewMember,
): Promise<AddedMember> {
  const admission = { member: generateMemberId(), name, roles, site: null, seat: null };
  await keepAdmissions(client, [admission]);
  try {
    const { member, device, given } = await approvePerson(
      client.context,
      code,
      roles,
      admission.member,
    );
    if (given.state === "done") await admit(client, [admission]);
    return { member, device, pending: given.state === "pending" ? given.order : null };
  } catch (error) {
    if (client.practice.members[admission.member] === undefined && isRefused(error))
      await strikeAdmissions(client, [admission.member]);
    throw error;
  }
}

function isRefused(error: unknown): boolean {
  return error instanceof ClientError && error.code === "refused";
}

/** The whole ceremony on one machine: the new device asks, the administrator approves, the new device finishes. */
export async function addMemberHere(
  client: Client,
  newDevice: { world: World; endpoints: Endpoints; password: string },
  person: NewMember,
): Promise<AddedMember & { kit: string | null }> {
  const { world, endpoints, password } = newDevice;
  const { code, kit } = await requestDevice(world, { endpoints, password, isNewPerson: true });
  const added = await addPerson(client, code, person);
  try {
    const made = await finishDevice(world, { password, endpoints });
    await takeKit(made.context);
    made.lock();
  } catch (error) {
    // It has its answer now, and finishes by itself when a second person has approved.
    const isWaiting = error instanceof ClientError && error.code === "not-ready";
    if (!isWaiting || added.pending === null) throw error;
  }
  return { ...added, kit };
}
