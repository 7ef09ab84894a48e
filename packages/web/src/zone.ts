/** Where the practice is: its clock counts, not that of the machine. */
export const ZONE = "Europe/Helsinki";
