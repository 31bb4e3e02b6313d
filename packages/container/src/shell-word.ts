/** A word as a POSIX shell reads it back; left as it is where it may be. */
export function shellWord(text: string): string {
  return /^[A-Za-z0-9_./:=,+@-]+$/.test(text) ? text : `'${text.replaceAll("'", `'"'"'`)}'`;
}
