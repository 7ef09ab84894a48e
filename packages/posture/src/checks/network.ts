import {
  asksNobody,
  hbaText,
  isLoopback,
  isRemote,
  networkOf,
  remoteLinesOf,
  wordText,
} from "../accessLines.ts";
import type { HbaLine } from "../collect/snapshot.ts";
import { setServer, sql, type Mend } from "../mend.ts";
import { quoteLiteral } from "../quote.ts";
import { isOn, settingOf, type Check, type Context, type Hit } from "./check.ts";

const WORLD = new Set(["*", "0.0.0.0", "::"]);

/** The addresses that the server listens on. */
export function listenAddresses(context: Context): string[] {
  return settingOf(context, "listen_addresses")
    .split(",")
    .map((address) => address.trim())
    .filter((address) => address !== "");
}

/** Whether anybody on another machine can reach the port. */
export function listensOutside(context: Context): boolean {
  return listenAddresses(context).some((address) => !isLoopback(address));
}

function setListen(addresses: readonly string[]): Mend {
  return setServer("listen_addresses", quoteLiteral(addresses.join(",")));
}

function lineMend(line: HbaLine, by: string | null): Mend {
  return { kind: "line", setting: "hba_file", file: line.file, line: line.line, by };
}

const onLine = (line: HbaLine): string => `pg_hba: ${hbaText(line)}`;
const valid = ({ snapshot }: Context): HbaLine[] =>
  snapshot.hba.filter(({ error, method }) => error === null && method !== "reject");

/** The same line by SCRAM, and where it comes from outside by TLS. */
function safer(line: HbaLine): string {
  const type = isRemote(line) && line.type !== "hostgssenc" ? "hostssl" : line.type;
  const keeps = ["cert", "gss", "sspi", "ldap", "radius", "pam", "peer", "scram-sha-256"];
  const method = keeps.includes(line.method) ? line.method : "scram-sha-256";
  const options = method === line.method ? line.options : [];
  return hbaText({ ...line, type, method, options });
}

function worldListening(context: Context): Hit[] {
  const addresses = listenAddresses(context);
  const world = addresses.filter((address) => WORLD.has(address));
  if (world.length === 0) return [];
  const hasTls = isOn(context, "ssl");
  if (hasTls && context.policy.firewall !== undefined) return [];
  const lacking = [
    hasTls ? [] : ["TLS is off"],
    context.policy.firewall === undefined ? ["no firewall is declared"] : [],
  ];
  const declared = context.policy.listen?.filter((address) => !WORLD.has(address)) ?? [];
  return [
    {
      object: `listen_addresses ${world.join(",")}`,
      severity: hasTls ? "high" : "critical",
      detail: `Here ${lacking.flat().join(" and ")}.`,
      mend: setListen(declared.length > 0 ? declared : ["localhost"]),
    },
  ];
}

function trusting(context: Context): Hit[] {
  return valid(context)
    .filter(asksNobody)
    .map((line) => ({
      object: onLine(line),
      severity: line.type === "local" ? "high" : "critical",
      mend: lineMend(line, safer(line)),
    }));
}

function weakMethods(context: Context): Hit[] {
  const { snapshot } = context;
  return valid(context)
    .filter(({ type, method }) => type !== "local" && ["password", "md5", "ident"].includes(method))
    .filter((line) => {
      // A line of method md5 does SCRAM wherever the password is kept so.
      if (line.method !== "md5" || snapshot.passwords.size === 0) return true;
      return [...snapshot.passwords.values()].includes("md5");
    })
    .map((line) => ({
      object: onLine(line),
      severity: line.method === "md5" ? "medium" : isRemote(line) ? "high" : "medium",
      mend: lineMend(line, safer(line)),
    }));
}

function withoutTls(context: Context): Hit[] {
  return valid(context)
    .filter((line) => ["host", "hostnossl"].includes(line.type) && isRemote(line))
    .map((line) => ({ object: onLine(line), mend: lineMend(line, safer(line)) }));
}

