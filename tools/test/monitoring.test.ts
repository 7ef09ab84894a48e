import { readFileSync } from "node:fs";

import { emptyState } from "@sinetti/posture";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";

import { backupMetrics, verifiedMetrics } from "../../packages/cli/src/metrics/backupMetrics.ts";
import { PostureMetrics } from "../../packages/cli/src/posture/postureMetrics.ts";
import { Metrics } from "../../packages/gate/src/metrics.ts";
import { makeMetrics } from "../../packages/vault/src/metrics.ts";

const folder = new URL("../../docs/examples/monitoring/", import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, folder), "utf8");

interface Dashboard {
  panels: { title: string; targets: { expr: string }[] }[];
}
interface Rules {
  groups: { rules: { alert: string; expr: string }[] }[];
}

const dashboard = JSON.parse(read("dashboard.json")) as Dashboard;
const rules = parse(read("alerts.yaml")) as Rules;
const asked = [
  ...dashboard.panels.flatMap(({ title, targets }) =>
    targets.map(({ expr }): [string, string] => [title, expr]),
  ),
  ...rules.groups.flatMap(({ rules: all }) =>
    all.map(({ alert, expr }): [string, string] => [alert, expr]),
  ),
];

const NEVER = {
  last: null,
  folder: null,
  ageSeconds: null,
  everySeconds: null,
  isLate: true,
  failed: null,
  gateKeys: null,
  gateKeysAgeSeconds: null,
  verified: null,
} as const;

/** Everything that our programs say to Prometheus, before anything has happened. */
async function everythingSaid(): Promise<string> {
  const hintStreams = (): number => 0;
  const registries = [
    new Metrics({ hintStreams }).registry,
    makeMetrics({ hintStreams }).registry,
    backupMetrics(NEVER),
    verifiedMetrics({ made: "2026-11-21T10:45:00Z", isSound: true }),
  ];
  const texts = await Promise.all(registries.map((registry) => registry.metrics()));
  const looked = { ...emptyState, looked: { who: "2026-11-21T10:45:00Z" } };
  return [...texts, new PostureMetrics(["who"]).text(looked)].join("\n");
}

/** A number by its name, or by what a histogram makes of it. */
const NAME = /\bsinetti_[a-z_]+\b/g;
const MATCHER = /\b(alarm|outcome|severity|state)=~?"([^"]+)"/g;

describe("the example dashboard and rules", async () => {
  const said = await everythingSaid();
  const names = new Set([...said.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name));

  it.each(asked)("%s names only numbers that are told: %s", (_title, expr) => {
    // Prometheus itself says whether somebody is up.
    const found = expr.match(/\bup\b/) ?? expr.match(NAME) ?? [];
    expect(found).not.toEqual([]);
    const unknown = found.filter(
      (name) => name !== "up" && !names.has(name.replace(/_(?:bucket|sum|count)$/, "")),
    );
    expect(unknown).toEqual([]);
  });

  it("match only labels that are there from the beginning", () => {
    const matched = asked.flatMap(([, expr]) =>
      [...expr.matchAll(MATCHER)].flatMap(([, label = "", values = ""]) =>
        values.split("|").map((value) => `${label}="${value}"`),
      ),
    );
    expect(matched.length).toBeGreaterThan(10);
    for (const label of matched) expect(said).toContain(label);
  });

  it("let no alarm of the gate pass without a rule", () => {
    const ruled = rules.groups.flatMap(({ rules: all }) => all.map(({ expr }) => expr)).join("\n");
    const alarms = [...said.matchAll(/sinetti_alarms_total\{alarm="([^"]+)"\}/g)];
    expect(alarms.length).toBeGreaterThan(8);
    for (const [, alarm = ""] of alarms) expect(ruled).toMatch(new RegExp(`["|]${alarm}["|]`));
  });
});

describe("what our programs tell Prometheus", async () => {
  const said = await everythingSaid();

  it("has labels of closed lists alone", () => {
    const labels = [...said.matchAll(/^sinetti_[a-z_]+\{([^}]*)\}/gm)].flatMap(([, text = ""]) =>
      [...text.matchAll(/([a-z]+)="/g)].map(([, label]) => label),
    );
    const known = [
      "alarm",
      "outcome",
      "route",
      "status",
      "le",
      "database",
      "severity",
      "state",
      "kind",
    ];
    expect(known).toEqual(expect.arrayContaining([...new Set(labels)]));
  });

  it("gives what never was an age that every rule notices", async () => {
    const text = await backupMetrics(NEVER).metrics();
    expect(text).toContain("sinetti_backup_made_timestamp_seconds 0");
    expect(text).toContain("sinetti_gate_keys_written_timestamp_seconds 0");
  });
});
