import { epochAt, GATE_ROUTES, hashLogDetail, type FileId } from "@sinetti/core";

import { hasRole, isMemberFrozen, memberOf } from "../practiceView.ts";
import { allow } from "../problem.ts";
import { setCanary } from "../store/approvalStore.ts";
import { findFile } from "../store/fileStore.ts";
import { appendLog } from "../store/logStore.ts";
import { transact } from "../transaction.ts";
import type { Empty, Exchange } from "./exchange.ts";

/** Flags the file of an invented patient as a canary, or takes the flag away; the gate alone knows. */
export async function changeCanary({
  gate,
  request,
  body,
}: Exchange<{ file: FileId; on: boolean }>): Promise<Empty> {
  const { member, device } = memberOf(request.caller);
  await transact(gate, { request, lock: "log" }, async ({ tx, practice, view, log, time }) => {
    allow(hasRole(view, member, "privacy"), "not-authorised");
    allow(!isMemberFrozen(view, member), "frozen");
    const found = await findFile(tx, practice, body.file);
    allow(found !== undefined, "unknown-file");
    const { epoch } = epochAt(found.state);
    const item = { file: body.file, epoch, outcome: "canary" as const, unit: null, class: null };
    const items = [{ ...item, counted: false, exempt: null }];
    const detail = hashLogDetail(GATE_ROUTES.canarySet.request, body);
    const line = { kind: "canary" as const, member, device, nonce: request.nonce, items, detail };
    await Promise.all([
      appendLog(tx, practice, { line: { ...line, count: body.on ? 1 : 0 }, head: log, time }),
      setCanary(tx, practice, body),
    ]);
  });
  return {};
}