function tooWide(context: Context): Hit[] {
  const { ipv4, ipv6 } = context.policy.smallestNetwork;
  return valid(context)
    .filter((line) => line.type !== "local" && isRemote(line))
    .flatMap((line): Hit[] => {
      const network = networkOf(line);
      const isWorld = line.address === "all" || network?.bits === 0;
      const least = network?.family === "ipv6" ? ipv6 : ipv4;
      const isWide =
        isWorld || line.address === "samenet" || (network !== null && network.bits < least);
      return isWide
        ? [
            {
              object: onLine(line),
              severity: isWorld ? "high" : "medium",
              mend: lineMend(line, null),
            },
          ]
        : [];
    });
}

function superusersOutside(context: Context): Hit[] {
  const { roles, hba, memberships } = context.snapshot;
  return roles
    .filter(({ superuser }) => superuser)
    .flatMap((role) => {
      const [line] = remoteLinesOf(role, hba, memberships);
      if (line === undefined) return [];
      return [
        {
          object: role.name,
          detail: `By the line "${hbaText(line)}".`,
          mend: {
            kind: "line" as const,
            setting: "hba_file" as const,
            file: line.file,
            line: line.line,
            by: `${line.type} ${line.databases.map(wordText).join(",")} ${wordText(role.name)} all reject\n${hbaText(line)}`,
          },
        },
      ];
    });
}

function replicationLines(context: Context): Hit[] {
  return valid(context)
    .filter((line) => line.databases.includes("replication") && isRemote(line))
    .map((line) => ({ object: onLine(line), mend: lineMend(line, null) }));
}

function brokenLines({ snapshot }: Context): Hit[] {
  const broken = snapshot.hba
    .filter(({ error }) => error !== null)
    .map((line) => ({
      object: `pg_hba.conf line ${line.line}`,
      mend: lineMend(line, null),
    }));
  const newer: Hit = {
    object: "pg_hba.conf",
    severity: "high",
    detail:
      "It, or a file that it takes in, was changed after it was last loaded: what is in force is not what was looked at.",
    mend: sql("SELECT pg_reload_conf()"),
  };
  return snapshot.hbaIsNewer ? [...broken, newer] : broken;
}

const isAnybody = (role: string): boolean => role === "all" || role.startsWith("/");

/** Whether a map takes accounts that it does not name: an expression that is open at an end, or one for many that leads to one role. */
function takesMany({ system, role }: { system: string; role: string }): boolean {
  if (!system.startsWith("/")) return false;
  if (!/^\/\^.*\$$/.test(system)) return true;
  return !role.includes("\\1") && /(?:[.\]]|\\[wS])[*+{]/.test(system);
}

function identWildcards({ snapshot }: Context): Hit[] {
  return snapshot.ident
    .filter((line) => isAnybody(line.role) || takesMany(line))
    .map(({ map, system, role, file, line }) => ({
      object: `pg_ident: ${map} ${system} ${role}`,
      severity: isAnybody(role) ? "high" : "medium",
      mend: { kind: "line", setting: "ident_file", file, line, by: null },
    }));
}

function clearSessions({ snapshot }: Context): Hit[] {
  const open = snapshot.sessions.filter(
    ({ address, ssl }) => address !== null && !isLoopback(address) && ssl === false,
  );
  const byRole = Map.groupBy(open, ({ role, address }) => `${role ?? ""} from ${address ?? ""}`);
  return [...byRole].map(([object, sessions]) => ({
    object,
    mend: sql(...sessions.map(({ pid }) => `SELECT pg_terminate_backend(${pid})`)),
  }));
}

function undeclaredListening(context: Context): Hit[] {
  const { listen } = context.policy;
  if (listen === undefined) return [];
  return listenAddresses(context)
    .filter((address) => !listen.includes(address))
    .map((address) => ({ object: `listen_addresses ${address}`, mend: setListen(listen) }));
}

