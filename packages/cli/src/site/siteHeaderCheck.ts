import { HOST_HEADERS, contentPolicy } from "./siteHeaders.ts";

/** Sources that a policy names are a set; two that say the same in another order are one. */
function directivesOf(policy: string): Map<string, string> {
  const found = policy
    .split(";")
    .map((text) => text.trim().split(/\s+/))
    .filter(([name]) => name !== undefined && name !== "");
  return new Map(
    found.map(([name = "", ...sources]) => [name.toLowerCase(), sources.toSorted().join(" ")]),
  );
}

/** What is missing from, or other than, the headers that our host sends. */
export function checkHeaders(
  path: string,
  headers: Headers,
  services: readonly string[],
): string[] {
  const faults = Object.entries(HOST_HEADERS)
    .filter(([name, value]) => headers.get(name) !== value)
    .map(([name]) => `${path}: header ${name}`);
  const asked = directivesOf(contentPolicy(services));
  const said = directivesOf(headers.get("content-security-policy") ?? "");
  for (const name of new Set([...asked.keys(), ...said.keys()]))
    if (asked.get(name) !== said.get(name))
      faults.push(`${path}: header content-security-policy, ${name}`);
  return faults;
}
