export { runBench, type BenchOptions, type BenchReport } from "./bench/runBench.ts";
export type { BenchRow } from "./bench/compare.ts";
export { compareScreens } from "./bench/screens/screenWork.ts";
export { runFsck, type FsckOptions, type FsckReport } from "./fsck/runFsck.ts";
export { MENDS, type Broken, type BrokenCode, type StoreName } from "./fsck/broken.ts";
export { BlindRoleError, type StoreAddress, type StoreAddresses } from "./fsck/store.ts";
export type { Migrations } from "./fsck/migrationCheck.ts";
export { INVENTED_PASSWORD, type OpenDevice, type StaffDevice } from "./synthetic/admitStaff.ts";
export type { Caseload, PracticeWish, StaffMember } from "./synthetic/caseload.ts";
export {
  fillPractice,
  runCaseload,
  type CaseloadTask,
  type Filled,
  type FillOptions,
} from "./synthetic/fillPractice.ts";
export { costOfFill, costRows, fillRows } from "./measure/cost.ts";
export { CpuWatch } from "./measure/cpu.ts";
export { PeakWatch, descendantsOf, type PidsByName } from "./measure/peaks.ts";
export { fhirNeedles } from "./theft/fhirNeedles.ts";
export type { RobbedSystem } from "./theft/robbedSystem.ts";
export { runTheft, type TheftOptions } from "./theft/runTheft.ts";
export {
  countLosses,
  openedByLive,
  theftRows,
  type TheftReport,
  type Thief,
} from "./theft/theftReport.ts";
export type { RunHooks, Written } from "./synthetic/writeCaseload.ts";
export { faultyFetch, type RequestFault } from "./faults/faultyFetch.ts";
export { checkBudgets, type SaidBudget } from "./faults/budgetCheck.ts";
export { FAULTS_A_ROUND, planFaults, type Fault, type FaultTargets } from "./faults/faultPlan.ts";
export { History, type Anomaly, type Found, type Reported } from "./faults/history.ts";
export { MixedLoad, findAll, type LoadOptions } from "./faults/mixedLoad.ts";
export { Random } from "./synthetic/random.ts";
