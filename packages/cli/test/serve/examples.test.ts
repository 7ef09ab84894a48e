import {
  chmodSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { readPlan } from "@sinetti/posture";
import { afterAll, describe, expect, it } from "vitest";
import { parse } from "yaml";

import { TestAuthority } from "../../../../tools/testCertificate.ts";
import { makeProgram } from "../../src/program.ts";
import { initPart } from "../../src/serve/initPart.ts";
import { readServeConfig } from "../../src/serve/readServeConfig.ts";
import { PARTS, type Part } from "../../src/serve/serveConfig.ts";
import { makePlace } from "../start/startedSystem.ts";

const examples = fileURLToPath(new URL("../../../../docs/examples/", import.meta.url));
const place = makePlace();
const authority = new TestAuthority(place.path);
afterAll(() => place.remove());

/** A folder as `serve init` leaves it, with the example in the place of what it wrote. */
function placeExample(part: Part): string {
  const out = join(place.path, part);
  const tls = authority.issue(part, ["localhost"]);
  const plan = {
    part,
    out,
    listen: "127.0.0.1:4600",
    origins: ["https://app.example.org"],
    database: "localhost/sinetti",
    gateKey: "5c".repeat(32),
    services: {
      who: "https://who.example.org",
      what: "https://what.example.org",
      gate: "https://gate.example.org",
    },
  };
  initPart(plan);
  mkdirSync(join(out, "tls"));
  copyFileSync(tls.certificate, join(out, "tls", "certificate.pem"));
  copyFileSync(tls.key, join(out, "tls", "key.pem"));
  chmodSync(join(out, "tls", "key.pem"), 0o600);
  copyFileSync(authority.file, join(out, "tls", "ca.pem"));
  mkdirSync(join(out, "release"));
  writeFileSync(join(out, "release", "index.html"), "<!doctype html>");
  const config = join(out, `${part}.yaml`);
  cpSync(join(examples, "serve", `${part}.yaml`), config);
  return config;
}

/** Words of a command line, and whether this program takes its options. */
async function unknownOptions(words: readonly string[]): Promise<string[]> {
  let command = await makeProgram(words);
  const options = words.filter((word) => word.startsWith("--"));
  for (const word of words.filter((each) => !each.startsWith("-"))) {
    const next = command.commands.find((each) => each.name() === word);
    if (next === undefined) break;
    command = next;
  }
  const known = new Set(command.options.map(({ long }) => long));
  return options.filter((option) => !known.has(option));
}

describe("the examples", () => {
  it.each(PARTS)("have a configuration of %s that is taken", (part) => {
    expect(readServeConfig(placeExample(part), part).part).toBe(part);
  });

  it("have a plan that is taken, and whose hosts reach nothing of each other", () => {
    const read = readPlan(readFileSync(join(examples, "serve", "plan.yaml"), "utf8"));
    if (!read.ok) throw new Error(JSON.stringify(read.rejections));
    expect(Object.keys(read.value.hosts)).toEqual(["app", "who", "what", "gate"]);
    expect(Object.values(read.value.hosts).flatMap(({ reaches }) => reaches)).toEqual([]);
  });

  it("have units whose commands this program takes", async () => {
    const folder = join(examples, "systemd");
    const units = readdirSync(folder).filter((name) => name.endsWith(".service"));
    expect(units).toContain("sinetti@.service");
    for (const unit of units) {
      const text = readFileSync(join(folder, unit), "utf8");
      const [, line = ""] = /^ExecStart=\S+ \S+sinetti\.mjs (.+)$/m.exec(text) ?? [];
      expect(line).not.toBe("");
      for (const part of PARTS)
        expect(await unknownOptions(line.replaceAll("%i", part).split(" "))).toEqual([]);
    }
  });

  it("have containers whose databases have no network, and which run as nobody", async () => {
    const text = readFileSync(join(examples, "container", "compose.yaml"), "utf8");
    const { services, networks } = parse(text, { merge: true }) as {
      services: Record<string, Record<string, unknown>>;
      networks: Record<string, unknown>;
    };
    for (const part of PARTS) {
      expect(services[part]).toMatchObject({
        read_only: true,
        cap_drop: ["ALL"],
        networks: [part],
      });
      expect(await unknownOptions(services[part]?.["command"] as string[])).toEqual([]);
    }
    const databases = Object.entries(services).filter(([name]) => name.endsWith("-database"));
    expect(databases).toHaveLength(3);
    for (const [, database] of databases)
      expect(database).toMatchObject({ network_mode: "none", cap_drop: ["ALL"] });
    expect(Object.keys(networks).toSorted()).toEqual([...PARTS].toSorted());
    const image = readFileSync(join(examples, "container", "Containerfile"), "utf8");
    expect(image).toMatch(/^USER 10001:10001$/m);
  });
});
