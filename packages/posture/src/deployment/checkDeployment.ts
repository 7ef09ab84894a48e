import { isOwnOnly, readListening, type Listening } from "./listening.ts";
import type { DeploymentPlan, PlannedHost, PlannedService } from "./plan.ts";
import type { DeploymentResult } from "./statement.ts";
import { isWanted, loginsOf, ownSockets, socketsFor, targetsFor, type Target } from "./trials.ts";
import { tryLogin, type Login, type LoginAnswer } from "./tryLogin.ts";
import { tryPort, tryTls, type Reached } from "./tryPort.ts";

export interface CheckOptions {
  readonly timeoutMs: number;
  /** What this host listens on, as its system says. */
  readonly listening?: readonly Listening[] | null;
}

/** How many are tried at once. */
const AT_ONCE = 64;

async function inTurns<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let from = 0; from < items.length; from += AT_ONCE)
    results.push(...(await Promise.all(items.slice(from, from + AT_ONCE).map(work))));
  return results;
}

async function tryTarget(
  target: Target,
  { own, timeoutMs }: { own: PlannedHost; timeoutMs: number },
): Promise<DeploymentResult> {
  const { host, address, port, service } = target;
  const found = await tryPort({ host: address, port }, { timeoutMs });
  const expected = isWanted(own, target) ? "open" : "closed";
  const isRight = (found === "open") === (expected === "open");
  return { kind: "port", host, address, port, service, expected, found, isRight };
}

async function tryDatabase(
  { host, address, port, service }: Target,
  planned: PlannedService,
  timeoutMs: number,
): Promise<DeploymentResult[]> {
  const to = { host: address, port };
  const ask = async (login: Login, isTls: boolean): Promise<LoginAnswer> =>
    tryLogin(to, login, { isTls, timeoutMs });
  const results = await Promise.all(
    loginsOf(planned).map(async ({ login, isAsked }): Promise<DeploymentResult[]> => {
      const place = { kind: "login" as const, host, address, port, service, ...login };
      const expected = isAsked ? "asked" : "turned-away";
      const [byTls, inClear] = [await ask(login, true), await ask(login, false)];
      const isRight = isAsked ? byTls === "asked" : ["turned-away", "no-answer"].includes(byTls);
      const clear = { ...place, over: "clear" as const, expected: "turned-away" };
      return [
        { ...place, over: "tls", expected, found: byTls, isRight },
        { ...clear, found: inClear, isRight: ["turned-away", "no-answer"].includes(inClear) },
      ];
    }),
  );
  return results.flat();
}

async function trySpeech(
  target: Target,
  planned: PlannedService,
  timeoutMs: number,
): Promise<DeploymentResult[]> {
  if (planned.speaks === "postgres") return tryDatabase(target, planned, timeoutMs);
  if (planned.speaks === "tcp") return [];
  const { host, address, port, service } = target;
  const version = await tryTls({ host: address, port }, { timeoutMs });
  const isRight = version === "TLSv1.3" || version === "TLSv1.2";
  const found = version ?? "no TLS";
  return [{ kind: "tls", host, address, port, service, expected: "TLS", found, isRight }];
}

function listeningResults(
  plan: DeploymentPlan,
  self: string,
  listening: readonly Listening[],
): DeploymentResult[] {
  const own = plan.hosts[self];
  const ofOthers = new Set(
    Object.entries(plan.hosts)
      .filter(([name]) => name !== self)
      .flatMap(([, { addresses }]) => addresses),
  );
  const declared = new Set([
    ...(own?.listens ?? []),
    ...Object.values(plan.services)
      .filter(({ host }) => host === self)
      .map(({ port }) => port),
  ]);
  // Of several hosts on one machine none answers for what listens on all of its addresses; the ports that are tried find that.
  const isPart = own?.addresses.every((address) => isOwnOnly({ address })) === true;
  const seen = listening.filter(
    (one) =>
      own?.addresses.includes(one.address) === true ||
      (!isPart && !isOwnOnly(one) && !ofOthers.has(one.address)),
  );
  return seen.map(({ address, port }) => ({
    kind: "listening",
    host: self,
    address,
    port,
    service: null,
    expected: declared.has(port) ? "declared" : "nothing",
    found: "listening",
    isRight: declared.has(port),
  }));
}

/** What a system does not say is not taken for nothing. */
const unknownListening = (self: string): DeploymentResult => ({
  kind: "listening",
  host: self,
  service: null,
  expected: "said",
  found: "unknown",
  isRight: false,
});

async function trySockets(
  plan: DeploymentPlan,
  self: string,
  timeoutMs: number,
): Promise<DeploymentResult[]> {
  const own = ownSockets(plan, self);
  return inTurns(socketsFor(plan, self), async (path): Promise<DeploymentResult> => {
    const found: Reached = await tryPort({ path }, { timeoutMs });
    const expected = own.includes(path) ? "open" : "closed";
    const isRight = (found === "open") === (expected === "open");
    return { kind: "socket", host: self, path, expected, found, isRight };
  });
}

/**
 * Tries, from this host, everything that the plan names: what must be reached is, what must not be reached is not, and it
 * listens on nothing that is not declared. Opens nothing, and sends no password.
 */
export async function checkDeployment(
  plan: DeploymentPlan,
  self: string,
  { timeoutMs, listening = readListening() }: CheckOptions,
): Promise<DeploymentResult[]> {
  const own = plan.hosts[self];
  if (own === undefined) throw new RangeError("the plan has no such host");
  const targets = targetsFor(plan, self);
  const ports = await inTurns(targets, (target) => tryTarget(target, { own, timeoutMs }));
  const open = targets.filter((_target, index) => ports[index]?.found === "open");
  const speech = await inTurns(open, async (target) => {
    const planned = target.service === null ? undefined : plan.services[target.service];
    // Where it should not have come at all, what is spoken there makes it no better.
    if (planned === undefined || !isWanted(own, target)) return [];
    return trySpeech(target, planned, timeoutMs);
  });
  const listened =
    listening === null ? [unknownListening(self)] : listeningResults(plan, self, listening);
  return [...ports, ...speech.flat(), ...listened, ...(await trySockets(plan, self, timeoutMs))];
}
