import type { OpenDevice } from "../../synthetic/admitStaff.ts";
import { robAsAdministrator, type AdministratorYields } from "./administrator.ts";
import { robAsFormerMember, type FormerYields } from "./formerMember.ts";
import { robGateLive, type HostileGateYields } from "./hostileGate.ts";
import { robVaultsLive, type HostileVaultYields } from "./hostileVault.ts";
import { robWithOneShare, type ShareYields } from "./oneShare.ts";
import { withStage, type LiveSystem } from "./stage.ts";

/** A thief who acts on running services, or with what a living practice gave them. */
export type LiveThief =
  | { readonly id: "T7"; readonly yields: HostileVaultYields }
  | { readonly id: "T8"; readonly yields: HostileGateYields }
  | { readonly id: "T9"; readonly yields: AdministratorYields }
  | { readonly id: "T10"; readonly yields: FormerYields }
  | { readonly id: "T11"; readonly yields: ShareYields };

/** T7 to T11, one after the other; each leaves the databases as it found them, or ends what it hired. */
export function robLive(
  system: LiveSystem,
  { openDevice, onStep }: { openDevice: OpenDevice; onStep: (step: string) => void },
): Promise<LiveThief[]> {
  return withStage(system, openDevice, async (stage) => {
    onStep("root on the vaults");
    const vaults = await robVaultsLive(stage);
    onStep("root on the gate");
    const gate = await robGateLive(stage);
    onStep("an administrator with every password");
    const administrator = await robAsAdministrator(stage);
    onStep("a former member");
    const former = await robAsFormerMember(stage);
    onStep("one trustee's share");
    const share = await robWithOneShare(stage);
    return [
      { id: "T7", yields: vaults },
      { id: "T8", yields: gate },
      { id: "T9", yields: administrator },
      { id: "T10", yields: former },
      { id: "T11", yields: share },
    ];
  });
}

/** How often a live thief was believed, or opened or was answered what they must not be. What the threat model does not claim is not counted. */
export function countLiveLosses({ id, yields }: LiveThief): number {
  switch (id) {
    case "T7":
      return yields.believed + yields.read + yields.control.of - yields.control.opened;
    case "T8": {
      const { believed, opened, openedByFrozen, log, control } = yields;
      return (
        believed + opened + openedByFrozen + log.unnoticed.length + control.of - control.opened
      );
    }
    case "T9":
      return yields.believed + yields.helped.afterNextWrite.opened;
    case "T10": {
      const { requests, refused, after, before, control } = yields;
      const answered = requests - refused;
      return answered + after.opened + before.openedByDevice + control.of - control.opened;
    }
    default:
      return countShareLosses(yields);
  }
}

function countShareLosses({ opened, ways, refused, forged, control }: ShareYields): number {
  const joined = Object.values(forged).filter((said) => said === "joined").length;
  return opened + ways - refused + joined + control.of - control.opened;
}
