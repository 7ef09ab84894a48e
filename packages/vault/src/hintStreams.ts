import {
  HINT_FILES,
  NO_HINT,
  rolesAt,
  weekOf,
  type AccessState,
  type DeviceId,
  type Hint,
  type MemberId,
  type Order,
  type PracticeId,
} from "@sinetti/core";

import { checkStanding } from "./call.ts";
import type { Clock } from "./clock.ts";
import { HintStream } from "./hintStream.ts";
import { isFrozen, type Caller } from "./policy/caller.ts";
import { heldUntilStopped, mayHear } from "./policy/fileRights.ts";
import type { Held } from "./practiceStates.ts";
import { Refusal, refuse } from "./problem.ts";

/** How many streams of hints may be open, and for how long. */
export interface HintLimits {
  readonly perDevice: number;
  readonly perMember: number;
  readonly inAll: number;
  /** A stream ends after this; its client opens another. */
  readonly lifeSeconds: number;
  /** A quiet stream says this often that it lives. */
  readonly beatMs: number;
  /** What comes within this goes out as one hint. */
  readonly gatherMs: number;
}

interface Listener {
  readonly caller: Caller;
  readonly member: MemberId;
  readonly device: DeviceId;
  readonly until: number;
  readonly stream: HintStream;
}

/** Which of the orders `held` obeys are new since `before`, or stand in their chains since. */
function stopsChanged(before: Held | null, held: Held): Order[] {
  const ids = (orders: readonly Order[]): Set<string> => new Set(orders.map(({ id }) => id));
  const [old, now] = [ids(before?.acting ?? []), ids(held.acting)];
  return [
    ...held.acting.filter(({ id }) => !old.has(id)),
    ...(before?.acting ?? []).filter(({ id }) => !now.has(id)),
  ];
}

/** The streams of hints that devices listen to; in memory alone, and of this process alone. */
export class HintStreams {
  readonly #clock: Clock;
  readonly #limits: HintLimits;
  readonly #renew: (practice: PracticeId) => Promise<Held | null>;
  readonly #listeners = new Map<PracticeId, Set<Listener>>();
  #open = 0;
  #beat: NodeJS.Timeout | null = null;
  #isBeating = false;
  #isEnded = false;

  constructor(options: {
    clock: Clock;
    limits: HintLimits;
    /** The newest state of a practice, from the database. */
    renew: (practice: PracticeId) => Promise<Held | null>;
  }) {
    this.#clock = options.clock;
    this.#limits = options.limits;
    this.#renew = options.renew;
  }

  /** How many are open. */
  get size(): number {
    return this.#open;
  }

