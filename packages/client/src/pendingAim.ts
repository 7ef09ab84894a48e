import {
  policyAt,
  serviceKeyId,
  type MemberId,
  type Order,
  type Policy,
  type PracticeState,
  type Role,
} from "@sinetti/core";

/** What a person who approves an order consents to beside its kind: nobody is a second person for what they do not see. */
export interface OrderAim {
  /** Whose device or kit gave it; null: a key of the practice. */
  readonly asker: MemberId | null;
  /** Whom it is done to. */
  readonly members: readonly MemberId[];
  /** The roles that it gives. */
  readonly roles: readonly Role[];
  /** What else it fixes, by names of its own format. */
  readonly facts: readonly { readonly name: string; readonly value: string }[];
}

type Facts = OrderAim["facts"];
type Target = Pick<OrderAim, "members" | "roles" | "facts">;

const NOTHING: Target = { members: [], roles: [], facts: [] };

function numbersOf(policy: Policy): Map<string, number> {
  return new Map(
    Object.entries(policy).flatMap(([name, value]): [string, number][] =>
      typeof value === "number"
        ? [[name, value]]
        : Object.entries(value).map(([horizon, each]) => [`${name}.${horizon}`, each]),
    ),
  );
}

/** The numbers that another policy changes. */
function changedNumbers(before: Policy, after: Policy): Facts {
  const held = numbersOf(before);
  return [...numbersOf(after)].flatMap(([name, value]) =>
    held.get(name) === value ? [] : [{ name, value: `${held.get(name)} → ${value}` }],
  );
}

function factsOf(named: Readonly<Record<string, string | number | null>>): Facts {
  return Object.entries(named).flatMap(([name, value]) =>
    value === null ? [] : [{ name, value: String(value) }],
  );
}

function targetOf(state: PracticeState, { kind, body }: Order): Target {
  switch (kind) {
    case "member.role":
      return { ...NOTHING, members: [body.member], roles: body.roles };
    case "member.rekey":
    case "member.end":
      return { ...NOTHING, members: [body.member] };
    case "device.add":
      return { ...NOTHING, members: [body.member], facts: factsOf({ device: body.device.device }) };
    case "device.end": {
      const member = state.devices[body.device]?.member;
      const facts = factsOf({ device: body.device });
      return { ...NOTHING, members: member === undefined ? [] : [member], facts };
    }
    case "team.open": {
      const members = body.seals.map(({ member }) => member);
      return { ...NOTHING, members, facts: factsOf({ team: body.kind, site: body.site }) };
    }
    case "team.add":
    case "team.remove": {
      const member = kind === "team.add" ? body.seal.member : body.member;
      const team = state.teams[body.team];
      return { ...NOTHING, members: [member], facts: factsOf({ team: team?.kind ?? body.team }) };
    }
    case "team.rekey":
      return { ...NOTHING, facts: factsOf({ team: state.teams[body.team]?.kind ?? body.team }) };
    case "policy":
      return { ...NOTHING, facts: changedNumbers(policyAt(state), body.policy) };
    case "freeze":
      return { ...NOTHING, members: body.member === null ? [] : [body.member] };
    case "thaw": {
      const member = state.freezes[body.freeze]?.member ?? null;
      return { ...NOTHING, members: member === null ? [] : [member] };
    }
    case "resume":
      return { ...NOTHING, facts: factsOf({ restore: body.restore, lost: body.lost }) };
    case "service.rotate": {
      const facts = factsOf({ service: body.service, key: serviceKeyId(body.key) });
      return { ...NOTHING, facts };
    }
    case "recovery.rotate":
      return { ...NOTHING, facts: factsOf({ version: body.version }) };
    case "revoke":
      return { ...NOTHING, facts: factsOf({ file: body.file, subject: body.subject.id }) };
    case "erase":
      return { ...NOTHING, facts: factsOf({ file: body.file, reason: body.reason }) };
    case "unhold":
      return { ...NOTHING, facts: factsOf({ file: body.file, hold: body.hold }) };
    // Shown by the words and the hash that they have of their own, or in the round itself.
    case "member.add":
    case "recover":
    case "posture.policy":
    case "review.open":
    case "review.close":
      return NOTHING;
    default:
      return kind satisfies never;
  }
}

/** What an order would do and to whom, as far as the practice is known here. */
export function aimOf(state: PracticeState, order: Order): OrderAim {
  const { by, id } = order.author;
  const asker = by === "device" ? (state.devices[id]?.member ?? null) : null;
  return { asker: by === "kit" ? (id as MemberId) : asker, ...targetOf(state, order) };
}
