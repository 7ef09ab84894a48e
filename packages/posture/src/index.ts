export type { AccessEdge } from "./access.ts";
export { SEVERITIES } from "./checks/check.ts";
export type { Check, Severity } from "./checks/check.ts";
export { checks } from "./checks/checks.ts";
export { fingerprintOf, isAtLeast } from "./findings.ts";
export type { Finding } from "./findings.ts";
export { advanceState, emptyState, postureStateSchema } from "./findingState.ts";
export type { FindingChange, FindingEntry, PostureState } from "./findingState.ts";
export { checkDeployment } from "./deployment/checkDeployment.ts";
export { deploymentCheck, findDeploymentFaults } from "./deployment/deploymentFaults.ts";
export type { HostWord } from "./deployment/deploymentFaults.ts";
export { readPlan } from "./deployment/plan.ts";
export type { DeploymentPlan } from "./deployment/plan.ts";
export { resultText, statementBytes, statementSchema } from "./deployment/statement.ts";
export type { DeploymentResult, DeploymentStatement } from "./deployment/statement.ts";
export { draftPolicy, policyText } from "./policy/draftPolicy.ts";
export type { PolicyInUse, PracticeWord } from "./policy/approvedPolicy.ts";
export type { PosturePolicy } from "./policy/policy.ts";
export { policyChanges } from "./policy/policyChanges.ts";
export type { PolicyChanges } from "./policy/policyChanges.ts";
export { readPolicy } from "./policy/readPolicy.ts";
export { policyRejectionText } from "./policy/rejection.ts";
export { checkPosture } from "./posture.ts";
export type { PostureReport } from "./posture.ts";
export { readerStatements } from "./reader.ts";
export { inTransaction } from "./transaction.ts";
export { CopyWatch, SessionsUnseenError } from "./watch.ts";
export type { CopyEvent } from "./watch.ts";
export { BREAK_GLASS_GROUP } from "./breakGlass/breakGlass.ts";
export type { BreakGlassAccess } from "./breakGlass/breakGlass.ts";
export { BreakGlassError } from "./breakGlass/breakGlassError.ts";
export { BreakGlassWatch } from "./breakGlass/breakGlassWatch.ts";
export type { BreakGlassEvent } from "./breakGlass/breakGlassWatch.ts";
export {
  closeBreakGlass,
  closeOverBreakGlass,
  listBreakGlass,
} from "./breakGlass/closeBreakGlass.ts";
export type { ClosedBreakGlass } from "./breakGlass/closeBreakGlass.ts";
export { openBreakGlass } from "./breakGlass/openBreakGlass.ts";
export type { OpenedBreakGlass } from "./breakGlass/openBreakGlass.ts";
export { applyReview, collectAccess, lapseRoles } from "./review/applyReview.ts";
export type { AppliedAccess, DatabaseDecision } from "./review/applyReview.ts";
