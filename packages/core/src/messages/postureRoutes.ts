import type { MemberId, PracticeId } from "../brand.ts";
import { CoreError } from "../errors.ts";
import { LIMITS } from "../limits.ts";
import { SERVICES, type ServiceName } from "../order.ts";
import {
  bool,
  code,
  decodeShape,
  id,
  list,
  nullable,
  record,
  text,
  uint,
  version,
  type Shape,
  type Shaped,
} from "../shape.ts";
import { empty, route, TINY_BODY } from "./route.ts";

/** Bounds of what is told of a database; what has no room is counted. */
export const POSTURE_LIMITS = {
  /** Bytes of a board. */
  boardBytes: 1024 * 1024,
  findings: 300,
  changes: 300,
  hosts: 100,
  signers: 20,
  /** UTF-16 units of an object, a reason and other words. */
  text: 2000,
  /** UTF-16 units of a mend, which is told whole or not at all. */
  mend: 8000,
} as const;

const DAY = /^\d{4}-\d\d-\d\d$/;
const day: Shape<string> = {
  encode: (value) => value,
  decode: (wire) => {
    if (typeof wire !== "string" || !DAY.test(wire)) throw new CoreError("malformed");
    return wire;
  },
};
const severity = code(["low", "medium", "high", "critical"]);
const words = text(POSTURE_LIMITS.text);
const signers = list(id<MemberId>(), { max: POSTURE_LIMITS.signers });
const checks = list(text(), { max: POSTURE_LIMITS.findings });

const findingFields = {
  /** Of the check: `G2`. */
  id: text(),
  severity,
  object: words,
  title: words,
  why: words,
  /** Null: too long for here. */
  mend: nullable(text(POSTURE_LIMITS.mend)),
  state: code(["open", "regressed", "excepted"]),
  /** Unix seconds, as all instants here. */
  first: uint(),
  regressions: uint(),
  /** The last day on which it is excepted. */
  until: nullable(day),
};
const changeShape = record({
  at: uint(),
  change: code(["opened", "mended", "regressed", "excepted", "ended"]),
  id: text(),
  severity: nullable(severity),
  object: words,
  until: nullable(day),
});
const hostFinding = record(findingFields);
const hosts = record({
  looked: uint(),
  words: list(
    record({
      host: text(),
      /** When it made the newest statement; null: there is none. */
      said: nullable(uint()),
      signature: code(["good", "bad", "unsigned"]),
      isOfPlan: bool,
      /** Seconds after which a statement is late. */
      lateAfter: uint(),
      /** What it reached or found that the plan does not have. */
      wrong: uint(),
    }),
    { max: POSTURE_LIMITS.hosts },
  ),
  findings: list(hostFinding, { max: POSTURE_LIMITS.findings }),
});
const boardFields = {
  looked: uint(),
  /** Checks that the role which looks may not make. */
  blind: checks,
  /** Findings that had no room. */
  left: uint(),
  /** Newest first. */
  changes: list(changeShape, { max: POSTURE_LIMITS.changes }),
  /** Null: there is no plan of hosts here. */
  hosts: nullable(hosts),
};

/** What the launcher of a service writes down for it after each look at its database. */
export const postureBoardShape = record({
  v: version,
  service: code(SERVICES),
  ...boardFields,
  /** Worst first. */
  findings: list(
    record({
      ...findingFields,
      /** Under an exception, by practice: each is told its own. */
      signed: list(record({ practice: id<PracticeId>(), reason: words, by: signers }), {
        max: LIMITS.itemsPerBatch,
      }),
    }),
    { max: POSTURE_LIMITS.findings },
  ),
});
/** A board of one database. */
export type PostureBoard = Shaped<typeof postureBoardShape>;

const shownBoardShape = record({
  ...boardFields,
  findings: list(record({ ...findingFields, reason: nullable(words), by: signers }), {
    max: POSTURE_LIMITS.findings,
  }),
});
/** A board as an administrator or a privacy officer of one practice is shown it. */
export type ShownBoard = Shaped<typeof shownBoardShape>;

/** What posture found of the database of the service that is asked. */
export const POSTURE_ROUTES = {
  /** With `findings`: for administrators and privacy officers alone. Everybody of the staff learns what is borne. */
  postureRead: route("/v1/posture/read", {
    request: record({ findings: bool }),
    answer: record({
      /** The service's clock. */
      at: uint(),
      /** `missing`: nobody has looked, or the service is not told; `broken`: what it was told cannot be read. */
      state: code(["seen", "missing", "broken"]),
      /** The last day of each exception under which a critical fault is borne. */
      borne: list(day, { max: POSTURE_LIMITS.findings }),
      /** Critical faults that nobody bears; null: not for this role. */
      open: nullable(uint()),
      board: nullable(shownBoardShape),
    }),
    maxBytes: TINY_BODY,
  }),
  /** Asks that the database be looked at now (administrator, privacy officer); the look comes within seconds. */
  postureLook: route("/v1/posture/look", { request: empty, answer: empty, maxBytes: TINY_BODY }),
} as const;

/** Reads a board of a service's own database. Errors: `malformed` (another service's too), `too-large`, `not-canonical`, `unknown-version`. */
export function readPostureBoard(bytes: Uint8Array, service: ServiceName): PostureBoard {
  const board = decodeShape(postureBoardShape, bytes, POSTURE_LIMITS.boardBytes);
  if (board.service !== service) throw new CoreError("malformed");
  return board;
}

/** The last day of each exception under which a critical fault is borne, soonest first. */
export function borneDays({ findings }: PostureBoard): string[] {
  return findings
    .filter((one) => one.severity === "critical" && one.state === "excepted")
    .flatMap(({ until }) => (until === null ? [] : [until]))
    .sort();
}

/** How many critical faults nobody bears. */
export function criticalFaults({ findings }: PostureBoard): number {
  return findings.filter((one) => one.severity === "critical" && one.state !== "excepted").length;
}

const NAMED_PRACTICE = /(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])/g;

/** Whether an object names a practice that is not this one. */
const isOfAnother = ({ object }: { readonly object: string }, practice: PracticeId): boolean =>
  [...object.matchAll(NAMED_PRACTICE)].some(([name]) => name !== practice);

/** A board for one practice: it learns nothing that is about another one, and of who signed its own members and reason. */
export function shownBoard(board: PostureBoard, practice: PracticeId): ShownBoard {
  const { v: _v, service: _service, findings: all, changes, ...rest } = board;
  const findings = all.filter((one) => !isOfAnother(one, practice));
  return {
    ...rest,
    changes: changes.filter((one) => !isOfAnother(one, practice)),
    findings: findings.map(({ signed, ...one }) => {
      const own = signed.find((each) => each.practice === practice);
      return { ...one, reason: own?.reason ?? null, by: own?.by ?? [] };
    }),
  };
}
