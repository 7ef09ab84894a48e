import type { Finding } from "@sinetti/posture";

import { StartError } from "../start/startError.ts";
import { lookAt, type Look } from "./lookAt.ts";
import type { PostureTarget } from "./postureTarget.ts";
import { plain } from "./postureText.ts";
import { LONGEST_DAYS, readExceptions } from "./signedExceptions.ts";
import { unseenFaults } from "./unseenFaults.ts";

/** What keeps a service from starting. */
export interface StartFault {
  readonly database: string;
  readonly id: string;
  readonly object: string;
  readonly why: string;
  readonly mend: string;
}

export interface SafeStart {
  /** The databases of the services that are to start. */
  readonly targets: readonly PostureTarget[];
  /** Path of the file of signed exceptions; it need not exist. */
  readonly exceptionsFile: string;
  readonly now: Date;
  readonly onLog: (line: string) => void;
}

const isCritical = ({ severity, excepted }: Finding): boolean =>
  severity === "critical" && excepted === null;

function faultsOf(look: Look): StartFault[] {
  const { target, report } = look;
  return [...report.findings, ...unseenFaults(look)]
    .filter(isCritical)
    .map(({ id, object, why, mend }) => ({ database: target.name, id, object, why, mend }));
}

function faultText({ database, id, object, why, mend }: StartFault): string {
  const lines = mend.split("\n").map(plain).join("\n  ");
  return `${database}: ${id} ${plain(object)}\n  ${plain(why)}\n  Mend: ${lines}`;
}

function refusalOf(faults: readonly StartFault[]): StartError {
  const names = faults.map(({ database, id }) => `${database} ${id}`).join(", ");
  const bear =
    "What cannot be mended today, an administrator and a privacy officer bear in writing, for " +
    `${LONGEST_DAYS} days at most: sinetti exception add DATABASE CHECK OBJECT --until DATE --reason TEXT`;
  return new StartError("database-unsafe", [names, ...faults.map(faultText), bear].join("\n"));
}

/** Looks at every database, and refuses where one has a critical fault that nobody has signed for. Errors: StartError `database-unsafe`, those of `withTarget`, InputError. */
export async function ensureSafeToStart({
  targets,
  exceptionsFile,
  now,
  onLog,
}: SafeStart): Promise<readonly Look[]> {
  const exceptions = readExceptions(exceptionsFile);
  const looks = await Promise.all(targets.map((target) => lookAt(target, { exceptions, now })));
  const faults = looks.flatMap(faultsOf);
  if (faults.length > 0) throw refusalOf(faults);
  for (const { target, borne } of looks)
    for (const { fingerprint, until, reason } of borne)
      onLog(`ALARM: borne until ${until}: ${target.name} ${fingerprint}, ${plain(reason)}`);
  return looks;
}
