import {
  accessHead,
  epochAt,
  hashWraps,
  isTeamRekeyDue,
  practiceHead,
  sitsInTeam,
  subjectsToWrap,
  type TeamId,
} from "@sinetti/core";
import {
  commitFileKey,
  deriveFileKey,
  gateHalfBytes,
  generateHalves,
  sealPriorKey,
  sealWrap,
  signAccessStatement,
} from "@sinetti/core/secret";
import type { Context } from "./context.ts";
import { ClientError, isRefusal } from "./errors.ts";
import type { KnownFile } from "./fileCache.ts";
import { recipientOf } from "./keyring.ts";
import { fetchFiles } from "./fetchFiles.ts";
import { submitAccess } from "./submitAccess.ts";
import { rekeyTeam } from "./teams.ts";

/**
 * Opens a new epoch of a file whose key somebody held who may not any more: fresh halves, wrapped to those who remain,
 * the old key sealed under the new. A team that somebody has left gets its own new key first, where this member sits in it.
 */
export async function rekeyFile(context: Context, file: KnownFile): Promise<void> {
  await rekeyTeams(context, file);
  const { access } = file;
  const { practice, device } = context;
  const { epoch } = epochAt(access);
  const prior = file.keys.get(epoch);
  if (prior === undefined) throw new ClientError("refused", { detail: "the record is not open" });
  const keyContext = {
    practice: access.practice,
    file: access.file,
    compartment: access.compartment,
    epoch: epoch + 1,
  };
  const halves = generateHalves();
  const next = deriveFileKey(halves, keyContext);
  const wraps = subjectsToWrap(access, practice.state).map((subject) =>
    sealWrap(halves.member, recipientOf(practice.state, subject), keyContext),
  );
  const body = {
    seen: practiceHead(practice.state),
    epoch: epoch + 1,
    commit: commitFileKey(next),
    wraps: hashWraps(wraps),
    prior: sealPriorKey(next, prior, keyContext),
  };
  const place = {
    practice: access.practice,
    file: access.file,
    device: device.owner.device,
    head: accessHead(access),
  };
  const statement = signAccessStatement(place, { kind: "rekey", body }, device.statement.secret);
  file.keys.set(epoch + 1, next);
  try {
    await submitAccess(context, {
      vault: file.vault,
      items: [{ statement, share: gateHalfBytes(halves.gate), wraps }],
      batchKeys: [],
    });
  } catch (error) {
    file.keys.delete(epoch + 1);
    if (isRefusal(error) || (error instanceof ClientError && error.code === "refused"))
      await fetchFiles(context, [file], { boxes: false });
    throw error;
  }
}

/** A team's key is for those who sit in it to replace; who left it gets nothing from the gate meanwhile. */
async function rekeyTeams(context: Context, { access }: KnownFile): Promise<void> {
  const { practice, device } = context;
  const { member } = device.owner;
  const teams = subjectsToWrap(access, practice.state).flatMap(({ type, id }) =>
    type === "team" ? [id as TeamId] : [],
  );
  for (const team of teams)
    if (isTeamRekeyDue(practice.state, team) && sitsInTeam(practice.state, { team, member }))
      await rekeyTeam(context, team);
}