/** Without TLS between here and the directory; `radius` hides the password by MD5 and a secret that lies in the file. */
function sendsOn({ method, options }: HbaLine): boolean {
  if (method === "radius") return true;
  const isSealed = options.some(
    (option) => option === "ldaptls=1" || /^(ldapscheme=ldaps|ldapurl=ldaps:)/.test(option),
  );
  return method === "ldap" && !isSealed;
}

function sentOn(context: Context): Hit[] {
  return valid(context)
    .filter(sendsOn)
    .map((line) => {
      const type = isRemote(line) ? "hostssl" : line.type;
      const by = hbaText({ ...line, type, method: "scram-sha-256", options: [] });
      return { object: onLine(line), mend: lineMend(line, by) };
    });
}

const plainLine = (text: string): string => text.replaceAll('"', "").trim().replace(/\s+/g, " ");

function undeclaredLines(context: Context): Hit[] {
  const { hba } = context.policy;
  if (hba === undefined) return [];
  const declared = new Set(hba.map(plainLine));
  return valid(context)
    .filter((line) => !declared.has(plainLine(hbaText(line))))
    .map((line) => ({ object: onLine(line), mend: lineMend(line, null) }));
}

/** Names of certificates that a package made for itself. */
const UNPROVEN = /snakeoil|self[-_]?signed/i;

function unprovenCertificate(context: Context): Hit[] {
  const file = settingOf(context, "ssl_cert_file");
  if (!isOn(context, "ssl") || !UNPROVEN.test(file)) return [];
  return [
    {
      object: `ssl_cert_file ${file}`,
      severity: listensOutside(context) ? "medium" : "low",
      mend: {
        kind: "person",
        text: "Put a certificate that a CA of yours has signed, and its key, where ssl_cert_file and ssl_key_file say; then SELECT pg_reload_conf(); and let clients connect with sslmode=verify-full.",
      },
    },
  ];
}

const HBA = ["hba"] as const;

