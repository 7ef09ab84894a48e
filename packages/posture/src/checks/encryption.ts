import type { Column, ColumnSample, Snapshot } from "../collect/snapshot.ts";
import type { Sampled } from "../collect/samples.ts";
import type { PosturePolicy } from "../policy/policy.ts";
import { resetSetting, sql } from "../mend.ts";
import { quoteRelation, quoteRole } from "../quote.ts";
import type { Check, Context, Hit } from "./check.ts";

const TEXT = /^(text|character varying|character|varchar|name|citext|json|jsonb|xml)\b/;

/** Words of a column's name that a person's data goes by; Finnish, Swedish and English. */
const PERSONAL =
  /(^|_)(first_?name|last_?name|full_?name|sur_?name|family_?name|given_?name|patient_?name|etunimi|sukunimi|nimi|fornamn|efternamn|ssn|hetu|henkilotunnus|personnummer|identity_?code|national_?id|e?_?mail|phone|mobile|puhelin|telefon|address|street|osoite|gatuadress|birth_?date|date_?of_?birth|dob|syntymaaika|diagnos[ei]s|diagnoosi|icd_?10|note|notes|note_?text|muistiinpano|anamnes[ei]s|symptoms?|medication|laakitys|therapy|treatment|session_?notes?)($|_)/i;

const where = ({ schema, relation, name }: Column): string => `${schema}.${relation}.${name}`;

/** Whether a column goes by a name of personal data. */
export function isPersonalName(name: string): boolean {
  return PERSONAL.test(name.replace(/([a-z])([A-Z])/g, "$1_$2"));
}

/** The columns to count in: what is declared as ciphertext, and what is named like personal data. */
export function chooseColumns(snapshot: Snapshot, policy: PosturePolicy | null): Sampled[] {
  const extensionOwned = new Set(
    snapshot.relations
      .filter(({ extension }) => extension !== null)
      .map(({ schema, name }) => `${schema}.${name}`),
  );
  const declared = new Map(policy?.ciphertext.map((one) => [one.column, one.prefix ?? null]));
  return snapshot.columns
    .filter(({ schema, relation }) => !extensionOwned.has(`${schema}.${relation}`))
    .flatMap((column): Sampled[] => {
      const { schema, relation, name, type } = column;
      const isDeclared = declared.has(where(column));
      const isReadable = policy?.readable.includes(where(column)) === true;
      const isSuspect =
        !isReadable && (TEXT.test(type) || type === "bytea") && isPersonalName(name);
      if (!isDeclared && !isSuspect) return [];
      const prefix = declared.get(where(column)) ?? null;
      return [{ schema, relation, column: name, type, prefix }];
    });
}

const sampleName = ({ schema, relation, column }: ColumnSample): string =>
  `${schema}.${relation}.${column}`;
const isCiphertext = ({ policy }: Context, name: string): boolean =>
  policy.ciphertext.some(({ column }) => column === name);

function findPlaintext(context: Context): Hit[] {
  return context.snapshot.samples
    .filter((sample) => isCiphertext(context, sampleName(sample)))
    .filter(({ plain, unmarked }) => plain > 0 || unmarked > 0)
    .map((sample) => ({
      object: sampleName(sample),
      detail: `Of ${sample.sampled} values that were counted, ${sample.plain} read as text or repeat themselves, and ${sample.unmarked} do not begin as declared.`,
      mend: {
        kind: "person",
        text: `Stop what writes ${sampleName(sample)}, seal the values and write them anew; then VACUUM FULL ${quoteRelation({ schema: sample.schema, name: sample.relation })}, since the old rows stay on disk until then, and in backups and the write-ahead log longer.`,
      },
    }));
}

function undeclaredText({ snapshot, policy }: Context): Hit[] {
  if (policy.ciphertext.length === 0) return [];
  const tables = new Set(
    snapshot.relations
      .filter(({ kind, extension }) => (kind === "r" || kind === "p") && extension === null)
      .map(({ schema, name }) => `${schema}.${name}`),
  );
  const known = new Set([...policy.readable, ...policy.ciphertext.map(({ column }) => column)]);
  return snapshot.columns
    .filter(
      ({ schema, relation, type }) =>
        policy.schemas.includes(schema) && tables.has(`${schema}.${relation}`) && TEXT.test(type),
    )
    .filter((column) => !known.has(where(column)))
    .map((column) => ({
      object: where(column),
      detail: `It is ${column.type}.`,
      mend: {
        kind: "person",
        text: `Declare ${where(column)} under readable, if nothing of a person stands in it; else seal it and declare it under ciphertext.`,
      },
    }));
}

