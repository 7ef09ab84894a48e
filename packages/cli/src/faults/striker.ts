import { setTimeout as sleep } from "node:timers/promises";

import type { Fault, FaultTargets, StoreAddresses } from "@sinetti/drill";

import type { RunningSystem } from "../start/startSystem.ts";
import { findStores } from "../start/storeAddresses.ts";
import { setClocks } from "./driftingClocks.ts";
import { fillWal } from "./fillWal.ts";
import { DISK_NAMES } from "./ownDisks.ts";
import { hit } from "./processFaults.ts";
import type { SmallDisk } from "./smallDisk.ts";

const SERVICES = ["who", "what", "gate"] as const;
type Service = (typeof SERVICES)[number];
const ALL = "all";
const REFILL_MS = 50;

interface StrikerOptions {
  readonly system: RunningSystem;
  /** Those that may be filled, by name. */
  readonly disks: ReadonlyMap<string, SmallDisk>;
  readonly clients: readonly string[];
  readonly pidOfClient: (name: string) => number | undefined;
  readonly onFault: (what: string) => void;
}

/** The hand that kills, pauses, fills and puts clocks off. */
export class Striker {
  readonly #options: StrikerOptions;
  readonly #stores: StoreAddresses;
  #isJumping = false;

  constructor(options: StrikerOptions) {
    this.#options = options;
    this.#stores = findStores(options.system.data);
  }

  /** What it may be sent against; the same on a machine that can fill no disk, so that a seed gives the same plan. */
  get targets(): FaultTargets {
    const { clients } = this.#options;
    const services = SERVICES.flatMap((name) => [`service ${name}`, `cluster ${name}`]);
    return {
      processes: [...services, ...clients.map((name) => `client ${name}`)],
      disks: [...DISK_NAMES, ALL].map((name) => `disk ${name}`),
      // Of the machine as a whole most often: services and devices then agree, and only the gate can tell.
      clocks: [...SERVICES, ...clients, ALL, ALL, ALL].map((name) => `clock ${name}`),
    };
  }

  /** Whether a clock is off now. */
  get isJumping(): boolean {
    return this.#isJumping;
  }

  /** Does what the plan says, and returns when it is over; what was hit has to stand up by itself. */
  async strike(fault: Fault): Promise<void> {
    const { onFault } = this.#options;
    const [what = "", name = ""] = fault.target.split(" ");
    if (fault.kind === "fill") return this.#fill(name, fault);
    if (fault.kind === "jump") {
      onFault(`jump ${what}${name === ALL ? " of all" : ""}`);
      return this.#jump(name, fault);
    }
    const pid = this.#pidOf(fault.target);
    if (pid === undefined) return;
    onFault(`${fault.kind} ${what}`);
    await hit(pid, fault);
  }

  #pidOf(target: string): number | undefined {
    const [kind, name = ""] = target.split(" ");
    if (kind === "client") return this.#options.pidOfClient(name);
    const pids = this.#options.system.pids()[name as Service];
    return kind === "service" ? pids.service : pids.cluster;
  }

  async #fill(
    name: string,
    { milliseconds, kills }: Extract<Fault, { kind: "fill" }>,
  ): Promise<void> {
    const filled = [...this.#options.disks].filter(([each]) => name === ALL || name === each);
    const until = performance.now() + milliseconds;
    if (filled.length === 0) return;
    this.#options.onFault("fill disk");
    try {
      for (const [, disk] of filled) disk.fill();
      if (kills !== null) await this.strike({ kind: "kill", target: kills });
      for (const service of SERVICES)
        if (filled.some(([each]) => each === service)) await fillWal(this.#stores[service]);
      while (performance.now() < until) {
        // What somebody else has given up is taken again.
        for (const [, disk] of filled) disk.fill();
        await sleep(REFILL_MS);
      }
    } finally {
      for (const [, disk] of filled) disk.free();
    }
  }

  async #jump(
    name: string,
    { seconds, milliseconds, kills }: Extract<Fault, { kind: "jump" }>,
  ): Promise<void> {
    const { system, clients } = this.#options;
    const names = name === ALL ? [...SERVICES, ...clients] : [name];
    this.#isJumping = true;
    setClocks(system.data, names, seconds);
    if (kills !== null) await this.strike({ kind: "kill", target: kills });
    await sleep(milliseconds);
    setClocks(system.data, names, 0);
    this.#isJumping = false;
  }
}
