import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { readFileSync, rmSync, statSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

import { hexToBytes, toSignPublicKey, type SignPublicKey } from "@sinetti/core";
import { generateSignKey } from "@sinetti/core/secret";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

import { loadSuite } from "../../../../tools/testPractice.ts";
import { failureOf } from "../../src/failure.ts";
import { makeReleaseKey, readPublicKey, signSite } from "../../src/site/releaseKey.ts";
import { MANIFEST, SIGNATURE, writeManifest } from "../../src/site/siteManifest.ts";
import { verifySite } from "../../src/site/verifySite.ts";
import type { WebServer } from "../../src/start/webServer.ts";
import { PAGE, SCRIPT, URLS, makeSite, serveFolder } from "./servedSite.ts";

type Change = (path: string, sent: { headers: Record<string, string>; body: Buffer }) => void;

const site = makeSite();
const keyFile = join(site.folder, "..", `${site.folder.split("/").at(-1)}.key`);
let key: SignPublicKey;
let server: WebServer;
const closing: (() => Promise<void>)[] = [];

beforeAll(async () => {
  await loadSuite();
  key = makeReleaseKey(keyFile);
  signSite(site.folder, keyFile);
  server = await serveFolder(site.folder);
});
afterAll(async () => {
  await server.stop();
  rmSync(keyFile);
  site.remove();
});
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A host between the verifier and the real one, that changes what it likes. */
async function changedHost(change: Change, from: WebServer = server): Promise<string> {
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = request.url ?? "/";
    const sent = await fetch(from.url + path, { headers: { "accept-encoding": "identity" } });
    const headers = Object.fromEntries(sent.headers);
    const held = { headers, body: Buffer.from(await sent.arrayBuffer()) };
    delete headers["content-length"];
    change(path, held);
    response.writeHead(sent.status, held.headers).end(held.body);
  };
  const host = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => host.listen(0, "127.0.0.1", resolve));
  closing.push(
    () =>
      new Promise((resolve) => {
        host.close(() => resolve());
        host.closeAllConnections();
      }),
  );
  return `http://127.0.0.1:${(host.address() as AddressInfo).port}`;
}

const truth = () => ({ key, manifest: null, services: null });

async function faultsOf(url: string, wish: Partial<ReturnType<typeof truth>> = {}) {
  const verified: unknown = await verifySite(url, { ...truth(), ...wish }).catch(failureOf);
  return verified as { exit: number; code: string; fields: string[] };
}

