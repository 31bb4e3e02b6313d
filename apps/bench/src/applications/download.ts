const CHUNK = Buffer.alloc(64 * 1024, 'x');
/** More than the buffers of both sides hold, so that nobody has sent it all before the client leaves. */
const CHUNKS = 256;

/** 16 MB, in pieces that are made when they are wanted. */
export function* chunks(): Generator<Buffer, void> {
  for (let count = 0; count < CHUNKS; count++) yield CHUNK;
}

/** Transfers that the application was told had been cut off: what `/seen` answers with. */
export interface Seen {
  uploads: number;
  downloads: number;
}
