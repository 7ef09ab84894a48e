import {
  createDirectory,
  createFiles,
  createPractice,
  generateCaseId,
  openRoster,
  type Client,
  type Endpoints,
  type KnownFile,
  type World,
} from "@sinetti/client";

const PASSWORD = "a password of the bench";

/** Founds a practice of one on fresh services. */
export async function foundPractice(
  world: World,
  { endpoints, installationCode }: { endpoints: Endpoints; installationCode: string },
): Promise<Client> {
  const { client } = await createPractice(world, {
    endpoints,
    installationCode,
    password: PASSWORD,
    roles: ["therapist", "admin", "privacy"],
  });
  const founder = {
    id: client.member,
    name: "Founder",
    roles: ["therapist" as const, "admin" as const, "privacy" as const],
  };
  await createDirectory(client.context, { name: "Bench", founder, site: "Main" });
  await openRoster(client.context, true);
  return client;
}

/** Makes care files, each of a case of its own; their keys are held. */
export function createCareFiles({ context }: Client, count: number): Promise<KnownFile[]> {
  const wishes = Array.from({ length: count }, () => ({
    file: null,
    compartment: "care" as const,
    case: generateCaseId(),
    site: null,
    grants: [],
  }));
  return createFiles(context, wishes);
}
