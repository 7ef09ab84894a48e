import {
  CoreError,
  GATE_ROUTES,
  VAULT_ROUTES,
  acceptsLink,
  applyPracticeStatement,
  decodeShape,
  encodeShape,
  hashStatement,
  practiceHead,
  practiceStateShape,
  readStatement,
  startPractice,
  verifyAcceptance,
  type PracticeId,
  type PracticeState,
  type ServiceName,
  type SignPublicKey,
  type Signed,
} from "@sinetti/core";
import type { Device } from "./device.ts";
import { ClientError, hardStop } from "./errors.ts";
import type { Services } from "./services.ts";

const CELL = "practice";

/** A link of the practice chain with the gate's word on it. */
export interface AcceptedLink {
  readonly statement: Signed;
  readonly acceptance: Signed;
}

/** The practice chain as this device has verified it, from the genesis that the practice id commits to. */
export class PracticeView {
  readonly #device: Device;
  #state: PracticeState | null;

  private constructor(device: Device, state: PracticeState | null) {
    this.#device = device;
    this.#state = state;
  }

  /** The state as it was when this device last stopped. */
  static async load(device: Device): Promise<PracticeView> {
    const cell = await device.read(CELL);
    return new PracticeView(device, cell === null ? null : decodeShape(practiceStateShape, cell));
  }

  /** The folded chain. Hard stop before the first link. */
  get state(): PracticeState {
    if (this.#state === null) throw hardStop("the practice chain is not known yet");
    return this.#state;
  }

  get isKnown(): boolean {
    return this.#state !== null;
  }

  /** Verifies and keeps links that follow; links held already are compared by hash. Any failed check is a hard stop. */
  async take(links: readonly AcceptedLink[]): Promise<void> {
    try {
      let changed = false;
      for (const link of links) changed = this.#fold(link, this.#device.owner.practice) || changed;
      if (changed)
        await this.#device.write([
          this.#device.seal(CELL, encodeShape(practiceStateShape, this.state)),
        ]);
    } catch (error) {
      this.#state = (await PracticeView.load(this.#device)).#state;
      throw error instanceof CoreError ? hardStop(`practice chain: ${error.code}`, error) : error;
    }
  }

  #fold({ statement, acceptance }: AcceptedLink, practice: PracticeId): boolean {
    const link = readStatement(statement);
    const { seq } = link.statement;
    const held = this.#state?.heads[seq];
    if (held !== undefined) {
      if (held !== hashStatement(statement))
        throw hardStop("two accepted statements at one place of the practice chain");
      return false;
    }
    const gateKey = this.#state?.services.gate ?? null;
    const week = this.#acceptedWeek(link, { acceptance, gateKey, practice });
    if (this.#state === null) this.#state = startPractice(statement, { practice, week });
    else applyPracticeStatement(this.#state, link, { week });
    return true;
  }

  #acceptedWeek(
    link: ReturnType<typeof readStatement>,
    {
      acceptance,
      gateKey,
      practice,
    }: { acceptance: Signed; gateKey: SignPublicKey | null; practice: PracticeId },
  ): number {
    const started = gateKey === null ? startPractice(link.signed, { practice, week: 0 }) : null;
    const accepted = verifyAcceptance(
      acceptance,
      gateKey ?? (started as PracticeState).services.gate,
      practice,
    );
    const head = started === null ? null : practiceHead(started);
    const named =
      head === null
        ? acceptsLink(accepted, link)
        : accepted.items.some((item) => item.seq === 0 && item.hash === head.hash);
    if (!named) throw hardStop("an acceptance names another statement");
    return accepted.week;
  }

  /** Fetches and verifies what this device lacks, from the gate or (when it is down) a vault. */
  async sync(services: Services, from: ServiceName = "gate"): Promise<void> {
    for (let more = true; more;) {
      const next = this.#state === null ? 0 : this.#state.heads.length;
      const route = from === "gate" ? GATE_ROUTES.practiceRead : VAULT_ROUTES.practiceRead;
      const { answer } = await services.call(from, route, { from: next });
      await this.take(answer.links);
      more = answer.more && answer.links.length > 0;
    }
  }

  /** Fetches what is new if the gate gives it: a stop is signed on what is verified here, and waits for no gate that is down or lies. */
  async syncIfReachable(services: Services): Promise<void> {
    try {
      await this.sync(services);
    } catch (error) {
      if (!(error instanceof ClientError)) throw error;
    }
  }

  /** Hands a vault the run of the chain that it lacks. */
  async handTo(services: Services, vault: "who" | "what"): Promise<void> {
    const status = await services.call(vault, VAULT_ROUTES.status, {}).then(
      ({ answer }) => answer.practice.seq + 1,
      () => 0,
    );
    let from = status;
    for (let more = true; more;) {
      const { answer } = await services.call("gate", GATE_ROUTES.practiceRead, { from });
      if (answer.links.length === 0) return;
      await this.take(answer.links);
      await services.call(vault, VAULT_ROUTES.practiceTake, { links: answer.links });
      from += answer.links.length;
      more = answer.more;
    }
  }
}
