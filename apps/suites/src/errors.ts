/** Thrown for a command line that cannot be understood. */
export class UsageError extends Error {}

/** Thrown when the sources of a suite could not be had, or not be built: it is left out. */
export class NotInstalled extends Error {}
