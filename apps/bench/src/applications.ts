import { fileURLToPath } from 'node:url';

/** The smallest application there is: a dozen bytes of text. The same file for every peer. */
export const hello: string = fileURLToPath(new URL('../../../examples/hello/app.ts', import.meta.url));

/** `/stuck` blocks its worker for ever. */
export const stuck: string = fileURLToPath(new URL('./applications/stuck.ts', import.meta.url));

/** `/heap` answers with the heap that is in use after a collection. */
export const heap: string = fileURLToPath(new URL('./applications/heap.ts', import.meta.url));

/** The same in the kinds that the sync worker serves without a Node socket. */
export const wsgi: string = fileURLToPath(new URL('./applications/wsgi.ts', import.meta.url));
export const fetching: string = fileURLToPath(new URL('./applications/fetch.ts', import.meta.url));
