import {
  ClientError,
  addPerson,
  admit,
  approveDevice,
  approvePending,
  giveOrder,
  listAdmissions,
  listIntruding,
  listPending,
  nameDevice,
  practicePeople,
  refusePending,
  thawWithCode,
  type Client,
  type IntrudingOrder,
  type PendingOrder,
  type PracticePeople,
} from "@sinetti/client";
import {
  liveFreezes,
  type DeviceId,
  type Hash,
  type MemberId,
  type OrderId,
  type Role,
} from "@sinetti/core";

import type { Session } from "../session.ts";

/** What became of an order. */
export interface Outcome {
  readonly state: "done" | "pending";
  /** Unix seconds from which a pending order acts without a second person; null: it waits for the person. */
  readonly dueAt: number | null;
}

/** A freeze that is in force. */
export interface FreezeRow {
  readonly id: string;
  /** Null: the whole practice. */
  readonly member: string | null;
}

/** Orders that wait, and those among them that would bring in somebody as this member, or by the trustees. */
export interface Waiting {
  readonly orders: readonly PendingOrder[];
  readonly intruding: readonly IntrudingOrder[];
}

const outcomeOf = (
  given: { state: "done" } | { state: "pending"; dueAt: number | null },
): Outcome => ({
  state: given.state,
  dueAt: given.state === "pending" ? given.dueAt : null,
});

/** A name that cannot be written now is given later: the device is let in all the same. */
async function nameIfNow(client: Client, device: DeviceId, name: string): Promise<void> {
  try {
    await nameDevice(client, device, name);
  } catch (error) {
    if (!(error instanceof ClientError) || error.code === "verification-failed") throw error;
  }
}

/** The people of the practice, their devices, freezes, and what waits for a second person. */
export const makePeopleDesk = (session: Session) => ({
  list: async (): Promise<PracticePeople> => {
    const { client } = session;
    await client.context.practice.sync(client.context.services);
    return practicePeople(client);
  },
  waiting: async (): Promise<Waiting> => {
    const { context } = session.client;
    const [orders, intruding] = await Promise.all([listPending(context), listIntruding(context)]);
    return { orders, intruding };
  },
  freezes: async (): Promise<FreezeRow[]> => {
    const { practice, member } = session.client;
    const everybody = [...new Set([member, ...Object.keys(practice.members)])] as MemberId[];
    const live = everybody.flatMap((each) => liveFreezes(practice, each));
    const byId = new Map(live.map(({ id, freeze }) => [id, { id, member: freeze.member }]));
    return [...byId.values()];
  },
  /** Adds the person whose device shows this code. */
  add: async (wish: { code: string; name: string; roles: readonly Role[] }): Promise<Outcome> => {
    const { code, ...person } = wish;
    const { pending } = await addPerson(session.client, code, person);
    return { state: pending === null ? "done" : "pending", dueAt: null };
  },
  /** Lets a further device of this very member in, and calls it something. */
  letIn: async (code: string, name: string): Promise<Outcome> => {
    const { client } = session;
    const { device, given } = await approveDevice(client.context, code);
    if (name.trim() !== "") await nameIfNow(client, device, name);
    return outcomeOf(given);
  },
  /** Calls a device something; an empty name takes it away. */
  nameDevice: (device: string, name: string): Promise<void> =>
    nameDevice(session.client, device as DeviceId, name),
  end: async (member: string): Promise<Outcome> =>
    outcomeOf(
      await giveOrder(session.client.context, "member.end", { member: member as MemberId }),
    ),
  endDevice: async (device: string): Promise<Outcome> =>
    outcomeOf(
      await giveOrder(session.client.context, "device.end", { device: device as DeviceId }),
    ),
  setRoles: async (member: string, roles: readonly Role[]): Promise<Outcome> =>
    outcomeOf(
      await giveOrder(session.client.context, "member.role", {
        member: member as MemberId,
        roles: [...roles],
      }),
    ),
  /** Approves an order as a second person, and finishes what it was the last thing for. */
  approve: async (order: string): Promise<Outcome> => {
    const { client } = session;
    const outcome = outcomeOf(await approvePending(client.context, order as Hash));
    await admit(client, await listAdmissions(client));
    return outcome;
  },
  refuse: (order: string): Promise<void> => refusePending(session.client.context, order as Hash),
  /** Asks for the end of a freeze; with the paper code where no second person is there. */
  thaw: async (freeze: string, code: string | null): Promise<Outcome> => {
    const { client } = session;
    const id = freeze as OrderId;
    if (code !== null) return outcomeOf(await thawWithCode(client.context, { freeze: id, code }));
    if (
      client.isFrozen &&
      liveFreezes(client.practice, client.member).some(({ freeze: { member } }) => member !== null)
    )
      throw new ClientError("refused", { detail: "frozen-author" });
    return outcomeOf(await giveOrder(client.context, "thaw", { freeze: id }));
  },
});
