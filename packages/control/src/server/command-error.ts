/** A command cannot be done; the client is told why. */
export class CommandError extends Error {}
