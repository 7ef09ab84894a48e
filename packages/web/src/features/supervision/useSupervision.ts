import { useHere } from "../../app/me.ts";
import { useView } from "../../app/useDesk.ts";

/** The records of a supervisor; a therapist's after their caseload, which takes granted records in and knows their names from then on. */
export function useSupervision() {
  const { me } = useHere();
  const isTherapist = me.roles.includes("therapist");
  const caseload = useView(["caseload"], (desks) => desks.caseload.list(), {
    enabled: isTherapist,
  });
  return useView(["supervision"], (desks) => desks.supervision.list(), {
    enabled: !isTherapist || !caseload.isPending,
  });
}
