import { ClientError, ExportError, ServiceRefusal } from "@sinetti/client";
import { CoreError } from "@sinetti/core";
import { CsvError, PracticeError } from "@sinetti/practice";

import { DeskError, internalFault, type DeskFault } from "./deskFault.ts";

/** What core says of an order or a record before anything was sent; all else of core is a check that failed. */
const REFUSED = new Set([
  "not-authorised",
  "not-granted",
  "second-person-missing",
  "file-closed",
  "file-erased",
  "on-hold",
]);

/** What the screens may know of an error. */
export function faultOf(error: unknown): DeskFault {
  if (error instanceof DeskError) return error.fault;
  if (error instanceof ServiceRefusal)
    return { ...internalFault, code: "refused", problem: error.problem, service: error.service };
  if (error instanceof ClientError) return ofClient(error);
  if (error instanceof PracticeError)
    return { ...internalFault, code: error.code, fields: error.issues.map(({ field }) => field) };
  if (error instanceof CsvError)
    return { ...internalFault, code: error.code, fields: placesOf(error.source, error.field) };
  if (error instanceof ExportError)
    return { ...internalFault, code: error.code, fields: error.details };
  if (error instanceof CoreError)
    return REFUSED.has(error.code)
      ? { ...internalFault, code: "refused", problem: error.code }
      : {
          ...internalFault,
          code: "verification-failed",
          problem: error.code,
          isHardStop: true,
        };
  return internalFault;
}

const placesOf = (...places: (string | undefined)[]): string[] =>
  places.filter((place) => place !== undefined);

function ofClient({ code, detail }: ClientError): DeskFault {
  return {
    ...internalFault,
    code,
    problem: detail?.replace(/^gate: /, "") ?? null,
    service: /^(who|what|gate|server)$/.test(detail ?? "") ? detail : null,
    isHardStop: code === "verification-failed",
  };
}
