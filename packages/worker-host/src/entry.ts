import { fileURLToPath } from 'node:url';

/** Absolute path of the program that the arbiter starts, with node, for each worker. */
export const workerHostEntry: string = fileURLToPath(new URL('./main.js', import.meta.url));
