import { policySchema, type PosturePolicy } from "./policy.ts";
import { readYaml, type LateFault, type YamlRead } from "./readYaml.ts";

const LONGEST_EXCEPTION_DAYS = 366;
const DAY_MS = 86_400_000;

/** Reads a policy: YAML 1.2, to what is declared or to everything that is wrong with it, by line and field. `now` limits how long an exception may last. */
export function readPolicy(text: string, now: Date): YamlRead<PosturePolicy> {
  return readYaml(text, {
    schema: policySchema,
    known: knownAt,
    late: (policy) => lateExceptions(policy, now),
  });
}

function knownAt(path: readonly PropertyKey[]): string {
  const { shape } = policySchema;
  if (path.length === 0) return `there are ${Object.keys(shape).join(", ")}`;
  return path[0] === "roles"
    ? "a role has kind, login, neverEnds, attributes, memberOf, relations, columns, functions"
    : "see docs/posture.md";
}

/** What is excepted for ever is forgotten for ever. */
function lateExceptions({ exceptions }: PosturePolicy, now: Date): LateFault[] {
  const last = now.getTime() + LONGEST_EXCEPTION_DAYS * DAY_MS;
  return exceptions.flatMap(({ until }, index) =>
    Date.parse(until) > last
      ? [
          {
            path: ["exceptions", index, "until"],
            problem: "an exception lasts a year at most",
          },
        ]
      : [],
  );
}
