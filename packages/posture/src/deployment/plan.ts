import { isIP } from "node:net";

import { z } from "zod";

import { readYaml, type LateFault, type YamlRead } from "../policy/readYaml.ts";

const name = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, "small letters, digits and hyphens");
const port = z.int().min(1).max(65_535);
const ports = z.array(port).max(1000).default([]);
const path = z.string().regex(/^\/.{1,100}$/, "an absolute path");
const login = z.strictObject({
  database: z.string().min(1).max(63),
  role: z.string().min(1).max(63),
});

const host = z.strictObject({
  addresses: z
    .array(z.string().refine((text) => isIP(text) !== 0, "an IP address"))
    .min(1)
    .max(50),
  /** Ed25519, as `sinetti check key` prints it. */
  key: z
    .string()
    .regex(/^[0-9a-f]{64}$/, "64 hexadecimal digits, as `sinetti check key` prints them")
    .optional(),
  /** Services of other hosts that it may reach; it must reach them, and no other port of theirs. */
  reaches: z.array(name).max(1000).default([]),
  /** Ports that it answers on besides its services: ssh. */
  listens: ports,
  /** Unix sockets that programs of this account may open here. */
  sockets: z.array(path).max(100).default([]),
});

const service = z.strictObject({
  host: name,
  port,
  speaks: z.enum(["tcp", "tls", "postgres"]),
  /** Of a database: who is asked for a password from a host that reaches it. Everybody else is turned away. */
  logins: z.array(login).max(100).default([]),
  /** Of a database: who must be turned away, beside the superuser `postgres`. */
  refuses: z.array(login).max(100).default([]),
});

/** Which host may reach what. */
export const planSchema = z.strictObject({
  sinettiDeployment: z.literal(1),
  /** Oldest statement that counts. */
  maxAgeHours: z.int().min(1).max(8760).default(26),
  hosts: z.record(name, host),
  services: z.record(name, service),
  /** Ports that are tried on every other host, beside those of the services. */
  probe: z.array(port).max(1000).default([22, 5432, 6432]),
  /** Unix sockets that nobody opens who does not name them. */
  sockets: z.array(path).max(100).default([]),
});

export type DeploymentPlan = z.infer<typeof planSchema>;
export type PlannedHost = z.infer<typeof host>;
export type PlannedService = z.infer<typeof service>;

function lateFaults({ hosts, services }: DeploymentPlan): LateFault[] {
  const faults: LateFault[] = [];
  const known = (word: string): string => `there is no such ${word} in the plan`;
  for (const [label, { host: on }] of Object.entries(services))
    if (hosts[on] === undefined)
      faults.push({ path: ["services", label, "host"], problem: known("host") });
  const owners = new Map<string, string>();
  for (const [label, { reaches, addresses }] of Object.entries(hosts)) {
    for (const [index, reached] of reaches.entries()) {
      const at = ["hosts", label, "reaches", index];
      if (services[reached] === undefined) faults.push({ path: at, problem: known("service") });
      else if (services[reached].host === label)
        faults.push({ path: at, problem: "a service of the host itself is reached anyway" });
    }
    for (const [index, address] of addresses.entries()) {
      const owner = owners.get(address);
      if (owner !== undefined)
        faults.push({
          path: ["hosts", label, "addresses", index],
          problem: `the address is that of ${owner} already`,
        });
      owners.set(address, label);
    }
  }
  return faults;
}

const KNOWN: Readonly<Record<string, string>> = {
  hosts: "a host has addresses, key, reaches, listens, sockets",
  services: "a service has host, port, speaks, logins, refuses",
};

/** Reads a plan: YAML 1.2, to what is planned or to everything that is wrong with it, by line and field. */
export function readPlan(text: string): YamlRead<DeploymentPlan> {
  return readYaml(text, {
    schema: planSchema,
    known: (at) => KNOWN[String(at[0])] ?? `there are ${Object.keys(planSchema.shape).join(", ")}`,
    late: lateFaults,
  });
}
