import {
  CoreError,
  GATE_ROUTES,
  LIMITS,
  LINKS_PER_ANSWER,
  ROLES,
  bytesToHex,
  decodeShape,
  encodeShape,
  introductionWords,
  shapes,
  type DeviceId,
  type Introduction,
  type MemberId,
  type Shaped,
  type SiteId,
} from "@sinetti/core";
import {
  generateSlip,
  openIntroduction,
  parseSlip,
  printSlip,
  sealOffer,
  slipMailbox,
} from "@sinetti/core/secret";
import type { Context } from "./context.ts";
import { generateMemberId } from "./deviceCeremony.ts";
import { ClientError } from "./errors.ts";
import { giveOrders, type Given } from "./giveOrder.ts";
import { readPendingOrders } from "./pending.ts";

const { code, id, list, nullable, record, text, uint } = shapes;
const PREFIX = "invitation/";
const NAME_LENGTH = 200;
const invitationShape = record({
  /** As printed; whoever has it may answer. */
  slip: text(),
  member: id<MemberId>(),
  name: text(NAME_LENGTH),
  roles: list(code(ROLES), { min: 1, max: ROLES.length }),
  site: nullable(id<SiteId>()),
  until: uint(),
});
/** A slip that this device made, and for whom; kept sealed here alone. */
export type Invitation = Shaped<typeof invitationShape>;
/** Who is to be invited. */
export type Invitee = Pick<Invitation, "name" | "roles" | "site">;

/**
 * How far an invitation is: nobody has answered; answered, with the words to compare; answered by what this slip did not seal;
 * no more at the gate, since it is over or was never laid down there.
 */
export type InvitationState =
  | { readonly state: "waiting" | "altered" | "gone" }
  | { readonly state: "answered"; readonly words: string; readonly introduction: Introduction };

/** One invitation with what became of it. */
export type InvitationRow = Invitation & InvitationState;

/** The invitations that this device keeps, by name. */
export async function keptInvitations({ device }: Context): Promise<Invitation[]> {
  const kept: Invitation[] = [];
  for (const name of await device.list(PREFIX)) {
    const cell = await device.read(name);
    if (cell !== null) kept.push(decodeShape(invitationShape, cell));
  }
  return kept.sort((a, b) => a.name.localeCompare(b.name));
}

/**
 * Makes a slip for each person and lays its offer down at the gate. A slip that is still open for the same name, roles and site
 * is given again, so that a run that was cut off goes on. Errors: ServiceRefusal `not-authorised`, `too-large`.
 */
export async function inviteMembers(
  context: Context,
  invitees: readonly Invitee[],
  { practiceName, until }: { practiceName: string; until: number },
): Promise<Invitation[]> {
  const now = context.world.clock.now();
  const kept = await keptInvitations(context);
  const open = kept.filter((each) => each.until > now);
  const over = kept.filter((each) => each.until <= now);
  const invitations = invitees.map(
    (invitee) => open.find((each) => isSamePerson(each, invitee)) ?? newInvitation(invitee, until),
  );
  await context.device.write([
    ...over.map(({ member }) => ({ name: PREFIX + member, value: null })),
    ...invitations.map((invitation) =>
      context.device.seal(PREFIX + invitation.member, encodeShape(invitationShape, invitation)),
    ),
  ]);
  for (let start = 0; start < invitations.length; start += LIMITS.itemsPerBatch)
    await layDown(context, invitations.slice(start, start + LIMITS.itemsPerBatch), practiceName);
  return invitations;
}

function newInvitation({ name, roles, site }: Invitee, until: number): Invitation {
  return { name, roles, site, until, slip: printSlip(generateSlip()), member: generateMemberId() };
}

function isSamePerson(a: Invitee, b: Invitee): boolean {
  return (
    a.name === b.name &&
    a.site === b.site &&
    a.roles.toSorted().join() === b.roles.toSorted().join()
  );
}

async function layDown(
  { practice, services }: Context,
  invitations: readonly Invitation[],
  practiceName: string,
): Promise<void> {
  const items = invitations.map(({ slip: printed, member, name, roles, until }) => {
    const slip = parseSlip(printed);
    const promise = { practice: practice.state.practice, member, roles, practiceName, name, until };
    return { mailbox: slipMailbox(slip), offer: sealOffer(slip, promise), until };
  });
  await services.call("gate", GATE_ROUTES.invitationPut, { items });
}

/** The invitations of this device with what answered them. A member of the chain is none any more: what was left of it is struck. */
export async function listInvitations(context: Context): Promise<InvitationRow[]> {
  const { state } = context.practice;
  const kept = await keptInvitations(context);
  const joined = kept.filter(({ member }) => state.members[member] !== undefined);
  if (joined.length > 0) await dropInvitations(context, joined);
  const answers = await readAnswers(context);
  return kept
    .filter(({ member }) => state.members[member] === undefined)
    .map((invitation) => ({ ...invitation, ...stateOf(context, invitation, answers) }));
}

