import { chownSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { startBareCluster, type BareCluster } from "../../../../tools/bareCluster.ts";
import { TestAuthority } from "../../../../tools/testCertificate.ts";
import { UsageError } from "../../src/inputError.ts";
import { urlTarget, withTarget } from "../../src/posture/postureTarget.ts";

/** The certificate names the machine and one of its addresses, as that of an authority of one's own may. */
const [NAMED, OTHER] = ["127.0.0.3", "127.0.0.4"];

const folder = mkdtempSync(join(tmpdir(), "sinetti-url-"));
const authority = new TestAuthority(folder);
let cluster: BareCluster;

beforeAll(async () => {
  cluster = await startBareCluster({
    settings: { listen_addresses: `${NAMED},${OTHER}` },
    hba: "local all all scram-sha-256\nhostssl all reader 127.0.0.0/8 scram-sha-256\n",
  });
  const { certificate, key } = authority.issue("server", ["localhost", NAMED]);
  const { uid, gid } = statSync(cluster.hbaFile.replace("pg_hba.conf", "PG_VERSION"));
  for (const file of [folder, certificate, key]) chownSync(file, uid, gid);
  const sql = cluster.connect();
  await sql.unsafe("create role reader login password 'x'");
  for (const [name, value] of [
    ["ssl_cert_file", certificate],
    ["ssl_key_file", key],
    ["ssl", "on"],
  ] as const)
    await sql.unsafe(`alter system set ${name} = '${value}'`);
  await sql.end();
  await cluster.restart();
});
afterAll(async () => {
  await cluster.stop();
  rmSync(folder, { recursive: true });
});

const isLetIn = (host: string, more: string): Promise<boolean> =>
  withTarget(
    urlTarget(`postgres://reader:x@${host}:${cluster.port}/postgres?${more}`, null),
    async (sql) => {
      await sql`select 1`;
      return true;
    },
  );

describe("a database by its address", () => {
  const root = `sslrootcert=${authority.file}`;

  it("is who its certificate names, when that is asked for", async () => {
    expect(await isLetIn(NAMED, `sslmode=verify-full&${root}`)).toBe(true);
    expect(await isLetIn("localhost", `sslmode=require&host=${NAMED}`)).toBe(true);
  });

  it("is turned away where the certificate names another address, and the machine besides", async () => {
    for (const mode of ["verify-full", "verify-ca", "require"])
      await expect(isLetIn(OTHER, `sslmode=${mode}&${root}`)).rejects.toThrow(
        expect.objectContaining({ code: "ERR_TLS_CERT_ALTNAME_INVALID" }),
      );
  });

  it("is turned away where nobody known has signed its certificate", async () => {
    await expect(isLetIn(NAMED, "sslmode=verify-full")).rejects.toThrow(/certificate/);
  });

  it("is asked by a mode that there is", () => {
    for (const mode of ["constructor", "verify", ""])
      expect(() => urlTarget(`postgres://r@h/d?sslmode=${mode}`, null)).toThrow(UsageError);
  });
});
