import type { Transport } from './transport.ts';

/** Who is told what arrives on a transport, beside its owner. */
export interface Listening {
  /** Told behind the owner: a copy, since what the owner gets is overwritten. */
  onBytes(bytes: Buffer): void;
  onEnd(): void;
}

/** Has somebody told of all that arrives from now on. The owner gets it as before. */
export function tap(transport: Transport, { onBytes, onEnd }: Listening): void {
  const { owner } = transport;
  if (owner === undefined) return;
  transport.owner = {
    onData: (bytes, length) => {
      const copy = Buffer.from(bytes.subarray(0, length));
      owner.onData(bytes, length);
      onBytes(copy);
    },
    onEnd: () => {
      owner.onEnd();
      onEnd();
    },
    onDrain: () => owner.onDrain(),
    onClose: (error) => owner.onClose(error),
  };
}
