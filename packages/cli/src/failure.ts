import { ClientError, ExportError, ServiceRefusal, type ExportErrorCode } from "@sinetti/client";
import { CoreError, type CoreErrorCode, type ProblemCode } from "@sinetti/core";
import { FhirError, PracticeError } from "@sinetti/practice";
import { BreakGlassError } from "@sinetti/posture";
import { CommanderError } from "commander";

import { InputError, Interrupted, UsageError, issueFields } from "./inputError.ts";
import { BackupError, type BackupErrorCode } from "./backup/backupError.ts";
import { ServeError, type ServeErrorCode } from "./serve/serveError.ts";
import { SiteError, type SiteErrorCode } from "./site/siteError.ts";
import { StartError } from "./start/startError.ts";
import { Unanswered } from "./unanswered.ts";

/** The exit codes of the contract. */
export const EXIT = {
  done: 0,
  fault: 1,
  usage: 2,
  refused: 3,
  verification: 4,
  unreachable: 5,
  input: 6,
  interrupted: 130,
} as const;

/** What a command says when it does not end well: never content, never a secret. */
export interface Failure {
  readonly exit: number;
  readonly code: string;
  readonly message: string;
  readonly fields?: readonly string[];
}

const PROBLEM_EXIT: Partial<Record<ProblemCode, number>> = {
  malformed: EXIT.fault,
  "not-canonical": EXIT.fault,
  "unknown-version": EXIT.fault,
  "unknown-route": EXIT.fault,
  unsigned: EXIT.fault,
  internal: EXIT.fault,
  "wrong-service": EXIT.verification,
  "bad-signature": EXIT.verification,
  "forked-chain": EXIT.verification,
  "too-large": EXIT.input,
  unavailable: EXIT.unreachable,
  behind: EXIT.unreachable,
};

/** Of work that waits for a passing refusal; whoever entered it anew would have it twice. */
const KEPT =
  "Anything that you wrote is kept, sealed, on this device and goes out then: do not enter it again.";

const PROBLEM_MESSAGE: Partial<Record<ProblemCode, string>> = {
  frozen:
    "You, or the practice, are frozen. Nothing was changed. To thaw: a colleague runs sinetti thaw and another one approves, or you run sinetti thaw --paper-code.",
  "over-budget":
    "This is more than your budget allows now. Nothing was opened. Wait, or ask a colleague for an approval.",
  "not-granted": "You hold no live grant on this record. Nothing was changed.",
  "not-authorised":
    "Your role does not allow this, or this device or member has ended. Nothing was changed.",
  "installation-code":
    "This installation code does not hold: it is spent, or of another installation. Nothing was created.",
  "outside-window": `The clocks of this machine and of the service differ by more than two minutes. Set the clock. ${KEPT}`,
  internal: `The service met a fault of its own; its log says where. ${KEPT}`,
  "rate-limited": `Too many requests in a short time. Wait a minute. ${KEPT}`,
  "clock-jump": `The gate's clock jumped, and it releases nothing until it is right again or an administrator has looked and confirmed it (sinetti gate confirm-clock). ${KEPT}`,
  pending: "The order waits for its time or for a second person. See: sinetti approve list",
  "file-closed": "The record is closed. Nothing was written.",
  "file-erased": "The record is erased.",
  "on-hold":
    "A legal hold stands on the record. Nothing was erased. See: sinetti hold list. A privacy officer lifts it with a second person.",
};

/** What core says of an order or a file before anything was sent; all else is a check that failed. */
const REFUSED = new Set<CoreErrorCode>([
  "not-authorised",
  "not-granted",
  "second-person-missing",
  "file-closed",
  "file-erased",
  "on-hold",
]);

function ofCore({ code, message }: CoreError): Failure {
  return REFUSED.has(code)
    ? { exit: EXIT.refused, code, message: `Refused: ${message}. Nothing was changed.` }
    : {
        exit: EXIT.verification,
        code,
        message: `A check failed: ${message}. Everything stopped here; tell your privacy officer.`,
      };
}

function ofRefusal({ problem, service, message }: ServiceRefusal): Failure {
  return {
    exit: PROBLEM_EXIT[problem] ?? EXIT.refused,
    code: problem,
    message: PROBLEM_MESSAGE[problem] ?? `${message} Asked: ${service}.`,
  };
}

const CLIENT_EXIT: Record<ClientError["code"], number> = {
  unreachable: EXIT.unreachable,
  refused: EXIT.refused,
  "verification-failed": EXIT.verification,
  "wrong-password": EXIT.refused,
  "wrong-passkey": EXIT.refused,
  "no-profile": EXIT.usage,
  "profile-exists": EXIT.usage,
  "not-ready": EXIT.refused,
  "storage-full": EXIT.fault,
  pending: EXIT.refused,
  restored: EXIT.refused,
  "other-version": EXIT.refused,
  "unknown-record": EXIT.refused,
  "input-rejected": EXIT.input,
};

