import { approvalCheck } from "./approval.ts";
import { auditChecks } from "./audit.ts";
import { breakGlassCheck } from "./breakGlass.ts";
import type { Check } from "./check.ts";
import { encryptionChecks } from "./encryption.ts";
import { extractionChecks } from "./extraction.ts";
import { functionChecks } from "./functions.ts";
import { grantChecks } from "./grants.ts";
import { makingChecks } from "./makings.ts";
import { networkChecks } from "./network.ts";
import { roleChecks } from "./roles.ts";
import { rowSecurityChecks } from "./rowSecurity.ts";

/** The whole catalogue, by group. */
export const checks: readonly Check[] = [
  ...networkChecks,
  ...roleChecks,
  breakGlassCheck,
  ...grantChecks,
  ...makingChecks,
  ...rowSecurityChecks,
  ...functionChecks,
  ...extractionChecks,
  ...auditChecks,
  approvalCheck,
  ...encryptionChecks,
];
