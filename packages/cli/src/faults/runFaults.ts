import { setTimeout as sleep } from "node:timers/promises";

import type { Endpoints } from "@sinetti/client";
import type { FileId } from "@sinetti/core";
import { FAULTS_A_ROUND, History, Random, checkBudgets, planFaults } from "@sinetti/drill";

import { findStores } from "../start/storeAddresses.ts";
import { Administrator } from "./administrator.ts";
import { clockFile, setClocks } from "./driftingClocks.ts";
import type { FaultOptions } from "./faultOptions.ts";
import type { FaultReport } from "./faultReport.ts";
import { PASSWORD, deviceNames, founderFolder, hireStaff, type Staff } from "./hireStaff.ts";
import { awaitRecovery } from "./processFaults.ts";
import { readSpent } from "./readSpent.ts";
import { Striker } from "./striker.ts";
import { Worker } from "./worker.ts";
import { TRY_AGAIN, type WorkerSaid, type WorkerTask } from "./workerTask.ts";

/** A gate that is asked to look at its clock and dies at once wants it again. */
const FIND_TRIES = 3;
type FoundByDevice = Extract<WorkerSaid, { say: "found" }>;
/** One request in so many meets a fault of the network. */
const NETWORK_FAULT_ONE_IN = 12;

/** Members at work on a running system while its parts are killed, paused and cut off; then everything is opened and compared. */
export class FaultRun {
  readonly #options: FaultOptions;
  readonly #history = new History();
  readonly #faults: Record<string, number> = {};
  readonly #failures: Record<string, number> = {};
  readonly #next = new Map<string, number>();
  readonly #workers = new Map<string, Worker>();
  readonly #broken: string[] = [];
  readonly #atWork = new Set<string>();
  readonly #striker: Striker;
  readonly #administrator: Administrator;
  #isOver = false;

  constructor(options: FaultOptions) {
    const { system, folder, disks, clients } = options;
    this.#options = options;
    this.#administrator = new Administrator({ profile: founderFolder(folder), server: system.web });
    this.#striker = new Striker({
      system,
      disks,
      clients: deviceNames(clients),
      pidOfClient: (name) => this.#workers.get(name)?.pid,
      onFault: (what) => count(this.#faults, what),
    });
    if (disks.size === 0) this.#faults["fill disk"] = 0;
  }

  async run(): Promise<FaultReport> {
    const { system, folder, clients } = this.#options;
    setClocks(system.data, deviceNames(clients), 0);
    const { staff, shared } = await hireStaff({
      endpoints: this.#endpoints,
      installationCode: system.installationCode ?? "",
      folder,
      clients,
    });
    const working = staff.map((person) => this.#keepWorking(person, shared));
    await this.#inflict();
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
      clock: clockFile(this.#options.system.data, name),
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
    else if (said.say === "failed") this.#hearFailure(said.code);
    else if (said.say === "reported") {
      this.#history.add(said.reported);
      if (said.reported.done) this.#atWork.add(name);
      const number = Number(said.reported.key.split(":")[1]);
      if (!Number.isNaN(number))
        this.#next.set(name, Math.max(this.#next.get(name) ?? 0, number + 1));
    }
  }

  /** Once the clock is right again and the gate still releases nothing, it waits for a person. */
  #hearFailure(code: string): void {
    count(this.#failures, code);
    if (isClockJump(code) && !this.#striker.isJumping) void this.#administrator.call();
  }

  /** For the time asked, and once every kind at least; begun when every device is at work, however slow the machine. */
  async #inflict(): Promise<void> {
    const { seconds, seed, clients, onProgress, isStopped } = this.#options;
    const mustEnd = (): boolean => isStopped() || this.#broken.length > 0;
    while (this.#atWork.size < deviceNames(clients).length && !mustEnd()) await sleep(100);
    const begun = performance.now();
    const elapsed = (): number => (performance.now() - begun) / 1000;
    let done = 0;
    const plan = planFaults(new Random(seed).fork("plan"), this.#striker.targets);
    for (const { afterMs, fault } of plan) {
      await sleep(afterMs);
      if (mustEnd() || (elapsed() >= seconds && done >= FAULTS_A_ROUND)) return;
      onProgress(Math.min(seconds, Math.floor(elapsed())), seconds);
      await this.#striker.strike(fault);
      done++;
    }
  }

  /** What a device finds; a gate that waits for a person gets one, and is asked again. */
  async #find(person: Staff, shared: readonly FileId[]): Promise<FoundByDevice> {
    for (let tries = 0; ; tries++) {
      let [found, failure]: [FoundByDevice | undefined, string] = [undefined, ""];
      const worker = new Worker(this.#task(person, shared, "find"), (said) => {
        if (said.say === "found") found = said;
        if (said.say === "failed") failure = said.code;
      });
      const { code, errors } = await worker.ended;
      if (code === 0 && found !== undefined) return found;
      if (!isClockJump(failure) || tries === FIND_TRIES)
        throw new Error(`${person.name} could not look at what is there: ${failure} ${errors}`);
      await this.#administrator.call();
    }
  }

  async #judge(staff: readonly Staff[], shared: readonly FileId[]): Promise<FaultReport> {
    const { seed, seconds, clients, system, notFilled, lines } = this.#options;
    const found: FoundByDevice[] = [];
    for (const person of staff) found.push(await this.#find(person, shared));
    const spent = await readSpent(staff, this.#endpoints);
    if (this.#broken.length > 0)
      throw new Error(`a client ended by a fault of its own: ${this.#broken.join("\n")}`);
    const said = (words: string): number => lines.filter((line) => line.includes(words)).length;
    return {
      seed,
      seconds,
      clients,
      acknowledged: this.#history.acknowledged,
      unacknowledged: this.#history.open,
      kept: this.#history.kept,
      faults: this.#faults,
      notFilled,
      noRoom: said("No space left on device"),
      panics: said("PANIC:"),
      confirmations: this.#administrator.confirmations,
      failures: this.#failures,
      anomalies: this.#history.check(found.flatMap((each) => each.found)),
      stillWaiting: sum(found.map(({ waiting }) => waiting)),
      unknownReleases: sum(found.map(({ unknownReleases }) => unknownReleases)),
      wrongBudgets: await checkBudgets(findStores(system.data).gate, spent),
    };
  }
}

const isClockJump = (code: string): boolean => code.includes("gate: clock-jump");
const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

function count(counts: Record<string, number>, key: string): void {
  counts[key] = (counts[key] ?? 0) + 1;
}