/** What the gate said of one file, or core of an order before it was sent. */
const REFUSED_MESSAGE: Readonly<Record<string, string | undefined>> = {
  "not-authorised": PROBLEM_MESSAGE["not-authorised"],
  "frozen-author":
    "Who is frozen cannot thaw: a colleague runs sinetti thaw and another one approves it, or you run sinetti thaw --paper-code.",
  "not-granted": "You hold no live grant on this record. Nothing was opened.",
  "no-seat":
    "You have no seat in the office yet. Nothing was registered. Whoever sits there gives it with their next command; then try again.",
  "last-holder":
    "Nobody else could open this record, or hand it on. Nothing was changed. Hand it over first (sinetti access grant); to stop this person at once: sinetti freeze.",
  lapsed: "Your grant on this record has ended. Ask whoever holds it to renew it.",
  "approval-needed": "This record opens only with another person's approval.",
  "over-budget":
    "This is more than your budget allows now. Nothing was opened. Wait, or ask a colleague for an approval.",
  cold: "Nobody has opened this record for a long time, so another person must approve its opening.",
  frozen: "You, or the practice, are frozen. Nothing was opened.",
  erased: "The record is erased.",
  "on-hold": PROBLEM_MESSAGE["on-hold"],
  withdrawn:
    "Whoever may has withdrawn this: nothing will come of it. Begin anew if it was a mistake; this profile can be deleted.",
  "key-renewed-elsewhere":
    "Another device of yours has renewed your key, as after a lost password. Nothing was opened. Make this device anew: sinetti device request.",
  "no-kit-waits":
    "Your kit was printed before, and is kept nowhere else. A new one: sinetti member kit --renew --kit-out kit.pdf",
  "no-recovery-secret":
    "The recovery secret does not lie on this device: it was split, replaced, or is the founder's to split. Nothing was changed.",
  "no-retention-class":
    "The practice has chosen no class of retention yet. An administrator runs: sinetti retention choose",
  "slip-unknown":
    "No slip with this code is good here: it is over, was taken back, or is of another practice. Nothing was made.",
  "slip-used":
    "Somebody has answered this slip. If that was not you, tell your administrator, who takes the invitation back. Nothing was made.",
  "slip-over": "This slip is good no more. Ask your administrator for a new one.",
  "invitation-unanswered":
    "One of them has not answered, or the answer is not what their slip sealed. Nobody was made a member. See: sinetti member confirm",
  canary: "Your openings are stopped until another person has looked. Nothing was opened.",
};

function ofClient(error: ClientError): Failure {
  if (error instanceof ServiceRefusal) return ofRefusal(error);
  if (error instanceof Unanswered)
    return { exit: EXIT.unreachable, code: error.code, message: `${error.what}.` };
  const { code, detail, message } = error;
  const exit = CLIENT_EXIT[code];
  const outcome = detail?.replace(/^gate: /, "") ?? "";
  const said = code === "refused" ? REFUSED_MESSAGE[outcome] : undefined;
  if (said !== undefined) return { exit, code: outcome, message: said };
  return { exit, code, message };
}

function ofInput(error: InputError | PracticeError | FhirError): Failure {
  if (error instanceof InputError) {
    const { source, message, fields } = error;
    const where = fields.length === 0 ? "" : ` Wrong: ${fields.join(", ")}.`;
    return {
      exit: EXIT.input,
      code: "input-rejected",
      message: `${source}: ${message}.${where} Nothing was written.`,
      fields,
    };
  }
  const fields = error instanceof PracticeError ? issueFields(error) : [error.field ?? "."];
  return {
    exit: EXIT.input,
    code: error.code,
    message: `The input was rejected: ${error.message}. Wrong: ${fields.join(", ")}. Nothing was written.`,
    fields,
  };
}

const START_FAULTS = new Set<string>([
  "account-missing",
  "binaries-missing",
  "cluster-failed",
  "initdb-failed",
  "service-failed",
]);
const START_CHECKS = new Set<string>(["secret-missing", "secret-unreadable"]);

function ofStart({ code, message }: StartError): Failure {
  if (START_CHECKS.has(code)) return { exit: EXIT.verification, code, message };
  if (code === "database-unsafe") return { exit: EXIT.refused, code, message };
  return { exit: START_FAULTS.has(code) ? EXIT.fault : EXIT.usage, code, message };
}

const BACKUP_EXIT: Record<BackupErrorCode, number> = {
  busy: EXIT.refused,
  "catch-up-refused": EXIT.verification,
  damaged: EXIT.verification,
  "data-exists": EXIT.refused,
  "dated-ahead": EXIT.refused,
  "gate-beside": EXIT.refused,
  "gate-key-other": EXIT.verification,
  "gate-secrets-missing": EXIT.usage,
  incomplete: EXIT.input,
  "newer-format": EXIT.input,
  "no-room": EXIT.refused,
  "other-signer": EXIT.verification,
  "recipient-shared": EXIT.refused,
  "same-disk": EXIT.refused,
  "service-failed": EXIT.fault,
  "shelf-gone": EXIT.refused,
  "wrong-identity": EXIT.refused,
};

