import type { DeploymentPlan, PlannedHost, PlannedService } from "./plan.ts";
import type { DeploymentResult } from "./statement.ts";
import type { Login } from "./tryLogin.ts";

/** One port of another host that is tried. */
export interface Target {
  readonly host: string;
  readonly address: string;
  readonly port: number;
  /** What the plan says stands there. */
  readonly service: string | null;
}

/** Every port of every other host that is worth trying: its services', and those of the list. */
export function targetsFor(plan: DeploymentPlan, self: string): Target[] {
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

/** Whether the plan has a host reach it. */
export const isWanted = ({ reaches }: PlannedHost, { service }: Target): boolean =>
  service !== null && reaches.includes(service);

/** The superuser is turned away from everywhere, unless the plan asks a password of it. */
export function loginsOf({
  logins,
  refuses,
}: PlannedService): { login: Login; isAsked: boolean }[] {
  const asked = logins.map((login) => ({ login, isAsked: true }));
  const always = { database: "postgres", role: "postgres" };
  const isNamed = logins.some(
    ({ database, role }) => database === always.database && role === always.role,
  );
  const refused = [...refuses, ...(isNamed ? [] : [always])];
  return [...asked, ...refused.map((login) => ({ login, isAsked: false }))];
}

/** The sockets that programs of a host may open. */
export const ownSockets = (plan: DeploymentPlan, self: string): readonly string[] =>
  plan.hosts[self]?.sockets ?? [];

/** The sockets that a host tries. */
export function socketsFor(plan: DeploymentPlan, self: string): string[] {
  return [...new Set([...plan.sockets, ...ownSockets(plan, self)])];
}

/** What a statement must have a result of, and which results the plan allows. */
export interface Trial {
  readonly key: string;
  readonly text: string;
  readonly expected: string;
  readonly allows: (found: string) => boolean;
  /** The port that must have been open for it to be tried; null: it is tried anyway. */
  readonly behind: string | null;
}

const openIf = (wanted: boolean): Pick<Trial, "expected" | "allows"> => ({
  expected: wanted ? "open" : "closed",
  allows: (found) => (found === "open") === wanted,
});
const isAway = (found: string): boolean => found === "turned-away" || found === "no-answer";

/** What a result is of. */
export function trialKey(one: DeploymentResult): string {
  const { kind, path, address, port, database, role, over } = one;
  return JSON.stringify([
    kind,
    path ?? null,
    address ?? null,
    port ?? null,
    database ?? null,
    role ?? null,
    over ?? null,
  ]);
}

function speechTrials({ address, port }: Target, planned: PlannedService, behind: string): Trial[] {
  const at = `${address}:${port}`;
  const place = { host: "", address, port, expected: "", found: "", isRight: true };
  if (planned.speaks === "tcp") return [];
  if (planned.speaks === "tls") {
    const key = trialKey({ ...place, kind: "tls" });
    return [
      {
        key,
        behind,
        text: `TLS of ${at}`,
        expected: "TLS",
        allows: (found) => /^TLSv1\.[23]$/.test(found),
      },
    ];
  }
  return loginsOf(planned).flatMap(({ login, isAsked }) =>
    (["tls", "clear"] as const).map((over): Trial => ({
      key: trialKey({ ...place, ...login, kind: "login", over }),
      behind,
      text: `${login.role} in ${login.database} of ${at}`,
      ...(isAsked && over === "tls"
        ? { expected: "asked", allows: (found) => found === "asked" }
        : { expected: "turned-away", allows: isAway }),
    })),
  );
}

/** Everything that a host tries by the plan, what it listens on aside. */
export function trialsFor(plan: DeploymentPlan, self: string): Trial[] {
  const own = plan.hosts[self];
  if (own === undefined) return [];
  const place = { host: "", expected: "", found: "", isRight: true };
  const ports = targetsFor(plan, self).flatMap((target): Trial[] => {
    const { address, port, service } = target;
    const key = trialKey({ ...place, kind: "port", address, port });
    const wanted = isWanted(own, target);
    const planned = service === null ? undefined : plan.services[service];
    return [
      { key, behind: null, text: `${address}:${port}`, ...openIf(wanted) },
      ...(planned === undefined || !wanted ? [] : speechTrials(target, planned, key)),
    ];
  });
  const sockets = socketsFor(plan, self).map((path): Trial => ({
    key: trialKey({ ...place, kind: "socket", path }),
    behind: null,
    text: path,
    ...openIf(ownSockets(plan, self).includes(path)),
  }));
  return [...ports, ...sockets];
}
