import {
  type GATE_ROUTES,
  HORIZON_SECONDS,
  LIMITS,
  policyAt,
  type Horizon,
  type Shaped,
} from "@sinetti/core";

import { MemberBudget } from "../policyBudget.ts";
import { memberOf } from "../practiceView.ts";
import { readAllowance, readOpened, readOwnApprovals } from "../store/releaseStore.ts";
import { isSpent } from "../stillness.ts";
import { transact } from "../transaction.ts";
import type { Exchange } from "./exchange.ts";

const CLASSES = ["care", "identity"] as const;

/** What the member has spent, and how much there is. */
export async function readBudget({
  gate,
  request,
}: Exchange<object>): Promise<Shaped<(typeof GATE_ROUTES)["budgetRead"]["answer"]>> {
  const { member } = memberOf(request.caller);
  return transact(gate, { request, lock: "none" }, async ({ tx, practice, view, time }) => {
    const [opened, allowance, approvals] = await Promise.all([
      readOpened(tx, practice, { member, time }),
      readAllowance(tx, practice, { member, time }),
      readOwnApprovals(tx, practice, { member, time, limit: LIMITS.itemsPerBatch }),
    ]);
    const known = { policy: policyAt(view.state), time, opened, isSpent: isSpent(view, time) };
    const budget = new MemberBudget({ ...known, ...allowance });
    const classes = CLASSES.map((budgetClass) => {
      const spent = budget.spent(budgetClass);
      const limits = budget.limits(budgetClass);
      const horizons = (Object.keys(HORIZON_SECONDS) as Horizon[]).map((horizon) => ({
        horizon,
        spent: spent[horizon],
        limit: limits[horizon] + allowance.extra,
      }));
      return { class: budgetClass, horizons };
    });
    return { classes, approvals };
  });
}
