/** A machine child cannot be built or keep its disks as asked; the message is for the user and says why. */
export class MachineError extends Error {}
