import type { Transport } from './transport.ts';

/** Has somebody get a copy of all that arrives from now on, behind its owner, who gets it as before. */
export function tap(transport: Transport, tell: (bytes: Buffer) => void): void {
  const { owner } = transport;
  if (owner === undefined) return;
  transport.owner = {
    onData: (bytes, length) => {
      const copy = Buffer.from(bytes.subarray(0, length));
      owner.onData(bytes, length);
      tell(copy);
    },
    onEnd: () => owner.onEnd(),
    onDrain: () => owner.onDrain(),
    onClose: (error) => owner.onClose(error),
  };
}
