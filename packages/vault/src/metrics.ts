import { Counter, Gauge, Histogram, Registry } from "prom-client";

/** What `/metrics` shows: routes and durations, never who or what. */
export interface Metrics {
  readonly registry: Registry;
  readonly requests: Counter<"route" | "status">;
  readonly seconds: Histogram<"route">;
  /** Files whose boxes were fetched. */
  readonly filesFetched: Counter;
  /** Appends that one commit carried. */
  readonly appendsPerCommit: Histogram;
}

export function makeMetrics({ hintStreams }: { hintStreams: () => number }): Metrics {
  const registry = new Registry();
  const registers = [registry];
  registry.registerMetric(
    new Gauge({
      name: "sinetti_hint_streams",
      help: "Streams of hints that are open",
      registers: [],
      collect() {
        this.set(hintStreams());
      },
    }),
  );
  return {
    registry,
    requests: new Counter({
      name: "sinetti_requests_total",
      help: "Requests by route and status",
      labelNames: ["route", "status"],
      registers,
    }),
    seconds: new Histogram({
      name: "sinetti_request_seconds",
      help: "Duration of requests by route",
      labelNames: ["route"],
      buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
      registers,
    }),
    filesFetched: new Counter({
      name: "sinetti_files_fetched_total",
      help: "Files whose boxes were fetched",
      registers,
    }),
    appendsPerCommit: new Histogram({
      name: "sinetti_appends_per_commit",
      help: "Append requests that one commit carried",
      buckets: [1, 2, 4, 8, 16, 32],
      registers,
    }),
  };
}
