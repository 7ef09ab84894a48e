import { SEVERITIES, type Finding } from "@sinetti/posture";
import { Gauge, Registry } from "prom-client";

const SECOND_MS = 1000;

/** One database as it was looked at. */
export interface LookedAt {
  readonly database: string;
  readonly findings: readonly Pick<Finding, "severity" | "excepted">[];
}

/** What posture found, as numbers: every severity of every database, the noughts too. */
export function postureMetrics(looked: readonly LookedAt[], now: Date): Registry {
  const registry = new Registry();
  const found = new Gauge({
    name: "sinetti_posture_findings",
    help: "Findings by database, severity, and whether somebody has signed for them",
    labelNames: ["database", "severity", "excepted"],
    registers: [registry],
  });
  const at = new Gauge({
    name: "sinetti_posture_looked_timestamp_seconds",
    help: "When the permissions of a database were last read",
    labelNames: ["database"],
    registers: [registry],
  });
  for (const { database, findings } of looked) {
    at.set({ database }, now.getTime() / SECOND_MS);
    for (const severity of SEVERITIES)
      for (const isExcepted of [false, true])
        found.set(
          { database, severity, excepted: isExcepted ? "yes" : "no" },
          findings.filter(
            (one) => one.severity === severity && (one.excepted !== null) === isExcepted,
          ).length,
        );
  }
  return registry;
}
