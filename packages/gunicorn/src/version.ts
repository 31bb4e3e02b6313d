import { createRequire } from 'node:module';

/** Of this command. */
export const version: string = (
  createRequire(import.meta.url)('../package.json') as { readonly version: string }
).version;