type Answers = ReadonlyMap<string, Uint8Array | null>;

async function readAnswers({ services }: Context): Promise<Answers> {
  const answers = new Map<string, Uint8Array | null>();
  let after: Uint8Array | null = null;
  for (let more = true; more;) {
    const { answer }: { answer: Shaped<(typeof GATE_ROUTES)["invitationList"]["answer"]> } =
      await services.call("gate", GATE_ROUTES.invitationList, { after });
    for (const each of answer.invitations) answers.set(bytesToHex(each.mailbox), each.answer);
    after = answer.invitations.at(-1)?.mailbox ?? null;
    more = answer.more && after !== null;
  }
  return answers;
}

function stateOf(
  { practice }: Context,
  { slip: printed, member }: Invitation,
  answers: Answers,
): InvitationState {
  const slip = parseSlip(printed);
  const answer = answers.get(bytesToHex(slipMailbox(slip)));
  if (answer === undefined) return { state: "gone" };
  if (answer === null) return { state: "waiting" };
  try {
    const to = { practice: practice.state.practice, member };
    const introduction = openIntroduction(slip, to, answer);
    return { state: "answered", words: introductionWords(introduction), introduction };
  } catch (error) {
    if (!(error instanceof CoreError)) throw error;
    return { state: "altered" };
  }
}

/** A member as confirmed: in the chain, or waiting for a second person. */
export interface Confirmed {
  readonly member: MemberId;
  readonly device: DeviceId;
  readonly given: Given;
}

/**
 * Makes members of those whose words were compared: one order each, in batches. An order that waits already is not given twice.
 * Error: `refused` for an invitation that nobody has answered.
 */
export async function confirmInvitations(
  context: Context,
  members: readonly MemberId[],
): Promise<Confirmed[]> {
  const rows = await listInvitations(context);
  const chosen = members.map((member) => {
    const row = rows.find((each) => each.member === member);
    if (row?.state !== "answered")
      throw new ClientError("refused", { detail: "invitation-unanswered" });
    return row;
  });
  const waiting = new Map<MemberId, Given>(
    (await readPendingOrders(context)).flatMap(({ hash, order, dueAt }) =>
      order.kind === "member.add"
        ? [[order.body.member, { state: "pending", order: hash, dueAt }]]
        : [],
    ),
  );
  const confirmed: Confirmed[] = [];
  // A batch is given and dropped before the next: what is cut off leaves one batch to look at again.
  for (let start = 0; start < chosen.length; start += LINKS_PER_ANSWER) {
    const batch = chosen.slice(start, start + LINKS_PER_ANSWER);
    confirmed.push(...(await confirmBatch(context, batch, waiting)));
    await dropInvitations(context, batch);
  }
  return confirmed;
}

type Answered = Extract<InvitationRow, { state: "answered" }>;

async function confirmBatch(
  context: Context,
  batch: readonly Answered[],
  waiting: ReadonlyMap<MemberId, Given>,
): Promise<Confirmed[]> {
  const fresh = batch.filter(({ member }) => !waiting.has(member));
  const bodies = fresh.map(({ member, roles, introduction }) => ({
    member,
    roles,
    ...introduction,
  }));
  const given = await giveOrders(context, "member.add", bodies);
  const fallback: Given = { state: "done" };
  return batch.map((each) => ({
    member: each.member,
    device: each.introduction.device.device,
    given: waiting.get(each.member) ?? given[fresh.indexOf(each)] ?? fallback,
  }));
}

/** Takes invitations back: their slips are good for nothing any more. Error: `unknown-record`. */
export async function cancelInvitations(
  context: Context,
  members: readonly MemberId[],
): Promise<void> {
  const kept = await keptInvitations(context);
  const chosen = members.map((member) => {
    const found = kept.find((each) => each.member === member);
    if (found === undefined)
      throw new ClientError("unknown-record", { detail: "no such invitation on this device" });
    return found;
  });
  await dropInvitations(context, chosen);
}

/** The gate first: a slip must not outlive what this device knows of it. */
async function dropInvitations(
  { services, device }: Context,
  invitations: readonly Invitation[],
): Promise<void> {
  for (let start = 0; start < invitations.length; start += LIMITS.itemsPerBatch) {
    const slice = invitations.slice(start, start + LIMITS.itemsPerBatch);
    const mailboxes = slice.map(({ slip }) => slipMailbox(parseSlip(slip)));
    await services.call("gate", GATE_ROUTES.invitationDrop, { mailboxes });
    await device.write(slice.map(({ member }) => ({ name: PREFIX + member, value: null })));
  }
}
