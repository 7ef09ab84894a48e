import type { Place } from "../facts/places.ts";

/** A version of MITRE ATT&CK, and what its tactics are called, by the heading of the report. */
export interface AttackVersion {
  readonly version: string;
  readonly tactics: Partial<Record<Place, readonly (readonly [id: string, name: string])[]>>;
}

const shared: AttackVersion["tactics"] = {
  "method.initialAccess": [["TA0001", "Initial Access"]],
  "method.persistence": [["TA0003", "Persistence"]],
  "method.privilegeEscalation": [["TA0004", "Privilege Escalation"]],
  "method.credentialAccess": [["TA0006", "Credential Access"]],
  "method.discovery": [["TA0007", "Discovery"]],
  "method.lateralMovement": [["TA0008", "Lateral Movement"]],
  "method.collection": [["TA0009", "Collection"]],
  "method.exfiltration": [["TA0010", "Exfiltration"]],
  "method.impact": [["TA0040", "Impact"]],
};

/** Enterprise ATT&CK, newest first. Version 19 split Defense Evasion; the heading of the report stays, and both are printed. */
export const attackVersions: readonly [AttackVersion, ...AttackVersion[]] = [
  {
    version: "19",
    tactics: {
      ...shared,
      "method.defenseEvasion": [
        ["TA0005", "Stealth"],
        ["TA0112", "Defense Impairment"],
      ],
    },
  },
  {
    version: "18",
    tactics: { ...shared, "method.defenseEvasion": [["TA0005", "Defense Evasion"]] },
  },
];

const techniques: Readonly<Record<string, string>> = {
  T1005: "Data from Local System",
  T1041: "Exfiltration Over C2 Channel",
  T1046: "Network Service Discovery",
  T1048: "Exfiltration Over Alternative Protocol",
  T1070: "Indicator Removal",
  T1078: "Valid Accounts",
  "T1078.001": "Valid Accounts: Default Accounts",
  T1090: "Proxy",
  "T1090.003": "Proxy: Multi-hop Proxy",
  T1110: "Brute Force",
  T1119: "Automated Collection",
  T1133: "External Remote Services",
  T1190: "Exploit Public-Facing Application",
  T1213: "Data from Information Repositories",
  "T1213.006": "Data from Information Repositories: Databases",
  T1485: "Data Destruction",
  T1486: "Data Encrypted for Impact",
  T1491: "Defacement",
  T1566: "Phishing",
  T1567: "Exfiltration Over Web Service",
  T1595: "Active Scanning",
  T1657: "Financial Theft",
};

/** A technique with its name, where this program knows it. */
export function techniqueText(id: string): string {
  const name = techniques[id];
  return name === undefined ? id : `${id} ${name}`;
}

function tacticText([{ version, tactics }]: readonly [AttackVersion], place: Place): string {
  const listed = (tactics[place] ?? []).map(([id, name]) => `${id} ${name}`).join(", ");
  return `ATT&CK v${version}: ${listed}`;
}

/** The tactics that a heading of the methodology means, in the newest version, and before it where they were others. */
export function tacticsText(place: Place): string | undefined {
  const [newest, ...older] = attackVersions;
  if (newest.tactics[place] === undefined) return undefined;
  const said = tacticText([newest], place);
  const other = older.find(
    ({ tactics }) => JSON.stringify(tactics[place]) !== JSON.stringify(newest.tactics[place]),
  );
  return other === undefined ? said : `${said}; ${tacticText([other], place)}`;
}
