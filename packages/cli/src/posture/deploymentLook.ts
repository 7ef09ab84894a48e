import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

import {
  findDeploymentFaults,
  type DeploymentPlan,
  type Finding,
  type HostWord,
} from "@sinetti/posture";

import { readPlanFile, readWords } from "./hostStatement.ts";

export interface DeploymentPlace {
  /** A data folder: `deployment/plan.yaml`, `deployment/*.json`. */
  readonly folder: string;
  readonly plan?: string | undefined;
  readonly statements?: string | undefined;
  readonly now: Date;
}

/** A plan of hosts, what they say, and what is wrong with it. */
export interface Deployment {
  readonly plan: DeploymentPlan;
  readonly words: readonly HostWord[];
  readonly findings: readonly Finding[];
}

/** What the hosts of a plan say; null: there is no plan. Error: InputError. */
export function lookAtHosts(place: DeploymentPlace): Deployment | null {
  const own = join(place.folder, "deployment");
  const path = place.plan === undefined ? join(own, "plan.yaml") : resolve(place.plan);
  if (place.plan === undefined && !existsSync(path)) return null;
  const read = readPlanFile(path);
  const { plan } = read;
  const statements = place.statements === undefined ? own : resolve(place.statements);
  const words = readWords(statements, read, place.now);
  const found = findDeploymentFaults(plan, words, { now: place.now });
  return { plan, words, findings: found.map(({ steps: _steps, ...finding }) => finding) };
}

/** What is wrong between the hosts of a plan; null: there is no plan. Error: InputError. */
export function readDeployment(place: DeploymentPlace): readonly Finding[] | null {
  return lookAtHosts(place)?.findings ?? null;
}
