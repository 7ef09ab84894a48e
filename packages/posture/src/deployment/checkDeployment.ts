import { isOwnOnly, readListening, type Listening } from "./listening.ts";
import type { DeploymentPlan, PlannedHost, PlannedService } from "./plan.ts";
import type { DeploymentResult } from "./statement.ts";
import { tryLogin, type Login, type LoginAnswer } from "./tryLogin.ts";
import { tryPort, tryTls, type Reached } from "./tryPort.ts";

export interface CheckOptions {
  readonly timeoutMs: number;
  /** What this host listens on, as its system says. */
  readonly listening?: readonly Listening[] | null;
}

interface Target {
  readonly host: string;
  readonly address: string;
  readonly port: number;
  /** What the plan says stands there. */
  readonly service: string | null;
}

/** How many are tried at once. */
const AT_ONCE = 64;

async function inTurns<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let from = 0; from < items.length; from += AT_ONCE)
    results.push(...(await Promise.all(items.slice(from, from + AT_ONCE).map(work))));
  return results;
}

/** Every port of every other host that is worth trying: its services', and those of the list. */
function targetsFor(plan: DeploymentPlan, self: string): Target[] {
  const known = new Set([...plan.probe, ...Object.values(plan.services).map(({ port }) => port)]);
  return Object.entries(plan.hosts)
    .filter(([name]) => name !== self)
    .flatMap(([host, { addresses }]) =>
      addresses.flatMap((address) =>
        [...known].map((port): Target => {
          const service = Object.entries(plan.services).find(
            ([, one]) => one.host === host && one.port === port,
          );
          return { host, address, port, service: service?.[0] ?? null };
        }),
      ),
    );
}

const isWanted = ({ reaches }: PlannedHost, { service }: Target): boolean =>
  service !== null && reaches.includes(service);

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

/** The superuser is turned away from everywhere, unless the plan asks a password of it. */
function loginsOf({ logins, refuses }: PlannedService): { login: Login; isAsked: boolean }[] {
  const asked = logins.map((login) => ({ login, isAsked: true }));
  const always = { database: "postgres", role: "postgres" };
  const isNamed = logins.some(
    ({ database, role }) => database === always.database && role === always.role,
  );
  const refused = [...refuses, ...(isNamed ? [] : [always])];
  return [...asked, ...refused.map((login) => ({ login, isAsked: false }))];
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

async function trySockets(
  plan: DeploymentPlan,
  self: string,
  timeoutMs: number,
): Promise<DeploymentResult[]> {
  const own = plan.hosts[self]?.sockets ?? [];
  const all = [...new Set([...plan.sockets, ...own])];
  return inTurns(all, async (path): Promise<DeploymentResult> => {
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
  const listened = listening === null ? [] : listeningResults(plan, self, listening);
  return [...ports, ...speech.flat(), ...listened, ...(await trySockets(plan, self, timeoutMs))];
}