function personalColumns(context: Context): Hit[] {
  const { snapshot } = context;
  return snapshot.samples
    .filter((sample) => !isCiphertext(context, sampleName(sample)) && sample.plain > 0)
    .map((sample) => {
      const table = { schema: sample.schema, name: sample.relation };
      const readers = [
        ...new Set(
          snapshot.relations
            .filter(({ schema, name }) => schema === table.schema && name === table.name)
            .flatMap(({ grants, owner }) =>
              grants
                .filter(({ grantee, privilege }) => privilege === "SELECT" && grantee !== owner)
                .map(({ grantee }) => grantee),
            ),
        ),
      ];
      const revokes = readers.map(
        (name) => `REVOKE SELECT ON ${quoteRelation(table)} FROM ${quoteRole(name)}`,
      );
      const seal = `Seal ${sampleName(sample)} in the program that writes it, with a key that this server does not hold.`;
      return {
        object: sampleName(sample),
        detail: `Of ${sample.sampled} values that were counted, ${sample.plain} are readable.`,
        mend:
          revokes.length === 0
            ? { kind: "person" as const, text: seal }
            : { kind: "person" as const, text: `${seal} Until then: ${revokes.join("; ")};` },
      };
    });
}

function unlistedColumns(context: Context): Hit[] {
  return context.policy.ciphertext
    .filter(({ column }) => !context.snapshot.columns.some((one) => where(one) === column))
    .map(({ column }) => ({
      object: column,
      mend: {
        kind: "person",
        text: `Take ${column} out of ciphertext in the policy, or mend its name.`,
      },
    }));
}

/** Settings of somebody's own have two parts; what they hold stays in the server. */
const SECRET_NAME = /\..*(secret|passw|token|api_?key|private_?key|credential)/i;

function secretSettings({ snapshot }: Context): Hit[] {
  const ofRoles = snapshot.roleSettings
    .filter(({ name }) => SECRET_NAME.test(name))
    .map((one): Hit => ({
      object: `${one.name} of ${one.role ?? "all roles"} in ${one.database ?? "all databases"}`,
      mend: sql(resetSetting(one)),
    }));
  const standby = snapshot.settings.get("primary_conninfo")?.setting === "(with a password)";
  return standby
    ? [
        ...ofRoles,
        {
          object: "primary_conninfo",
          severity: "medium",
          mend: {
            kind: "person",
            text: "Put the password into a file that the server's account alone reads, name it as passfile in primary_conninfo, and change the password.",
          },
        },
      ]
    : ofRoles;
}

/** E: what can be read. */
export const encryptionChecks: readonly Check[] = [
  {
    id: "E1",
    title: "A column of ciphertext holds something else",
    severity: "critical",
    why: "Vastaamo's notes stood readable beside the identities. Here they should not, and do.",
    how: "a sample of each column under `ciphertext` (`sampleRows`, 0 for all): values that read as text, repeat too few bytes, or do not begin with the declared bytes. The server counts; no value leaves it.",
    mend: "Seal what is there, end what wrote it, and rewrite the table.",
    needs: ["samples"],
    find: findPlaintext,
  },
  {
    id: "E2",
    title: "A column of text is not declared",
    severity: "medium",
    why: "A field for remarks, added in a hurry, is where the notes go next.",
    how: "columns of text, JSON and XML in the schemas of a policy that declares ciphertext, against `readable`",
    mend: "Declare it as readable, or seal it.",
    find: undeclaredText,
  },
  {
    id: "E3",
    title: "A column is named like personal data and is readable",
    severity: "high",
    why: "Vastaamo's database held names, identity codes and notes in clear: whoever got in had read them.",
    how: "names of columns in English, Finnish and Swedish, and a sample that the server counts; no value leaves it",
    mend: "Seal it where it is written; until then take SELECT from whoever does not need it.",
    needs: ["samples"],
    find: personalColumns,
  },
  {
    id: "E4",
    title: "A declared column of ciphertext does not exist",
    severity: "low",
    why: "What is not there is not checked, and the policy reads as if it were.",
    how: "`ciphertext` of the policy against `pg_attribute`",
    mend: "Mend the policy.",
    find: unlistedColumns,
  },
  {
    id: "E5",
    title: "A secret is kept as a setting",
    severity: "high",
    why: "`pg_db_role_setting` is readable by every role, so what is set there for one is known to all, and to every dump.",
    how: "names of settings of roles and databases that speak of secrets, passwords, tokens or keys; a password in `primary_conninfo` (medium); no value is read",
    mend: "`RESET` it, and change the secret: it was readable.",
    find: secretSettings,
  },
];