/** N: who can knock. */
export const networkChecks: readonly Check[] = [
  {
    id: "N1",
    title: "The port is open to the world",
    severity: "critical",
    why: "Vastaamo's patient database answered anybody on the internet, with no firewall before it, for sixteen months.",
    how: "`listen_addresses` names `*`, `0.0.0.0` or `::`, and TLS is off or the policy states no firewall",
    mend: "Listen on the addresses that are needed; state in the policy (`firewall`) what keeps others away from them.",
    needs: ["settings"],
    find: worldListening,
  },
  {
    id: "N2",
    title: "A line lets in without a password",
    severity: "critical",
    why: "Vastaamo's root account needed no password. `trust` asks nobody for one.",
    how: "`pg_hba_file_rules`, method `trust` without `clientcert=verify-full`; high on the local socket, critical elsewhere",
    mend: "Replace the method by `scram-sha-256`, from another machine with `hostssl`.",
    needs: HBA,
    find: trusting,
  },
  {
    id: "N3",
    title: "A line asks by a weak method",
    severity: "high",
    why: "`password` sends it in clear, `ident` believes what the other machine says, `md5` can be replayed by who has the hash.",
    how: "`pg_hba_file_rules`, methods `password`, `md5`, `ident`; `md5` only while a password is kept so, or that cannot be seen",
    mend: "Replace the method by `scram-sha-256`.",
    needs: HBA,
    find: weakMethods,
  },
  {
    id: "N4",
    title: "A line takes connections without TLS",
    severity: "high",
    why: "Whoever stands between reads every record that goes by, and the login.",
    how: "`pg_hba_file_rules`, types `host` and `hostnossl` beyond loopback",
    mend: "Replace the type by `hostssl`.",
    needs: HBA,
    find: withoutTls,
  },
  {
    id: "N5",
    title: "A line lets in too many addresses",
    severity: "high",
    why: "Vastaamo's port was open to every address there is; a few machines needed it.",
    how: "`pg_hba_file_rules`, ranges wider than `smallestNetwork` of the policy (24 bits of IPv4, 64 of IPv6), `samenet`, `all`",
    mend: "Take the line out, and write one for each machine that needs it.",
    needs: HBA,
    find: tooWide,
  },
  {
    id: "N6",
    title: "A superuser can come in from another machine",
    severity: "high",
    why: "At Vastaamo the account with all rights was reached from the internet. Nothing in the database binds a superuser.",
    how: "`pg_roles` against `pg_hba_file_rules` in their order, groups and expressions included",
    mend: "Put a `reject` line for the superuser before the line that lets them in.",
    needs: HBA,
    find: superusersOutside,
  },
  {
    id: "N7",
    title: "A line lets the whole server be copied",
    severity: "medium",
    why: "A replication connection takes everything at once, and no grant or row security is asked.",
    how: "`pg_hba_file_rules`, database `replication`, beyond loopback",
    mend: "Take the line out unless a declared standby needs it; then except it until a date.",
    needs: HBA,
    find: replicationLines,
  },
  {
    id: "N8",
    title: "The access file is not what is in force",
    severity: "medium",
    why: "With one bad line PostgreSQL keeps the old rules: what was closed in the file is open.",
    how: "`pg_hba_file_rules.error`, and the time of the file and of those that it takes in against `pg_conf_load_time()` (high)",
    mend: "Mend the line and load the file.",
    needs: ["hba", "files"],
    find: brokenLines,
  },
  {
    id: "N9",
    title: "An identity map lets one account be anybody",
    severity: "medium",
    why: "A map to `all`, or an expression that is open at one end, turns a small account of the machine into a large one of the database.",
    how: "`pg_ident_file_mappings`: `all` or an expression as role (high), an expression without `^` or `$`, one for any name that leads to one role",
    mend: "Take the line out, and name each account.",
    needs: ["ident"],
    find: identWildcards,
  },
  {
    id: "N10",
    title: "Somebody is connected from outside without TLS",
    severity: "high",
    why: "What they read crosses the network in clear at this moment.",
    how: "`pg_stat_activity` with `pg_stat_ssl`",
    mend: "End the session, and make its line `hostssl` (N4).",
    needs: ["sessions"],
    find: clearSessions,
  },
  {
    id: "N11",
    title: "The server listens on an address that is not declared",
    severity: "high",
    why: "Nobody at Vastaamo had decided that the port should be open; it was left so after maintenance.",
    how: "`listen_addresses` against `listen` of the policy",
    mend: "Set `listen_addresses` to what is declared.",
    needs: ["settings"],
    find: undeclaredListening,
  },
  {
    id: "N12",
    title: "An access line is not declared",
    severity: "medium",
    why: "A line that nobody approved is how a way in is left behind.",
    how: "`pg_hba_file_rules` against `hba` of the policy",
    mend: "Take the line out, or declare it.",
    needs: HBA,
    find: undeclaredLines,
  },
  {
    id: "N13",
    title: "The certificate proves nothing",
    severity: "medium",
    why: "A certificate that was made at installation is signed by nobody: whoever stands between shows another one, and the client cannot tell.",
    how: "`ssl_cert_file` names a certificate of Debian's `ssl-cert` (snakeoil), or one that says of itself that it is self-signed, while TLS is on; low where the server listens on this machine alone",
    mend: "Put a certificate in place that clients can verify, and have them do so (`sslmode=verify-full`).",
    needs: ["settings"],
    find: unprovenCertificate,
  },
  {
    id: "N14",
    title: "The server hands passwords on in clear",
    severity: "medium",
    why: "The password reaches the server itself, and from there another machine, where whoever stands between reads it.",
    how: "`pg_hba_file_rules`, method `ldap` without `ldaptls=1` or `ldaps`, and `radius`; a secret among the options is never read",
    mend: "Replace the method by `scram-sha-256`, or speak TLS with the directory (`ldaptls=1`).",
    needs: HBA,
    find: sentOn,
  },
];