  /** Opens one for a device that stands in `held`; the oldest of a device or member that has too many ends. */
  listen(held: Held, caller: Caller): ReadableStream<Uint8Array> {
    const { member, device } = caller;
    if (member === null || device === null) return refuse("not-authorised");
    if (this.#isEnded) refuse("unavailable");
    checkStanding(held, caller);
    if (isFrozen(held, member)) refuse("frozen");
    const { practice } = held.state;
    const listeners = this.#listeners.get(practice) ?? new Set<Listener>();
    this.#endOldest(listeners, (one) => one.device === device, this.#limits.perDevice);
    this.#endOldest(listeners, (one) => one.member === member, this.#limits.perMember);
    if (this.#open >= this.#limits.inAll) refuse("rate-limited");
    const until = this.#clock.monotonic() + this.#limits.lifeSeconds;
    const onEnd = (): void => this.#forget(practice, listener);
    const stream = new HintStream({ gatherMs: this.#limits.gatherMs, onEnd });
    const listener: Listener = { caller, member, device, until, stream };
    this.#listeners.set(practice, listeners.add(listener));
    this.#open++;
    this.#beat ??= setInterval(() => void this.#beatOnce(), this.#limits.beatMs).unref();
    stream.tell(NO_HINT);
    return stream.body;
  }

  #endOldest(
    listeners: ReadonlySet<Listener>,
    isMeant: (one: Listener) => boolean,
    limit: number,
  ): void {
    const meant = [...listeners].filter(isMeant);
    for (const { stream } of meant.slice(0, Math.max(0, meant.length - limit + 1))) stream.end();
  }

  #forget(practice: PracticeId, listener: Listener): void {
    const listeners = this.#listeners.get(practice);
    if (listeners?.delete(listener) !== true) return;
    this.#open--;
    if (listeners.size === 0) this.#listeners.delete(practice);
    if (this.#open > 0 || this.#beat === null) return;
    clearInterval(this.#beat);
    this.#beat = null;
  }

  #tell(practice: PracticeId, pick: (listener: Listener) => Hint | null): void {
    for (const listener of this.#listeners.get(practice) ?? []) {
      const hint = pick(listener);
      if (hint !== null) listener.stream.tell(hint);
    }
  }

  #cutOff(held: Held): void {
    const listeners = this.#listeners.get(held.state.practice) ?? [];
    for (const { caller, member, stream } of listeners)
      if (isFrozen(held, member) || !stands(held, caller)) stream.end();
  }

  /** The practice is known anew: whoever may not listen any more is cut off first. */
  practiceChanged(before: Held | null, held: Held): void {
    const { practice } = held.state;
    this.#cutOff(held);
    const hasGrown = before?.mark.head.hash !== held.mark.head.hash;
    const stops = stopsChanged(before, held);
    const areForAll = stops.some(({ kind }) => kind !== "revoke");
    this.#tell(practice, ({ member }) => {
      const isGuard = rolesAt(held.state, member).some(
        (role) => role === "privacy" || role === "admin",
      );
      const hearsStops = stops.length > 0 && (areForAll || isGuard);
      return hasGrown || hearsStops ? { ...NO_HINT, practice: hasGrown, stops: hearsStops } : null;
    });
  }

  /** Files changed: each listener hears of those that it may know of. */
  filesChanged(held: Held, states: readonly AccessState[]): void {
    this.#tellFiles(held, states, mayHear);
  }

  /** A stop took a grant on a file: whoever held it learns now that its screen is to be cleared. */
  grantStopped(held: Held, state: AccessState): void {
    this.#tellFiles(held, [state], heldUntilStopped);
  }

  #tellFiles(held: Held, states: readonly AccessState[], isHeard: typeof mayHear): void {
    const week = weekOf(this.#clock.now());
    this.#tell(held.state.practice, ({ member }) => {
      const heard = states.filter((state) => isHeard(held, state, { member, week }));
      const files = heard.map(({ file }) => file);
      if (files.length === 0) return null;
      return files.length > HINT_FILES ? { ...NO_HINT, all: true } : { ...NO_HINT, files };
    });
  }

  async #beatOnce(): Promise<void> {
    if (this.#isBeating) return;
    this.#isBeating = true;
    await this.#onBeat().finally(() => (this.#isBeating = false));
  }

  /** Says that the streams live, ends what is old, and sees whether another process has stopped somebody. */
  async #onBeat(): Promise<void> {
    const now = this.#clock.monotonic();
    for (const [practice, listeners] of this.#listeners) {
      for (const { stream, until } of listeners) if (until <= now) stream.end();
      const held = this.#listeners.has(practice)
        ? await this.#renew(practice).catch(() => null)
        : null;
      // A vault that cannot say whether somebody still stands tells them nothing.
      if (held === null) for (const { stream } of listeners) stream.end();
      else {
        this.#cutOff(held);
        this.#tell(practice, () => NO_HINT);
      }
    }
  }

  /** Ends all of them and takes no more. */
  end(): void {
    this.#isEnded = true;
    for (const listeners of this.#listeners.values())
      for (const { stream } of listeners) stream.end();
  }
}

function stands(held: Held, caller: Caller): boolean {
  try {
    checkStanding(held, caller);
    return true;
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
}
