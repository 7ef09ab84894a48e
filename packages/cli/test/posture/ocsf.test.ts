import { advanceState, emptyState, fingerprintOf, type Finding } from "@sinetti/posture";
import { expect, test } from "vitest";

import { ocsfEvents } from "../../src/posture/ocsf.ts";

const at = (text: string): Date => new Date(`2026-11-21T${text}:00Z`);
const finding = (id: string, excepted: string | null = null): Finding => ({
  id,
  severity: "critical",
  object: "boss",
  title: "A superuser is not declared",
  why: "Because.",
  mend: "ALTER ROLE boss NOSUPERUSER;",
  fingerprint: fingerprintOf(id, "boss"),
  excepted,
});
const seen = (findings: readonly Finding[], now: Date) => ({
  database: "who",
  findings,
  blind: new Set<string>(),
  now,
});

interface Event {
  readonly activity_id: number;
  readonly status_id: number;
  readonly type_uid: number;
  readonly compliance: { readonly status_id: number };
}

test("a finding is an OCSF event 2003: created, updated, suppressed, and closed when it is mended", () => {
  const [first, second] = [at("10:00"), at("11:00")];
  const before = advanceState(
    emptyState,
    seen([finding("R4"), finding("R5"), finding("N2")], first),
  );
  const now = [finding("R4"), finding("N2", "2026-12-01"), finding("E1")];
  const state = advanceState(before, seen(now, second));
  const rows = now.map((one) => ({ ...one, database: "who", state: "open" }));
  const events = ocsfEvents(rows, { version: "0.1.0", now: second, state });
  const brief = (events as Event[]).map(({ activity_id, status_id, type_uid, compliance }) => [
    activity_id,
    status_id,
    type_uid,
    compliance.status_id,
  ]);
  expect(brief).toEqual([
    [2, 2, 200302, 3],
    [2, 3, 200302, 3],
    [1, 1, 200301, 3],
    [3, 4, 200303, 1],
  ]);
  expect(events[0]).toMatchObject({
    class_uid: 2003,
    category_uid: 2,
    time: second.getTime(),
    severity_id: 5,
    metadata: { version: "1.3.0", product: { name: "Sinetti", version: "0.1.0" } },
    finding_info: {
      uid: `who:${fingerprintOf("R4", "boss")}`,
      title: "A superuser is not declared",
      first_seen_time: first.getTime(),
    },
    compliance: { standards: ["Sinetti posture"], control: "R4", status: "Fail" },
    remediation: { desc: "ALTER ROLE boss NOSUPERUSER;" },
    resources: [{ name: "who" }],
  });
});
