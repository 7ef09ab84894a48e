import {
  CoreError,
  accessHead,
  applyAccessStatement,
  applyPracticeStatement,
  bytesToId,
  practiceHead,
  randomBytes,
  readStatement,
  startAccess,
  teamKey,
  type AccessBody,
  type AccessKind,
  type AccessState,
  type Compartment,
  type FileId,
  type Grant,
  type Link,
  type Order,
  type OrderKind,
  type Signed,
  type SiteId,
  type Subject,
  type TeamId,
  type TeamKind,
} from "@sinetti/core";
import {
  generateKemKey,
  signAccessStatement,
  signOrder,
  type KemKey,
  type SignKey,
} from "@sinetti/core/secret";
import {
  introduction,
  testMember,
  type TestMember,
  type TestPractice,
} from "../../../tools/testPractice.ts";

/** The code with which core refuses; "accepted" when it does not. */
export function refusal(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof CoreError) return error.code;
    throw error;
  }
  return "accepted";
}

/** The body of one kind of order. */
export type BodyOf<K extends OrderKind> = Extract<Order, { kind: K }>["body"];

/** An order with its approvals, folded at the head. */
export function give<K extends OrderKind>(
  practice: TestPractice,
  by: TestMember,
  { kind, body, approvers = [] }: { kind: K; body: BodyOf<K>; approvers?: TestMember[] },
): Signed {
  const order = practice.order(by, kind, body as never);
  practice.apply(
    practice.statement(
      by,
      order,
      approvers.map((each) => practice.approval(each, order)),
    ),
  );
  return order;
}

/** Folds an order into a copy of the practice's state and gives the code of the refusal. */
export function tryOrder(
  practice: TestPractice,
  { by, order, approvals = [] }: { by: TestMember; order: Signed; approvals?: Signed[] },
): string {
  return refusal(() =>
    applyPracticeStatement(
      structuredClone(practice.state),
      readStatement(practice.statement(by, order, approvals)),
      { week: practice.week },
    ),
  );
}

/** An order signed by something else than a device: kit, recovery key, paper code. */
export function orderByKey<K extends OrderKind>(
  practice: TestPractice,
  author: { by: Order["author"]["by"]; id: Order["author"]["id"]; key: SignKey },
  { kind, body }: { kind: K; body: BodyOf<K> },
): Signed {
  return signOrder(
    {
      practice: practice.id,
      author: { by: author.by, id: author.id },
      seen: practiceHead(practice.state),
      kind,
      body,
    } as Parameters<typeof signOrder<K>>[0],
    author.key.secret,
  );
}

/** Adds a member with the approvals of others. */
export function join(
  practice: TestPractice,
  roles: TestMember["roles"],
  approvers: TestMember[] = [],
): TestMember {
  const member = testMember(roles);
  give(practice, practice.founder, { kind: "member.add", body: introduction(member), approvers });
  return member;
}

/** Lets weeks pass. */
export function elapse(practice: TestPractice, weeks: number): void {
  practice.week += weeks;
}

/** A team with the seats of these members. */
export function openTeam(
  practice: TestPractice,
  kind: TeamKind,
  {
    members,
    site = kind === "office" ? bytesToId<SiteId>(randomBytes(16)) : null,
    approvers = [],
  }: { members: TestMember[]; site?: SiteId | null; approvers?: TestMember[] },
): { team: TeamId; site: SiteId | null; kem: KemKey } {
  const team = bytesToId<TeamId>(randomBytes(16));
  const kem = generateKemKey();
  give(practice, practice.founder, {
    kind: "team.open",
    body: { team, kind, site, key: kem.publicKey, seals: members.map(sealTo) },
    approvers,
  });
  return { team, site, kem };
}

/** The seal of a team's seed to a member, as the chain carries it; its bytes are opaque to the chain. */
export function sealTo({ member }: TestMember): {
  member: TestMember["member"];
  keyVersion: number;
  sealed: Uint8Array;
} {
  return { member, keyVersion: 1, sealed: new Uint8Array(8) };
}

/** A grant to a team. */
export function teamGrant(
  practice: TestPractice,
  team: TeamId,
  options: Partial<Grant> = {},
): Grant {
  return {
    subject: { type: "team", id: team },
    keyVersion: teamKey(practice.state, team)?.version ?? 1,
    rights: 7,
    term: "standing",
    expires: 0,
    reason: "office",
    ...options,
  };
}

const HASH = "11".repeat(32) as AccessBody<"grant">["wraps"];

/** A create with exactly these grants. */
export function createLink(
  practice: TestPractice,
  by: TestMember,
  {
    compartment,
    grants,
    site = null,
    counted = ["identity", "office", "care", "portal", "process"].includes(compartment),
  }: { compartment: Compartment; grants: Grant[]; site?: SiteId | null; counted?: boolean },
): Link {
  const file = bytesToId<FileId>(randomBytes(16));
  return readStatement(
    signAccessStatement(
      { practice: practice.id, file, device: by.device, head: null },
      {
        kind: "create",
        body: {
          seen: practiceHead(practice.state),
          compartment,
          case: counted ? bytesToId(randomBytes(16)) : null,
          site,
          commit: new Uint8Array(32),
          wraps: HASH,
          grants,
        },
      },
      by.statement.secret,
    ),
  );
}

/** A folded file with exactly these grants. */
export function createFile(
  practice: TestPractice,
  by: TestMember,
  options: Parameters<typeof createLink>[2],
): AccessState {
  return startAccess(createLink(practice, by, options), {
    practice: practice.state,
    week: practice.week,
  });
}

/** The next statement of a file. */
export function accessLink<K extends AccessKind>(
  practice: TestPractice,
  by: TestMember,
  {
    state,
    kind,
    body,
  }: {
    state: AccessState;
    kind: K;
    body: Omit<AccessBody<K>, "seen"> & { seen?: AccessBody<K>["seen"] };
  },
): Link {
  return readStatement(
    signAccessStatement(
      { practice: practice.id, file: state.file, device: by.device, head: accessHead(state) },
      { kind, body: { seen: practiceHead(practice.state), ...body } as AccessBody<K> },
      by.statement.secret,
    ),
  );
}

/** Folds a statement of a file; changes `state`. */
export function fold(practice: TestPractice, state: AccessState, link: Link): AccessState {
  applyAccessStatement(state, link, { practice: practice.state, week: practice.week });
  return state;
}

/** Folds a statement into a copy of the file and gives the code of the refusal. */
export function tryAccess(practice: TestPractice, state: AccessState, link: Link): string {
  return refusal(() => fold(practice, structuredClone(state), link));
}

/** The body of a grant statement, with a wrap of this epoch. */
export function grantBody(grant: Grant, epoch = 1): Omit<AccessBody<"grant">, "seen"> {
  return { grant, epoch, wraps: HASH };
}

/** The body of a rekey statement. */
export function rekeyBody(epoch: number): Omit<AccessBody<"rekey">, "seen"> {
  return { epoch, commit: new Uint8Array(32).fill(epoch), wraps: HASH, prior: new Uint8Array(72) };
}

/** The subject of a member. */
export function subjectOf({ member }: TestMember): Subject {
  return { type: "member", id: member };
}

/** A result with what it is about, so that a failure inside a table names its row. */
export function told(about: string, result: string | boolean | number): string {
  return `${about}: ${result}`;
}
