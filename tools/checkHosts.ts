import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

const MAIN = join(import.meta.dirname, "..", "packages", "cli", "src", "main.ts");

/** A host as a plan names it: where it serves, and the socket of its own PostgreSQL; null: it has none. */
export interface PlannedHost {
  readonly address: string;
  readonly port: number;
  readonly socket: string | null;
}

/** What a host finds of the others. */
interface Found {
  readonly tried: number;
  /** What is not as the plan says. */
  readonly wrong: readonly string[];
}

/** A plan in which every host serves TLS, opens its own database's socket, and reaches nothing of the others. */
function writePlan(folder: string, hosts: Readonly<Record<string, PlannedHost>>): string {
  const path = join(folder, "plan.yaml");
  const each = Object.entries(hosts);
  const services = each.map(([host, { port }]) => [host, { host, port, speaks: "tls" }] as const);
  const named = each.map(
    ([host, { address, socket }]) =>
      [host, { addresses: [address], sockets: socket === null ? [] : [socket] }] as const,
  );
  const plan = {
    sinettiDeployment: 1,
    hosts: Object.fromEntries(named),
    services: Object.fromEntries(services),
  };
  writeFileSync(path, JSON.stringify(plan));
  return path;
}

/** Runs `sinetti check deployment` on each host at the same time; `on` is the command by which something runs there. */
export async function checkHosts(
  folder: string,
  {
    hosts,
    on,
  }: {
    hosts: Readonly<Record<string, PlannedHost>>;
    on: (host: string, ...command: readonly string[]) => readonly string[];
  },
): Promise<Record<string, Found>> {
  const plan = writePlan(folder, hosts);
  const words = ["--json", "check", "deployment", "--config", plan, "--timeout", "1s"];
  const checkOn = async (host: string): Promise<[string, Found]> => {
    const [program = "", ...args] = on(host, process.execPath, MAIN, ...words, "--host", host);
    const said = await new Promise<string>((resolve) => {
      execFile(program, args, (_error, stdout, stderr) => resolve(stdout === "" ? stderr : stdout));
    });
    if (!said.startsWith("{")) throw new Error(`${host} could not look: ${said}`);
    const { tried, findings } = JSON.parse(said) as {
      tried: number;
      findings: readonly { readonly object: string }[];
    };
    return [host, { tried, wrong: findings.map(({ object }) => object) }];
  };
  return Object.fromEntries(await Promise.all(Object.keys(hosts).map(checkOn)));
}
