import { isIPv4, isIPv6 } from 'node:net';
import { RequestError } from './errors.ts';
import { LF } from './octets.ts';
import type { ProxyEndpoint, ProxyReading } from './proxy-header.ts';

/** The longest line that the specification allows, CR LF included. */
const LONGEST_LINE = 107;

/**
 * Reads a PROXY protocol v1 line; `undefined` while it is not complete.
 * @throws {RequestError} `proxy-line`
 */
export function readProxyV1(bytes: Buffer): ProxyReading | undefined {
  const lf = bytes.subarray(0, LONGEST_LINE).indexOf(LF);
  if (lf === -1) {
    if (bytes.length >= LONGEST_LINE) throw new RequestError('proxy-line');
    return undefined;
  }
  const line = bytes.toString('latin1', 0, lf + 1);
  if (!line.endsWith('\r\n')) throw new RequestError('proxy-line');
  const [, protocol, ...fields] = line.slice(0, -2).split(' ');
  const length = lf + 1;
  // The specification: whatever follows UNKNOWN is to be ignored, and the connection to be served.
  if (protocol === 'UNKNOWN') {
    return { header: { version: 1, protocol, source: undefined, destination: undefined }, length };
  }
  if ((protocol !== 'TCP4' && protocol !== 'TCP6') || fields.length !== 4)
    throw new RequestError('proxy-line');
  const isAddress = protocol === 'TCP4' ? isIPv4 : (text: string) => isIPv6(text) && !text.includes('%');
  const [from, to, fromPort, toPort] = fields as [string, string, string, string];
  if (!isAddress(from) || !isAddress(to)) throw new RequestError('proxy-line');
  const source = endpoint(from, fromPort);
  const destination = endpoint(to, toPort);
  return { header: { version: 1, protocol, source, destination }, length };
}

function endpoint(address: string, port: string): ProxyEndpoint {
  if (!/^(?:0|[1-9][0-9]{0,4})$/.test(port) || Number(port) > 65_535) throw new RequestError('proxy-line');
  return { address, port: Number(port) };
}
