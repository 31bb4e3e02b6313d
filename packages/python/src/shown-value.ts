/** A value as a message names it that refuses it. */
export const show = (value: unknown): string => JSON.stringify(value) ?? String(value);
