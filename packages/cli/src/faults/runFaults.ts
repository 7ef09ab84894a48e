import { setTimeout as sleep } from "node:timers/promises";

import type { Endpoints } from "@sinetti/client";
import type { FileId } from "@sinetti/core";
import { History, Random, planFaults, type Anomaly, type Fault, type Found } from "@sinetti/drill";

import type { RunningSystem } from "../start/startSystem.ts";
import { PASSWORD, hireStaff, type Staff } from "./hireStaff.ts";
import { awaitRecovery, hit } from "./processFaults.ts";
import { Worker } from "./worker.ts";
import { TRY_AGAIN, type WorkerSaid, type WorkerTask } from "./workerTask.ts";

const SERVICES = ["who", "what", "gate"] as const;
/** One request in so many meets a fault of the network. */
const NETWORK_FAULT_ONE_IN = 12;

export interface FaultOptions {
  readonly system: RunningSystem;
  /** Where the clients live. */
  readonly folder: string;
  readonly seconds: number;
  readonly seed: string;
  readonly clients: number;
  readonly onProgress: (done: number, total: number) => void;
  readonly isStopped: () => boolean;
}

export interface FaultReport {
  readonly seed: string;
  readonly seconds: number;
  readonly clients: number;
  /** Pieces of work that a client was told are done, and those that were cut off. */
  readonly acknowledged: number;
  readonly unacknowledged: number;
  /** Kills and pauses by what was hit, and faults of the network by kind. */
  readonly faults: Readonly<Record<string, number>>;
  /** What work ended with that was not done, by code. */
  readonly failures: Readonly<Record<string, number>>;
  readonly anomalies: readonly Anomaly[];
  /** Work that a device still keeps, and releases in the gate's log that no device asked for: both must be 0. */
  readonly stillWaiting: number;
  readonly unknownReleases: number;
}

/** Members at work on a running system while its parts are killed, paused and cut off; then everything is opened and compared. */
export class FaultRun {
  readonly #options: FaultOptions;
  readonly #history = new History();
  readonly #faults: Record<string, number> = {};
  readonly #failures: Record<string, number> = {};
  readonly #next = new Map<string, number>();
  readonly #workers = new Map<string, Worker>();
  readonly #broken: string[] = [];
  #isOver = false;

  constructor(options: FaultOptions) {
    this.#options = options;
  }

  async run(): Promise<FaultReport> {
    const { system, folder, clients } = this.#options;
    const { staff, shared } = await hireStaff({
      endpoints: this.#endpoints,
      installationCode: system.installationCode ?? "",
      folder,
      clients,
    });
    const working = staff.map((person) => this.#keepWorking(person, shared));
    await this.#inflict([
      ...SERVICES.flatMap((name) => [`service ${name}`, `cluster ${name}`]),
      ...staff.map(({ name }) => `client ${name}`),
    ]);
    this.#isOver = true;
    await Promise.all([...this.#workers.values()].map((worker) => worker.stop()));
    await Promise.all(working);
    await awaitRecovery(Object.values(this.#endpoints));
    return this.#judge(staff, shared);
  }

  get #endpoints(): Endpoints {
    const { vaultWho, vaultWhat, gate } = this.#options.system;
    return { who: vaultWho, what: vaultWhat, gate };
  }

  #task(
    { name, profile, colleague }: Staff,
    shared: readonly FileId[],
    mode: WorkerTask["mode"],
  ): WorkerTask {
    const from = this.#next.get(name) ?? 0;
    return {
      profile,
      password: PASSWORD,
      endpoints: this.#endpoints,
      seed: `${this.#options.seed}/${name}/${from}`,
      name,
      from,
      shared,
      colleague,
      oneIn: NETWORK_FAULT_ONE_IN,
      mode,
    };
  }

  /** A client, and another on the same device whenever it was killed. */
  async #keepWorking(person: Staff, shared: readonly FileId[]): Promise<void> {
    while (!this.#isOver) {
      const worker = new Worker(this.#task(person, shared, "work"), (said) =>
        this.#hear(person, said),
      );
      this.#workers.set(person.name, worker);
      const { code, errors } = await worker.ended;
      if (code !== null && code !== 0 && code !== TRY_AGAIN) this.#broken.push(errors);
      await sleep(100);
    }
  }

  #hear({ name }: Staff, said: WorkerSaid): void {
    if (said.say === "fault") count(this.#faults, `network ${said.fault}`);
    else if (said.say === "failed") count(this.#failures, said.code);
    else if (said.say === "reported") {
      this.#history.add(said.reported);
      const number = Number(said.reported.key.split(":")[1]);
      if (!Number.isNaN(number))
        this.#next.set(name, Math.max(this.#next.get(name) ?? 0, number + 1));
    }
  }

  async #inflict(targets: readonly string[]): Promise<void> {
    const { seconds, seed, onProgress, isStopped } = this.#options;
    const begun = performance.now();
    const elapsed = (): number => (performance.now() - begun) / 1000;
    for (const { afterMs, fault } of planFaults(new Random(seed).fork("plan"), targets)) {
      await sleep(afterMs);
      if (elapsed() >= seconds || isStopped()) return;
      onProgress(Math.floor(elapsed()), seconds);
      await this.#hit(fault);
    }
  }

  #pidOf(target: string): number | undefined {
    const [kind, name = ""] = target.split(" ");
    if (kind === "client") return this.#workers.get(name)?.pid;
    const pids = this.#options.system.pids()[name as (typeof SERVICES)[number]];
    return kind === "service" ? pids.service : pids.cluster;
  }

  async #hit(fault: Fault): Promise<void> {
    const pid = this.#pidOf(fault.target);
    if (pid === undefined) return;
    count(this.#faults, `${fault.kind} ${fault.target.split(" ")[0]}`);
    await hit(pid, fault);
  }

  async #judge(staff: readonly Staff[], shared: readonly FileId[]): Promise<FaultReport> {
    const found: Found[] = [];
    let [stillWaiting, unknownReleases] = [0, 0];
    for (const person of staff) {
      const worker = new Worker(this.#task(person, shared, "find"), (said) => {
        if (said.say !== "found") return;
        found.push(...said.found);
        stillWaiting += said.waiting;
        unknownReleases += said.unknownReleases;
      });
      const { code, errors } = await worker.ended;
      if (code !== 0) this.#broken.push(errors);
    }
    const { seed, seconds, clients } = this.#options;
    if (this.#broken.length > 0)
      throw new Error(`a client ended by a fault of its own: ${this.#broken.join("\n")}`);
    return {
      seed,
      seconds,
      clients,
      acknowledged: this.#history.acknowledged,
      unacknowledged: this.#history.open,
      faults: this.#faults,
      failures: this.#failures,
      anomalies: this.#history.check(found),
      stillWaiting,
      unknownReleases,
    };
  }
}

function count(counts: Record<string, number>, key: string): void {
  counts[key] = (counts[key] ?? 0) + 1;
}
