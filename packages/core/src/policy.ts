import { record, uint, type Shaped } from "./shape.ts";

const horizons = record({ tenMinutes: uint(100_000), day: uint(100_000), month: uint(1_000_000) });

/** The signed numbers that a practice can change; every number is made so that a larger one is weaker. */
export const policyShape = record({
  /** Weeks until a staff grant ends, at most. */
  grantWeeks: uint(520),
  /** Distinct cases of vault `what` that a member may open. */
  care: horizons,
  /** Distinct cases of vault `who` that a member may open. */
  identity: horizons,
  /** Cases that one user-verified top-up adds, once a day. */
  topUp: uint(1000),
  /** Lookups of a patient by name, phone or code, a day. */
  lookupsPerDay: uint(100_000),
  /** Days without any opening after which a file is cold. */
  coldDays: uint(36_500),
  /** Days that a stand-in may last. */
  standInDays: uint(3650),
});
/** The signed numbers of a practice. */
export type Policy = Shaped<typeof policyShape>;

/** What a new practice starts with (3-protocol §5): 90-day grants, 12/30/120 cases, 30/150/1,500 people. */
export const DEFAULT_POLICY: Policy = {
  grantWeeks: 13,
  care: { tenMinutes: 12, day: 30, month: 120 },
  identity: { tenMinutes: 30, day: 150, month: 1500 },
  topUp: 12,
  lookupsPerDay: 200,
  coldDays: 180,
  standInDays: 30,
};

/** Whether any number of `next` is weaker than in `current`, so that a second person is needed. */
export function isWeakening(current: Policy, next: Policy): boolean {
  const flat = (policy: Policy): number[] => [
    policy.grantWeeks,
    policy.care.tenMinutes,
    policy.care.day,
    policy.care.month,
    policy.identity.tenMinutes,
    policy.identity.day,
    policy.identity.month,
    policy.topUp,
    policy.lookupsPerDay,
    policy.coldDays,
    policy.standInDays,
  ];
  const before = flat(current);
  return flat(next).some((value, index) => value > (before[index] ?? 0));
}
