import type { ResponseHead } from '@gunicorn-ts/http';
import type { Transport } from '../../transport/transport.ts';

/** Adds a response head to what is being sent: as bytes where they are at hand, which need only be copied. */
export function sendHead(transport: Transport, { bytes, text }: ResponseHead): void {
  if (bytes === undefined) transport.text(text);
  else transport.bytes(bytes);
}
