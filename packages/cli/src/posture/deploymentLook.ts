import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

import { findDeploymentFaults, type Finding } from "@sinetti/posture";

import { readPlanFile, readWords } from "./hostStatement.ts";

export interface DeploymentPlace {
  /** A data folder: `deployment/plan.yaml`, `deployment/*.json`. */
  readonly folder: string;
  readonly plan?: string | undefined;
  readonly statements?: string | undefined;
  readonly now: Date;
}

/** What the hosts of a plan say, as findings; null: there is no plan. Error: InputError. */
export function readDeployment(place: DeploymentPlace): Finding[] | null {
  const own = join(place.folder, "deployment");
  const plan = place.plan === undefined ? join(own, "plan.yaml") : resolve(place.plan);
  if (place.plan === undefined && !existsSync(plan)) return null;
  const read = readPlanFile(plan);
  const statements = place.statements === undefined ? own : resolve(place.statements);
  const words = readWords(statements, read);
  return findDeploymentFaults(read.plan, words, { now: place.now }).map(
    ({ steps: _steps, ...finding }) => finding,
  );
}
