import { OUTCOMES } from "@sinetti/core";
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from "prom-client";

/** What people must look at. */
const ALARMS = [
  "canary",
  "crisis",
  "grace",
  "fork",
  "break-glass",
  "kit",
  "recovery",
  "clock",
  "freeze",
  "passkey",
  "top-up",
  "unheld",
] as const;
export type Alarm = (typeof ALARMS)[number];

/** The numbers of `/metrics`; labels are routes, outcomes and codes, never ids. */
export class Metrics {
  readonly registry = new Registry();
  readonly #requests = new Counter({
    name: "sinetti_requests_total",
    help: "Requests by route and status",
    labelNames: ["route", "status"],
    registers: [this.registry],
  });
  readonly #seconds = new Histogram({
    name: "sinetti_request_seconds",
    help: "Duration of requests by route",
    labelNames: ["route"],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    registers: [this.registry],
  });
  readonly #outcomes = new Counter({
    name: "sinetti_release_items_total",
    help: "Files asked in releases by outcome",
    labelNames: ["outcome"],
    registers: [this.registry],
  });
  readonly #alarms = new Counter({
    name: "sinetti_alarms_total",
    help: "Events that a person must look at",
    labelNames: ["alarm"],
    registers: [this.registry],
  });

  constructor({ hintStreams }: { hintStreams: () => number }) {
    this.registry.registerMetric(
      new Gauge({
        name: "sinetti_hint_streams",
        help: "Streams of hints that are open",
        registers: [],
        collect() {
          this.set(hintStreams());
        },
      }),
    );
    collectDefaultMetrics({ register: this.registry });
    // A series that begins with its first event has not grown for who looks at growth: the first canary would ring nowhere.
    for (const alarm of ALARMS) this.#alarms.inc({ alarm }, 0);
    for (const outcome of OUTCOMES) this.#outcomes.inc({ outcome }, 0);
  }

  countRequest(route: string, { status, seconds }: { status: number; seconds: number }): void {
    this.#requests.inc({ route, status });
    this.#seconds.observe({ route }, seconds);
  }

  countOutcome(outcome: string): void {
    this.#outcomes.inc({ outcome });
  }

  raise(alarm: Alarm): void {
    this.#alarms.inc({ alarm });
  }
}
