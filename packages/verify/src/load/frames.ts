/** A frame of a server, as far as a client that only listens needs it (RFC 6455, section 5.2). */
export interface Frame {
  readonly opcode: number;
  readonly payload: Buffer;
}

export const OPCODE = { close: 8, ping: 9, pong: 10 } as const;

/** Takes whole frames off the front of what has arrived. */
export function takeFrames(bytes: Buffer): { readonly frames: readonly Frame[]; readonly rest: Buffer } {
  const frames: Frame[] = [];
  let rest = bytes;
  for (;;) {
    const extent = extentOf(rest);
    if (extent === undefined || rest.length < extent.end) return { frames, rest };
    frames.push({ opcode: rest[0]! & 0x0f, payload: rest.subarray(extent.start, extent.end) });
    rest = rest.subarray(extent.end);
  }
}

/** Where the payload begins and ends; a server does not mask. */
function extentOf(bytes: Buffer): { readonly start: number; readonly end: number } | undefined {
  if (bytes.length < 2) return undefined;
  const short = bytes[1]! & 0x7f;
  if (short < 126) return { start: 2, end: 2 + short };
  const start = short === 126 ? 4 : 10;
  if (bytes.length < start) return undefined;
  const length = short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
  return { start, end: start + length };
}

/** A control frame of a client: masked, by zeros, since nobody on the way is to be misled here. */
export function controlFrame(opcode: number, payload: Buffer = Buffer.alloc(0)): Buffer {
  return Buffer.concat([Buffer.from([0x80 | opcode, 0x80 | payload.length, 0, 0, 0, 0]), payload]);
}

/** The code of a close frame; 1005 is that it has none (section 7.4.1). */
export function closeCode({ payload }: Frame): number {
  return payload.length < 2 ? 1005 : payload.readUInt16BE(0);
}
