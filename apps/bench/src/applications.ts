import { fileURLToPath } from 'node:url';

/** The smallest application there is: a dozen bytes of text. The same file for every peer. */
export const hello: string = fileURLToPath(new URL('../../../examples/hello/app.ts', import.meta.url));

/** `/stuck` blocks its worker for ever. */
export const stuck: string = fileURLToPath(new URL('./applications/stuck.ts', import.meta.url));

/** `/heap` answers with the heap that is in use after a collection. */
export const heap: string = fileURLToPath(new URL('./applications/heap.ts', import.meta.url));
