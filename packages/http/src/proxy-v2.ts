import { SocketAddress } from 'node:net';
import { RequestError } from './errors.ts';
import type { ProxyEndpoint, ProxyHeader, ProxyReading } from './proxy-header.ts';

/** Signature, version and command, family and protocol, length. */
const FIXED_LENGTH = 16;
const STREAM = 1;

/**
 * Reads a PROXY protocol v2 header; `undefined` while it is not complete. TLVs are skipped.
 * @param bytes beginning with the signature
 * @throws {RequestError} `proxy-header`
 */
export function readProxyV2(bytes: Buffer): ProxyReading | undefined {
  if (bytes.length < FIXED_LENGTH) return undefined;
  const version = bytes[12]! >> 4;
  const command = bytes[12]! & 0x0f;
  const family = bytes[13]! >> 4;
  const transport = bytes[13]! & 0x0f;
  const size = bytes.readUInt16BE(14);
  if (version !== 2 || command > 1 || family > 3 || transport > 2) throw new RequestError('proxy-header');
  const length = FIXED_LENGTH + size;
  if (command === 0) return bytes.length < length ? undefined : { header: withoutAddresses('LOCAL'), length };
  if (family !== 0 && transport !== STREAM) throw new RequestError('proxy-header');
  if (size < addressesLength(family)) throw new RequestError('proxy-header');
  if (bytes.length < length) return undefined;
  return { header: readAddresses(bytes, family), length };
}

function addressesLength(family: number): number {
  return [0, 12, 36, 216][family]!;
}

function readAddresses(bytes: Buffer, family: number): ProxyHeader {
  if (family === 0) return withoutAddresses('UNSPEC');
  if (family === 3) return withoutAddresses('UNIX');
  const width = family === 1 ? 4 : 16;
  const ports = FIXED_LENGTH + 2 * width;
  const endpoint = (index: number): ProxyEndpoint => {
    const at = FIXED_LENGTH + index * width;
    const address = addressText(bytes.subarray(at, at + width));
    return { address, port: bytes.readUInt16BE(ports + 2 * index) };
  };
  const protocol = family === 1 ? 'TCP4' : 'TCP6';
  return { version: 2, protocol, source: endpoint(0), destination: endpoint(1) };
}

function addressText(octets: Buffer): string {
  if (octets.length === 4) return octets.join('.');
  const groups = Array.from({ length: 8 }, (_, index) => octets.readUInt16BE(2 * index).toString(16));
  // The system's own spelling (RFC 5952), as every other address in the log has it.
  return new SocketAddress({ address: groups.join(':'), family: 'ipv6' }).address;
}

function withoutAddresses(protocol: ProxyHeader['protocol']): ProxyHeader {
  return { version: 2, protocol, source: undefined, destination: undefined };
}
