import { hasRole, isMemberFrozen, memberOf } from "../practiceView.ts";
import { allow } from "../problem.ts";
import { appendLog } from "../store/logStore.ts";
import { transact } from "../transaction.ts";
import type { Empty, Exchange } from "./exchange.ts";

/** An administrator has looked at the clock; releases go on. */
export async function confirmClock({ gate, request }: Exchange<object>): Promise<Empty> {
  const { member, device } = memberOf(request.caller);
  const { nonce, practice } = request;
  const logTime = await transact(gate, { request, lock: "log" }, async (unit) => {
    allow(hasRole(unit.view, member, "admin"), "not-authorised");
    // A device in other hands is no second look: whoever turned the clock may hold it.
    allow(!isMemberFrozen(unit.view, member), "frozen");
    const line = { kind: "clock" as const, member, device, nonce };
    const { tx, log, time } = unit;
    await appendLog(tx, practice, { line, head: log, time });
    return time;
  });
  gate.clock.confirm(practice, logTime);
  gate.metrics.raise("clock");
  return {};
}
