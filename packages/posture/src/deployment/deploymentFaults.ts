import type { Check, Hit, Severity } from "../checks/check.ts";
import { findingsOf, type MendedFinding } from "../findings.ts";
import type { Mend } from "../mend.ts";
import { resultText, type DeploymentResult, type DeploymentStatement } from "./statement.ts";
import type { DeploymentPlan } from "./plan.ts";
import { trialKey, trialsFor, type Trial } from "./trials.ts";

const HOUR_MS = 3_600_000;
/** Clocks of two hosts differ so much at most; what is dated later would be fresh for ever. */
const AHEAD_HOURS = 1;
/** How many of what is left out are named. */
const NAMED = 3;

/** What is known of one host: its newest statement, and whether its signature holds. */
export interface HostWord {
  readonly host: string;
  readonly statement: DeploymentStatement | null;
  /** `unsigned`: the plan has no key for it. */
  readonly signature: "good" | "bad" | "unsigned";
  /** Whether it is about the plan as it is now. */
  readonly isOfPlan: boolean;
}

const person = (text: string): Mend & { kind: "person" } => ({ kind: "person", text });

function mendOf(self: string, addresses: readonly string[], one: DeploymentResult): Mend {
  const { kind, host, port, path, role, database } = one;
  if (kind === "port" && one.expected === "closed")
    return person(
      `On ${host}: nft insert rule inet filter input ip saddr { ${addresses.join(", ")} } tcp dport ${port ?? 0} drop, and the same line into /etc/nftables.conf; or stop what answers there (ss -ltnp 'sport = :${port ?? 0}').`,
    );
  if (kind === "listening" && one.address === undefined)
    return person(
      `On ${self}: let the check read /proc/net/tcp and /proc/net/tcp6, and run it again.`,
    );
  if (kind === "listening")
    return person(
      `On ${self}: ss -ltnp 'sport = :${port ?? 0}' says which program it is; stop it, or declare the port under listens.`,
    );
  if (kind === "login")
    return one.expected === "asked"
      ? person(
          `On ${host}: a line hostssl ${database ?? ""} ${role ?? ""} … scram-sha-256 in pg_hba.conf for ${addresses.join(", ")}.`,
        )
      : person(
          `On ${host}: take out the line of pg_hba.conf that lets ${role ?? ""} into ${database ?? ""} from ${addresses.join(", ")} (sinetti posture names it), or make it hostssl with scram-sha-256; then SELECT pg_reload_conf();`,
        );
  if (kind === "socket" && one.expected === "closed")
    return person(`On ${self}: close the folder of ${path ?? ""} to this account (chmod 700).`);
  return person(
    `Start what should answer there, or let ${self} through; else take it out of reaches.`,
  );
}

/** A way to a database that should not be there, or a login without a password, is what happened at Vastaamo. */
function severityOf(one: DeploymentResult, plan: DeploymentPlan): Severity {
  if (one.found === "let-in") return "critical";
  if (one.kind === "login") return "high";
  if (one.expected !== "closed") return one.kind === "listening" ? "high" : "medium";
  const service =
    one.service === null || one.service === undefined ? undefined : plan.services[one.service];
  const isDatabase = service?.speaks === "postgres" || one.port === 5432;
  return isDatabase ? "critical" : "high";
}

/** What of a statement is wrong by the plan, whatever it says itself, and what it does not speak of. */
function judge(
  { results }: DeploymentStatement,
  trials: readonly Trial[],
): { wrong: DeploymentResult[]; missing: string[] } {
  const byKey = new Map(trials.map((trial) => [trial.key, trial]));
  const found = new Map(results.map((one) => [trialKey(one), one.found]));
  return {
    wrong: results.flatMap((one) => {
      const trial = byKey.get(trialKey(one));
      if (one.isRight && trial?.allows(one.found) !== false) return [];
      return [trial === undefined ? one : { ...one, expected: trial.expected, isRight: false }];
    }),
    missing: trials
      .filter(
        ({ key, behind }) => !found.has(key) && (behind === null || found.get(behind) === "open"),
      )
      .map(({ text }) => text),
  };
}

