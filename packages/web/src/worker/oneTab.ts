import { DeskError } from "./deskFault.ts";

/** Holds a device for this tab alone, so that no outbox is worked off twice. Gives what lets it go. Error: `elsewhere`. */
export function holdDevice(id: string): Promise<() => void> {
  return new Promise((resolve, reject) => {
    void navigator.locks.request(`sinetti-device-${id}`, { ifAvailable: true }, (lock) => {
      if (lock === null) {
        reject(new DeskError({ code: "elsewhere" }));
        return undefined;
      }
      return new Promise<void>((release) => resolve(release));
    });
  });
}
