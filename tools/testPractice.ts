import { webcrypto } from "node:crypto";
import {
  ALL_RIGHTS,
  DEFAULT_POLICY,
  accessHead,
  applyPracticeStatement,
  bytesToId,
  hashSealedShare,
  hashWraps,
  initSuite,
  memberKey,
  practiceHead,
  practiceIdOf,
  recoveryAt,
  randomBytes,
  hashOrder,
  readAccessBody,
  readStatement,
  sha256,
  startPractice,
  weekOf,
  ZERO_ID,
  type AccessState,
  type CaseId,
  type Compartment,
  type DeviceId,
  type FileId,
  type Genesis,
  type Grant,
  type Link,
  type MemberId,
  type Order,
  type OrderKind,
  type PracticeId,
  type PracticeState,
  type RecordState,
  type Role,
  type ServiceName,
  type SignPublicKey,
  type Signed,
  type Subject,
  type Wrap,
} from "@sinetti/core";
import { signAcceptance } from "@sinetti/core/service";
import {
  commitFileKey,
  deriveFileKey,
  deriveRecoveryKeys,
  gateHalfBytes,
  generateEntryId,
  generateHalves,
  generateKemKey,
  generateKit,
  generateRecoverySecret,
  generateSignKey,
  kitSignKey,
  breakGlassKey,
  sealEntry,
  sealWrap,
  signAccessStatement,
  signAppend,
  signApproval,
  signGenesis,
  signOrder,
  signOrderStatement,
  type KemKey,
  type SignKey,
} from "@sinetti/core/secret";

/** Loads the suite with the platform's randomness. */
export async function loadSuite(): Promise<void> {
  await initSuite((count) => webcrypto.getRandomValues(new Uint8Array(count)));
}

/** A member with everything that their devices hold. */
export interface TestMember {
  readonly member: MemberId;
  readonly roles: Role[];
  readonly kem: KemKey;
  readonly kit: SignKey;
  readonly device: DeviceId;
  readonly statement: SignKey;
  readonly request: SignKey;
}

/** A file with the halves of its first epoch. */
export interface TestFile {
  readonly file: FileId;
  readonly statement: Signed;
  readonly link: Link;
  readonly wraps: Wrap[];
  readonly share: Uint8Array;
  readonly key: ReturnType<typeof deriveFileKey>;
}

function freshId<I extends PracticeId | MemberId | DeviceId | FileId | CaseId>(): I {
  return bytesToId<I>(randomBytes(16));
}

/** Makes a person with one device. */
export function testMember(roles: Role[]): TestMember {
  return {
    member: freshId<MemberId>(),
    roles,
    kem: generateKemKey(),
    kit: kitSignKey(generateKit()),
    device: freshId<DeviceId>(),
    statement: generateSignKey(),
    request: generateSignKey(),
  };
}

/** What `member.add` says of a person. */
export function introduction({
  member,
  roles,
  kem,
  kit,
  device,
  statement,
  request,
}: TestMember): Genesis["founder"] {
  return {
    member,
    roles,
    key: kem.publicKey,
    kit: kit.publicKey,
    device: { device, statementKey: statement.publicKey, requestKey: request.publicKey },
  };
}

/** A practice in memory: its keys, its chain, and a gate's word on each link. Services may bring their own keys. */
export class TestPractice {
  readonly founder: TestMember;
  readonly recovery: ReturnType<typeof deriveRecoveryKeys>;
  readonly code: SignKey;
  readonly gate: SignKey;
  readonly genesis: Signed;
  readonly id: PracticeId;
  readonly state: PracticeState;
  readonly links: { statement: Signed; acceptance: Signed }[] = [];
  week: number;

  constructor(
    options: {
      founderRoles?: Role[];
      services?: Partial<Record<ServiceName, SignPublicKey>>;
      week?: number;
      gate?: SignKey;
    } = {},
  ) {
    this.week = options.week ?? weekOf(Date.now() / 1000);
    this.founder = testMember(options.founderRoles ?? ["therapist", "admin", "privacy"]);
    this.recovery = deriveRecoveryKeys(generateRecoverySecret());
    this.code = breakGlassKey(generateKit());
    this.gate = options.gate ?? generateSignKey();
    const key = (service: ServiceName): SignPublicKey =>
      options.services?.[service] ??
      (service === "gate" ? this.gate.publicKey : generateSignKey().publicKey);
    this.genesis = signGenesis(
      {
        root: this.recovery.root.publicKey,
        services: { who: key("who"), what: key("what"), gate: key("gate") },
        recovery: { kem: this.recovery.kem.publicKey, sign: this.recovery.sign.publicKey },
        breakGlass: this.code.publicKey,
        policy: DEFAULT_POLICY,
        quorumAgeWeeks: 1,
        founder: introduction(this.founder),
      },
      this.recovery.root,
    );
    this.id = practiceIdOf(this.genesis);
    this.state = startPractice(this.genesis, { practice: this.id, week: this.week });
    this.accept(this.genesis);
  }

  private accept(statement: Signed): void {
    const {
      statement: { seq },
      hash,
    } = readStatement(statement);
    const item = { chain: "practice" as const, id: this.id, seq, hash, share: null };
    this.links.push({
      statement,
      acceptance: signAcceptance(
        { practice: this.id, week: this.week, items: [item] },
        this.gate.secret,
      ),
    });
  }

