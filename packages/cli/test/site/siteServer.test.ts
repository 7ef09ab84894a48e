import { writeFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { WebServer } from "../../src/start/webServer.ts";
import { PAGE, SCRIPT, makeSite, serveFolder } from "./servedSite.ts";

const site = makeSite();
let server: WebServer;

beforeAll(async () => {
  server = await serveFolder(site.folder);
});
afterAll(async () => {
  await server.stop();
  site.remove();
});

const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${server.url}${path}`, { headers });

/** As written: fetch would tidy the path first. */
function statusOf(path: string, headers: Record<string, string> = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    const { port } = server;
    request({ host: "127.0.0.1", port, path, headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    })
      .on("error", reject)
      .end();
  });
}

describe("the web client is served", () => {
  it("at its own address and on the routes of its pages", async () => {
    for (const path of ["/", "/index.html", "/patients", "/patients/0a1b/notes"]) {
      const answer = await get(path);
      expect([path, answer.status, await answer.text()]).toEqual([path, 200, PAGE]);
      expect(answer.headers.get("cache-control")).toBe("no-store");
      expect(answer.headers.get("content-type")).toBe("text/html; charset=utf-8");
    }
  });

  it("beside what the launcher answers by itself", async () => {
    expect(await (await get("/.well-known/sinetti")).json()).toMatchObject({ v: 1 });
    expect((await get("/healthz")).headers.get("content-type")).toBe("application/json");
  });

  it("with files that never change kept for ever, and compressed where the browser takes it", async () => {
    const plain = await get(SCRIPT, { "accept-encoding": "identity" });
    expect(plain.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    expect(plain.headers.get("content-encoding")).toBeNull();
    const coded = await get(SCRIPT, { "accept-encoding": "gzip, br" });
    expect(coded.headers.get("content-encoding")).toBe("br");
    expect(await coded.text()).toBe(await plain.text());
    const refused = await get(SCRIPT, { "accept-encoding": "br;q=0, identity" });
    expect(refused.headers.get("content-encoding")).toBeNull();
  });

  it("under a policy that lets it run its own scripts, and speak to its three services alone", async () => {
    const { headers } = await get("/");
    expect(headers.get("content-security-policy")).toBe(
      "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' blob: data:; font-src 'self'; connect-src 'self' http://127.0.0.1:4601 http://127.0.0.1:4602 http://127.0.0.1:4603; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types default",
    );
    expect(headers.get("permissions-policy")).toContain("microphone=()");
    expect(headers.get("permissions-policy")).toContain("camera=(self)");
    expect(headers.get("cross-origin-opener-policy")).toBe("same-origin");
    expect(headers.get("cross-origin-resource-policy")).toBe("same-origin");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
  });

  it("and a worker under the same policy as the page", async () => {
    const { headers } = await get(SCRIPT);
    expect(headers.get("content-security-policy")).toContain("require-trusted-types-for 'script'");
  });

  it("as it was when it was read, whatever comes into its folder later", async () => {
    writeFileSync(join(site.folder, "seal.svg"), "<svg/>");
    expect(await (await get("/seal.svg")).text()).toContain("xmlns");
  });
});

describe("the web server refuses", () => {
  it.each([
    "/missing.js",
    "/assets/missing",
    "/../../../etc/passwd",
    "/assets/../../package.json",
    "/%2e%2e/%2e%2e/etc/passwd",
    "/..%2f..%2fetc%2fpasswd",
    "/assets/..%5c..%5cpackage.json",
    "//etc/passwd",
    "/.git/config",
    `${SCRIPT}.br`,
    "/index.html%00.js",
  ])("%s", async (path) => {
    expect(await statusOf(path)).toBe(404);
  });

  it("another name for this machine, and whatever would change something", async () => {
    const { port } = server;
    expect(await statusOf("/", { host: `evil.example:${port}` })).toBe(421);
    expect(await statusOf("/", { host: `localhost:${port}` })).toBe(200);
    expect((await fetch(server.url, { method: "POST" })).status).toBe(405);
    expect((await fetch(`${server.url}/demo/device`, { method: "POST" })).status).toBe(405);
    expect((await get("/demo/roles.json")).status).toBe(404);
  });
});

describe("a demonstration", () => {
  it("is asked only by the page that this address serves, in JSON", async () => {
    const demo = await serveFolder(site.folder, {
      demo: async (path, body) => ({ status: 200, body: { path, body } }),
    });
    const ask = async (headers: Record<string, string>, body = "{}"): Promise<number> =>
      (await fetch(`${demo.url}/demo/device`, { method: "POST", headers, body })).status;
    const type = { "content-type": "application/json" };
    expect(await ask({ ...type, origin: demo.url })).toBe(200);
    expect(await ask(type)).toBe(403);
    expect(await ask({ ...type, origin: "http://evil.example" })).toBe(403);
    expect(await ask({ ...type, origin: "null" })).toBe(403);
    expect(await ask({ "content-type": "text/plain", origin: demo.url })).toBe(415);
    expect(await ask({ ...type, origin: demo.url }, "x".repeat(5000))).toBe(413);
    await demo.stop();
  });
});
