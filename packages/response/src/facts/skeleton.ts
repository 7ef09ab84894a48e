/** A facts file with a comment on every field, which is itself valid: what `sinetti incident schema` prints. */
export const factsSkeleton = `# Facts of an incident, for \`sinetti incident report\`. YAML 1.2; no anchors, no aliases.
# Never names of patients, identity codes or text of records: the report refuses them.
sinettiFacts: 1                 # version of this format
title: Example incident         # after "Incident Report:"
compiled: 2026-11-21            # the report's date
recordedBy: privacy officer     # who recorded what says nothing else

# Who may be named, with the public source that names them. Never a patient. Leave out when there is nobody.
publicPersons: []

# Each source once; the report numbers them S1, S2 ... in this order.
sources:
  - id: gate-log
    kind: log                   # court, authority, police, law, organization, newspaper, publication, web, document, person, log
    title: Release log of the gate
    publisher: Example Practice
    date: 2026-11-20
    public: false               # whether anybody can read it
    # url: https://example.org/decision
    # gap: what could not be read or checked in it
  - id: first-count
    kind: person
    title: The administrator's first count
    publisher: Example Practice
    date: 2026-11-20
    public: false

# Where sources differ: a question, with the answer that is used and why.
questions:
  - id: patients-affected
    asks: Whose records were opened
    under: [summary, impact.dataBreach]
    chosen: patients-by-log
    reason: the log names every opened record, and its chain was checked

# Facts. precision: exact, day, month, year, before, after, between, about, at least, unknown.
# value: a text, a number, or a time (2020, 2020-autumn, 2020-10, 2020-10-21, 2020-10-21T04:00+03:00); two in brackets for between.
# status: claimed, inferred (with grounds), corroborated (two sources), verified (read in the original), refuted.
# under: where in the report it stands; see the end of this file.
facts:
  - id: noticed
    value: 2026-11-20
    precision: day
    under: [incident.discoveryDate, response.time]
    says: The gate froze after an alarm.     # a time is put before the sentence
    sources: [gate-log]
    status: verified
  - id: when
    value: [2026-11-18, 2026-11-20]
    precision: between
    under: [incident.incidentDate]
    sources:
      - { source: gate-log, at: entries 1204 to 1310 }
    status: inferred
    grounds: the first and the last release that nobody at the practice asked for
  - id: patients-by-log
    answers: patients-affected
    value: 14
    unit: patients
    precision: exact
    says: The records of {value} were opened.
    sources: [gate-log]
    status: verified
  - id: patients-first-told
    answers: patients-affected
    value: 20
    unit: patients
    precision: about
    says: The records of {value} were opened.
    sources: [first-count]
    status: claimed
    recordedBy: administrator
  - id: way-in
    value: A device that was stolen unlocked.
    precision: exact
    under: [initialAccess.vector, method.initialAccess]
    attack: [T1078]
    sources: [gate-log]
    status: claimed
    # supersedes: id of the fact whose place this takes

# What authorities and courts did. kind: authority decision, disclosure hold, complaint, suspect, arrest, remand,
# custody release, charges, charges waived, plea, verdict, acquittal, sentence, appeal, appeal verdict, changed sentence,
# settlement, compensation, insolvency. effect: standing, under appeal, superseded (then supersededBy), final.
legalEvents:
  - id: reported
    kind: complaint
    value: 2026-11-20
    precision: day
    says: The practice reported the theft to the police.
    effect: standing
    sources: [gate-log]
    status: claimed

lessons:
  - theme: Unlocked devices
    says: A device that nobody uses locks after two minutes.
    sources: [gate-log]
    status: inferred
    grounds: the device had been idle for an hour when it was taken

recommendations:
  - theme: Locking
    says: Shorten the time after which a device locks.
    owner: administrator        # else: not established
    due: 2026-12-01
    state: open                 # open, in progress, done, dropped
    sources: [gate-log]
    status: inferred
    grounds: the lesson above

# Why nothing is known under a label; a label without facts and without a line here says so itself.
notEstablished:
  indicators.network: The log keeps no addresses.

# Labels (for \`under\` and \`notEstablished\`):
#   summary
#   incident.discoveryDate .incidentDate .organization .sector .geography
#   initialAccess.time .vector .details; lateralMovement.details; impactEvents.details; response.time .actions
#   method.initialAccess .persistence .privilegeEscalation .defenseEvasion .credentialAccess .discovery
#     .lateralMovement .collection .exfiltration .impact
#   impact.financial .dataBreach .operational .reputational .human
#   indicators.note .network .file .behavioral; actions.containment .eradication .recovery
#   lessons; recommendations
`;