describe("a served web client", () => {
  it("is found to be the release by its signature, by its manifest, and by both", async () => {
    const manifest = readFileSync(join(site.folder, MANIFEST));
    const verified = {
      version: "0.1.0+test",
      files: 3,
      services: Object.values(URLS),
    };
    expect(await verifySite(server.url, truth())).toEqual(verified);
    expect(await verifySite(server.url, { ...truth(), key: null, manifest })).toEqual(verified);
    const services = Object.values(URLS) as never;
    expect(await verifySite(server.url, { ...truth(), services })).toEqual(verified);
  });

  const changes: [string, Change, string][] = [
    [
      "one byte of a script",
      (path, sent) => void (path === SCRIPT && (sent.body[9] = 0x5f)),
      `${SCRIPT}: other bytes`,
    ],
    [
      "one more script in the page",
      (path, sent) => {
        if (path !== "/index.html") return;
        sent.body = Buffer.from(PAGE.replace("</head>", '<script src="/x.js"></script></head>'));
      },
      "/index.html: <script> refers to /x.js, which the manifest does not name",
    ],
    [
      "a script in the page itself, on its routes alone",
      (path, sent) => {
        if (path !== "/patients") return;
        sent.body = Buffer.from(PAGE.replace("</head>", "<script>steal()</script></head>"));
      },
      "/patients: a script stands in the page itself",
    ],
    [
      "a page that sends forms elsewhere",
      (path, sent) => {
        if (path === "/") sent.body = Buffer.from(`${PAGE}<form action=//evil.example>`);
      },
      "/: <form> has no place in it",
    ],
    [
      "a header that is missing",
      (path, { headers }) => void (path === "/" && delete headers["content-security-policy"]),
      "/: header content-security-policy, script-src",
    ],
    [
      "a policy that lets it speak to one more host",
      (_, { headers }) => {
        const policy = "content-security-policy";
        headers[policy] = headers[policy]?.replace("4603", "4603 https://evil.example") ?? "";
      },
      `${SCRIPT}: header content-security-policy, connect-src`,
    ],
    [
      "a policy without Trusted Types",
      (path, { headers }) => {
        const policy = "content-security-policy";
        if (path === "/")
          headers[policy] =
            headers[policy]?.replace("require-trusted-types-for 'script';", "") ?? "";
      },
      "/: header content-security-policy, require-trusted-types-for",
    ],
    [
      "a signature that is no signature",
      (path, sent) => void (path === `/${SIGNATURE}` && (sent.body = Buffer.from("<html>"))),
      `/${SIGNATURE}: it is not this key's word`,
    ],
  ];
  it.each(changes)("is refused with exit 4 for %s", async (_, change, named) => {
    const { exit, code, fields } = await faultsOf(await changedHost(change));
    expect([exit, code]).toEqual([4, "site-differs"]);
    expect(fields.join("\n")).toContain(named);
  });

  it("is refused when a newer manifest bears the signature of the one before", async () => {
    const newer = makeSite({ [SCRIPT]: "alert(1)" });
    newer.write(SIGNATURE, readFileSync(join(site.folder, SIGNATURE), "utf8"));
    const other = await serveFolder(newer.folder);
    closing.push(
      () => other.stop(),
      async () => newer.remove(),
    );
    const { exit, fields } = await faultsOf(other.url);
    expect(exit).toBe(4);
    expect(fields).toEqual([`/${SIGNATURE}: it is not this key's word on this manifest`]);
  });

  it("is refused when an older release is served, to whoever has the manifest", async () => {
    const newer = makeSite({ [SCRIPT]: "fixed()" });
    closing.push(async () => newer.remove());
    const manifest = readFileSync(join(newer.folder, MANIFEST)) as never;
    const { exit, fields } = await faultsOf(server.url, { manifest, key: null as never });
    expect(exit).toBe(4);
    expect(fields.join()).toContain(`${SCRIPT}: other bytes`);
  });

  it("is refused under another key, and with services other than those that were named", async () => {
    expect((await faultsOf(server.url, { key: generateSignKey().publicKey })).exit).toBe(4);
    const services = ["https://who.example"] as never;
    const { fields } = await faultsOf(server.url, { services });
    expect(fields.join()).toContain("content-security-policy, connect-src");
  });

  it("that does not answer is unreachable, and none of this", async () => {
    expect((await faultsOf("http://127.0.0.1:9")).exit).toBe(5);
  });
});

describe("a release key", () => {
  it("lies in a file that its owner alone reads, and is never written over", () => {
    expect(statSync(keyFile).mode & 0o777).toBe(0o600);
    expect(() => makeReleaseKey(keyFile)).toThrow("already");
    const text = Buffer.from(key).toString("hex");
    expect(readPublicKey(text)).toEqual(toSignPublicKey(hexToBytes(text)));
    expect(readPublicKey("no key")).toBeNull();
  });

  it("signs no folder that was not built, and is asked for as it is", () => {
    expect(() => signSite(join(site.folder, "assets"), keyFile)).toThrow("manifest.json");
    const other = makeSite();
    closing.push(async () => other.remove());
    expect(() => signSite(other.folder, join(other.folder, "index.html"))).toThrow(
      "no release key",
    );
    writeManifest(other.folder, "2");
    expect(signSite(other.folder, keyFile)).toMatchObject({ version: "2", files: 3 });
  });
});