function wordHits(
  { host, statement, signature, isOfPlan }: HostWord,
  { plan, now }: { plan: DeploymentPlan; now: Date },
): Hit[] {
  const again = person(
    `On ${host}: sinetti check deployment --config plan.yaml --key host.key --out statement.json; then bring the statement here.`,
  );
  if (statement === null)
    return [
      {
        object: `${host} says nothing`,
        severity: "high",
        detail: "There is no statement of this host.",
        mend: again,
      },
    ];
  if (signature === "bad")
    return [
      {
        object: `${host} is not who signed`,
        severity: "critical",
        detail: "The statement is not signed by the key of the plan.",
        mend: again,
      },
    ];
  const hits: Hit[] = [];
  if (signature === "unsigned")
    hits.push({
      object: `${host} has no key`,
      severity: "medium",
      detail: "Anybody could have written its statement.",
      mend: person(
        `On ${host}: sinetti check key --out host.key; write the key that it prints into the plan.`,
      ),
    });
  if (!isOfPlan)
    hits.push({
      object: `${host} knows another plan`,
      severity: "high",
      detail: "Its statement is about another plan than this.",
      mend: again,
    });
  const hours = (now.getTime() - Date.parse(statement.at)) / HOUR_MS;
  if (hours > plan.maxAgeHours)
    hits.push({
      object: `${host} is out of date`,
      severity: "high",
      detail: `Its statement is of ${statement.at}, older than ${plan.maxAgeHours} hours.`,
      mend: again,
    });
  if (hours < -AHEAD_HOURS)
    hits.push({
      object: `${host} is dated ahead`,
      severity: "high",
      detail: `Its statement is of ${statement.at}, which is still to come: nobody knows when it was made.`,
      mend: person(`Set the clock of ${host} right; then ${again.text}`),
    });
  const { wrong, missing } = judge(statement, isOfPlan ? trialsFor(plan, host) : []);
  if (missing.length > 0)
    hits.push({
      object: `${host} does not say all`,
      severity: "high",
      detail: `Of what the plan has it try, ${missing.length} are left out: ${missing.slice(0, NAMED).join(", ")}${missing.length > NAMED ? " …" : ""}.`,
      mend: again,
    });
  const addresses = plan.hosts[host]?.addresses ?? [];
  return [
    ...hits,
    ...wrong.map((one) => ({
      object: `${host}: ${resultText(one)}`,
      severity: severityOf(one, plan),
      detail: `Seen from ${host} at ${statement.at}.`,
      mend: mendOf(host, addresses, one),
    })),
  ];
}

/** N0: what the hosts themselves say that they reach. */
export const deploymentCheck: Omit<Check, "find"> = {
  id: "N0",
  title: "A host reaches what it should not, or does not say",
  severity: "critical",
  why: "Vastaamo's database was open to the internet for sixteen months while everybody believed that a firewall stood before it. What was not tried from outside is not known.",
  how: "the signed statements of `sinetti check deployment` of every host of the plan: ports that answer, logins that a database asks for a password or lets in, ports that the host listens on and nobody declared, sockets; critical for a database's port and a login without a password, high where a host has said nothing within `maxAgeHours`, leaves out what the plan has it try, or dates its word ahead",
  mend: "Close the port or line that is named; run `sinetti check deployment` on the host again.",
};

/** What is wrong between the hosts of a plan, worst first. */
export function findDeploymentFaults(
  plan: DeploymentPlan,
  words: readonly HostWord[],
  options: { now: Date },
): MendedFinding[] {
  const byHost = new Map(words.map((word) => [word.host, word]));
  const hits = Object.keys(plan.hosts).flatMap((host) => {
    const silent: HostWord = { host, statement: null, signature: "unsigned", isOfPlan: false };
    return wordHits(byHost.get(host) ?? silent, { plan, now: options.now });
  });
  return findingsOf([{ check: deploymentCheck, hits }], () => null);
}
