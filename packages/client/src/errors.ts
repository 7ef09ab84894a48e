import type { DeviceId, Hash, MemberId, ProblemCode, ServiceName } from "@sinetti/core";

/** Closed list of what a client reports. */
export type ClientErrorCode =
  | "unreachable"
  | "refused"
  | "verification-failed"
  | "wrong-password"
  | "wrong-passkey"
  | "no-profile"
  | "profile-exists"
  | "not-ready"
  | "storage-full"
  | "pending"
  | "restored"
  | "other-version"
  | "unknown-record"
  | "input-rejected";

const MESSAGES: Record<ClientErrorCode, string> = {
  unreachable:
    "A service did not answer. What you wrote is kept, sealed, on this device and goes out when the service is back.",
  refused: "The service refused.",
  "verification-failed":
    "A check failed, and everything stopped here. Do not go on: tell your privacy officer. Nothing was changed.",
  "wrong-password": "The password does not open this device.",
  "wrong-passkey": "No passkey of this device was given, or it does not open it. Use the password.",
  "no-profile": "There is no device here yet.",
  "profile-exists": "There is a device here already.",
  "not-ready": "This device waits for its approval.",
  "storage-full":
    "The disk of this device is full. Nothing is half written; what a service had acknowledged is there. Make room, then look before you enter it again: the next command finishes what was kept.",
  pending: "This needs a second person. The order waits at the gate.",
  restored:
    "A service was brought back from a backup and is still until two of the staff resume it (sinetti resume). What you wrote is kept, sealed, on this device and goes out then.",
  "other-version":
    "This program and the services speak no version in common. Nothing was sent, and what you wrote is kept. Update the older of them.",
  "unknown-record": "There is no such record among those you can open.",
  "input-rejected": "The input was rejected; nothing was written.",
};

/** Something that a person has to know; `detail` names the service, code, or field, never content. */
export class ClientError extends Error {
  override readonly name = "ClientError";
  readonly code: ClientErrorCode;
  readonly detail: string | null;
  constructor(code: ClientErrorCode, options: { detail?: string; cause?: unknown } = {}) {
    super(options.detail === undefined ? MESSAGES[code] : `${MESSAGES[code]} (${options.detail})`, {
      cause: options.cause,
    });
    this.code = code;
    this.detail = options.detail ?? null;
  }
}

/** A service answered with problem details. */
export class ServiceRefusal extends ClientError {
  readonly service: ServiceName;
  readonly problem: ProblemCode;
  /** Which item of a batch was refused; null: not a batch, or all of it. */
  readonly index: number | null;
  constructor(service: ServiceName, problem: ProblemCode, index: number | null) {
    super("refused", { detail: `${service}: ${problem}` });
    this.service = service;
    this.problem = problem;
    this.index = index;
  }
}

/** An order of a device that is on its way in waits at the gate, for a second person or for its time. */
export class OrderWaits extends ClientError {
  readonly order: Hash;
  /** Unix seconds from which it acts alone; null: it waits for the person. */
  readonly dueAt: number | null;
  readonly member: MemberId;
  readonly device: DeviceId;
  constructor(
    order: Hash,
    { dueAt, member, device }: { dueAt: number | null; member: MemberId; device: DeviceId },
  ) {
    super(
      "not-ready",
      dueAt === null ? {} : { detail: `from ${new Date(dueAt * 1000).toISOString()}` },
    );
    this.order = order;
    this.dueAt = dueAt;
    this.member = member;
    this.device = device;
  }
}

/** A check on what a service gave has failed: the hard stop, with no way to go on. */
export function hardStop(detail: string, cause?: unknown): ClientError {
  return new ClientError("verification-failed", { detail, cause });
}

/** Whether something was refused for good, by a service or here. */
export function isRefused(error: unknown): error is ClientError {
  return error instanceof ClientError && error.code === "refused";
}

/** Whether an error is a refusal, with one of these codes if any are given. */
export function isRefusal(
  error: unknown,
  ...codes: readonly ProblemCode[]
): error is ServiceRefusal {
  return error instanceof ServiceRefusal && (codes.length === 0 || codes.includes(error.problem));
}

/** What a service refuses today and may take tomorrow: a clock is wrong, its disk is full, too much came at once. */
const PASSING: readonly ProblemCode[] = [
  "internal",
  "outside-window",
  "clock-jump",
  "rate-limited",
];

/** Whether the work is to be taken up later: a service is down, still after a restore, or refuses for what will pass. */
export function mustWait(error: unknown): boolean {
  if (isRefusal(error, ...PASSING)) return true;
  return (
    error instanceof ClientError && (error.code === "unreachable" || error.code === "restored")
  );
}

/** Whether a service refused for good, so that what was kept for it is struck. */
export function isRefusedForGood(error: unknown): error is ServiceRefusal {
  return isRefusal(error) && !mustWait(error);
}