  /** An order by a member's device, seen at the head. */
  order<K extends OrderKind>(
    by: TestMember,
    kind: K,
    body: Extract<Order, { kind: K }>["body"],
  ): Signed {
    const author = { by: "device" as const, id: by.device };
    return signOrder(
      { practice: this.id, author, seen: practiceHead(this.state), kind, body } as Parameters<
        typeof signOrder<K>
      >[0],
      by.statement.secret,
    );
  }

  /** The consent of a member to one order. */
  approval(by: TestMember, order: Signed): Signed {
    return signApproval(
      {
        practice: this.id,
        order: hashOrder(order),
        author: { by: "device", id: by.device },
        until: this.week + 2,
      },
      by.statement.secret,
    );
  }

  /** The statement that sequences an order. */
  statement(by: TestMember, order: Signed, approvals: Signed[] = []): Signed {
    return signOrderStatement(
      this.state,
      { device: by.device, order, approvals },
      by.statement.secret,
    );
  }

  /** Sequences an order in memory. */
  apply(statement: Signed): void {
    applyPracticeStatement(this.state, readStatement(statement), { week: this.week });
    this.accept(statement);
  }

  /** Adds a member while the practice is young. */
  add(roles: Role[]): TestMember {
    const member = testMember(roles);
    this.apply(
      this.statement(this.founder, this.order(this.founder, "member.add", introduction(member))),
    );
    return member;
  }

  /** A grant to a member or to recovery. */
  grant(to: TestMember | "recovery", options: Partial<Grant> = {}): Grant {
    const isRecovery = to === "recovery";
    const subject: Subject = isRecovery
      ? { type: "recovery", id: ZERO_ID as MemberId }
      : { type: "member", id: to.member };
    const base = {
      subject,
      keyVersion: isRecovery
        ? recoveryAt(this.state).version
        : (memberKey(this.state, to.member)?.version ?? 1),
      term: "standing" as const,
    };
    if (isRecovery) return { ...base, rights: 1, expires: 0, reason: "recovery", ...options };
    return { ...base, rights: ALL_RIGHTS, expires: this.week + 13, reason: "care", ...options };
  }

  private publicKeyOf({ subject }: Grant): Parameters<typeof sealWrap>[1]["key"] {
    if (subject.type === "recovery") return recoveryAt(this.state).kem;
    const key = memberKey(this.state, subject.id as MemberId);
    if (key === null) throw new TypeError("unknown member");
    return key.key;
  }

  /** Creates a file with grants to its creator, recovery, and whoever else. */
  createFile(
    by: TestMember,
    compartment: Compartment,
    options: { caseId?: CaseId | null; grants?: Grant[] } = {},
  ): TestFile {
    const file = freshId<FileId>();
    const context = { practice: this.id, file, compartment, epoch: 1 };
    const halves = generateHalves();
    const key = deriveFileKey(halves, context);
    const grants = [this.grant(by), this.grant("recovery"), ...(options.grants ?? [])];
    const wraps = grants.map((grant) =>
      sealWrap(
        halves.member,
        { subject: grant.subject, keyVersion: grant.keyVersion, key: this.publicKeyOf(grant) },
        context,
      ),
    );
    const caseId = options.caseId === undefined ? freshId<CaseId>() : options.caseId;
    const body = {
      seen: practiceHead(this.state),
      compartment,
      case: caseId,
      site: null,
      commit: commitFileKey(key),
      wraps: hashWraps(wraps),
      grants,
    };
    const statement = signAccessStatement(
      { practice: this.id, file, device: by.device, head: null },
      { kind: "create", body },
      by.statement.secret,
    );
    return {
      file,
      statement,
      link: readStatement(statement),
      wraps,
      share: gateHalfBytes(halves.gate),
      key,
    };
  }

  /** What the gate keeps at rest of the halves that these statements bring; whoever stores it cannot open it. */
  sharesAtRest(statements: Signed[]): { file: FileId; epoch: number; sealed: Uint8Array }[] {
    return statements.flatMap((signed) => {
      const link = readStatement(signed);
      const { kind, id } = link.statement;
      if (kind !== "create" && kind !== "rekey") return [];
      const epoch = kind === "create" ? 1 : readAccessBody(link, kind).epoch;
      return [{ file: id as FileId, epoch, sealed: sha256(signed) }];
    });
  }

  /** The gate's word on a batch of access statements. */
  acceptAccess(statements: Signed[]): Signed {
    const items = statements.map((signed) => {
      const { statement, hash } = readStatement(signed);
      const [half] = this.sharesAtRest([signed]);
      const share = half === undefined ? null : hashSealedShare(half.sealed);
      return { chain: statement.chain, id: statement.id, seq: statement.seq, hash, share };
    });
    return signAcceptance({ practice: this.id, week: this.week, items }, this.gate.secret);
  }

  /** An append of sealed bodies with their boxes. */
  append(
    by: TestMember,
    file: TestFile,
    {
      access,
      record,
      bodies,
    }: { access: AccessState; record: RecordState | null; bodies: Uint8Array[] },
  ): { statement: Signed; boxes: Uint8Array[] } {
    const context = {
      practice: this.id,
      file: file.file,
      compartment: access.compartment,
      epoch: 1,
    };
    const sealed = bodies.map((body) =>
      sealEntry(file.key, context, { id: generateEntryId(), class: "entry", body }),
    );
    const statement = signAppend(
      { practice: this.id, file: file.file, device: by.device, head: record?.head ?? null },
      {
        seen: practiceHead(this.state),
        access: accessHead(access),
        epoch: 1,
        entries: sealed.map(({ header }) => header),
      },
      by.statement.secret,
    );
    return { statement, boxes: sealed.map(({ box }) => box) };
  }
}