const EXPORT_EXIT: Record<ExportErrorCode, number> = {
  "recipient-invalid": EXIT.input,
  "withhold-refused": EXIT.input,
  "not-logged": EXIT.refused,
  "approval-missing": EXIT.refused,
  "other-export": EXIT.usage,
  stopped: EXIT.interrupted,
  "package-broken": EXIT.verification,
  "wrong-identity": EXIT.refused,
};

function ofExport({ code, message, details }: ExportError): Failure {
  const where = details.length === 0 ? "" : ` ${details.join("; ")}.`;
  return { exit: EXPORT_EXIT[code], code, message: `${message}${where}`, fields: details };
}

const SITE_EXIT: Record<SiteErrorCode, number> = {
  "build-failed": EXIT.fault,
  "manifest-missing": EXIT.usage,
  "manifest-unreadable": EXIT.verification,
  "key-unreadable": EXIT.input,
  "file-exists": EXIT.usage,
  "site-differs": EXIT.verification,
};

function ofSite({ code, message, details }: SiteError): Failure {
  const lines = [message, ...details.map((detail) => `  ${detail}`)];
  return { exit: SITE_EXIT[code], code, message: lines.join("\n"), fields: details };
}

const SERVE_EXIT: Record<ServeErrorCode, number> = {
  "newer-data": EXIT.refused,
  "older-data": EXIT.refused,
  "changed-migration": EXIT.refused,
  "unsafe-database": EXIT.refused,
  "database-unreachable": EXIT.unreachable,
  "database-refuses": EXIT.refused,
  "database-untrusted": EXIT.verification,
  certificate: EXIT.input,
  port: EXIT.usage,
  "still-running": EXIT.refused,
  "lossy-migration": EXIT.verification,
  "written-since": EXIT.refused,
  ended: EXIT.fault,
};

function ofServe({ code, message, details }: ServeError): Failure {
  const lines = [message, ...details.map((detail) => `  ${detail}`)];
  return { exit: SERVE_EXIT[code], code, message: lines.join("\n"), fields: details };
}

const BREAK_GLASS_REFUSED = new Set<string>(["not-superuser", "too-powerful"]);

/** Where our own mistake lies; the message of such an error may quote what it worked on, so it stays out. */
function ofFault(error: unknown): Failure {
  const stack = error instanceof Error ? (error.stack ?? "").split("\n").slice(1, 6) : [];
  const name = error instanceof Error ? error.name : typeof error;
  return {
    exit: EXIT.fault,
    code: "fault",
    message: [
      `A fault in Sinetti (${name}). What was acknowledged before is kept.`,
      ...stack.filter((line) => /^\s+at /.test(line)),
    ].join("\n"),
  };
}

/** The parser's own words for having shown the help instead. */
const NO_COMMAND = "A command is missing; --help lists those that there are.";

/** What to say, and with which code to end. */
export function failureOf(error: unknown): Failure {
  if (error instanceof CommanderError)
    return {
      exit: error.exitCode === 0 ? EXIT.done : EXIT.usage,
      code: error.code,
      message: error.code === "commander.help" ? NO_COMMAND : error.message,
    };
  if (error instanceof UsageError)
    return { exit: EXIT.usage, code: "usage", message: error.message };
  if (error instanceof Interrupted)
    return { exit: EXIT.interrupted, code: "interrupted", message: error.message };
  if (error instanceof ClientError) return ofClient(error);
  if (error instanceof ExportError) return ofExport(error);
  if (error instanceof InputError || error instanceof PracticeError || error instanceof FhirError)
    return ofInput(error);
  if (error instanceof CoreError) return ofCore(error);
  if (error instanceof StartError) return ofStart(error);
  if (error instanceof SiteError) return ofSite(error);
  if (error instanceof ServeError) return ofServe(error);
  if (error instanceof BreakGlassError) {
    const { code, message } = error;
    const exit = BREAK_GLASS_REFUSED.has(code) ? EXIT.refused : EXIT.usage;
    return { exit, code, message: `Refused: ${message}. Nothing was changed.` };
  }
  if (error instanceof BackupError) {
    const { code, message } = error;
    return { exit: BACKUP_EXIT[code], code, message };
  }
  if (isBusyProfile(error))
    return {
      exit: EXIT.refused,
      code: "profile-busy",
      message:
        "Another command is running on this profile, and did not end within a minute. Nothing was changed.",
    };
  return ofFault(error);
}

const SQLITE_BUSY = 5;

function isBusyProfile(error: unknown): boolean {
  return error instanceof Error && "errcode" in error && error.errcode === SQLITE_BUSY;
}
