export { runVerify, type VerifyIo } from './command.ts';
export type { Program } from './copy/command.ts';
