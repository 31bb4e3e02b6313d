import { ResponseError } from './errors.ts';
import { FIELD_VALUE, consistsOf, isToken } from './octets.ts';

/** Of a response, by names and values in latin-1, in the application's order. */
export type ResponseHeaders = readonly (readonly [name: string, value: string])[];

/**
 * What a header of the application is to the server: passed on, dropped because the server gives it or it
 * belongs to one hop, or read because it decides the framing.
 */
export type ResponseFieldRole = 'plain' | 'dropped' | 'content-length' | 'connection' | 'upgrade';

const ROLES: ReadonlyMap<string, ResponseFieldRole> = new Map([
  ['server', 'dropped'],
  ['date', 'dropped'],
  ['keep-alive', 'dropped'],
  ['proxy-connection', 'dropped'],
  ['proxy-authenticate', 'dropped'],
  ['proxy-authorization', 'dropped'],
  ['te', 'dropped'],
  ['trailers', 'dropped'],
  ['transfer-encoding', 'dropped'],
  ['content-length', 'content-length'],
  ['connection', 'connection'],
  ['upgrade', 'upgrade'],
]);

/** Applications use few names; a look-up is cheaper than checking each character again. */
const MOST_KNOWN = 512;
const known = new Map<string, ResponseFieldRole>();

/**
 * The role of a response header, by its name in any spelling.
 * @throws {ResponseError} ERR_RESPONSE_HEADER_NAME when the name is not a token
 */
export function responseFieldRole(name: string): ResponseFieldRole {
  const found = known.get(name);
  if (found !== undefined) return found;
  if (typeof name !== 'string' || !isToken(name)) throw new ResponseError('ERR_RESPONSE_HEADER_NAME', name);
  const role = ROLES.get(name.toLowerCase()) ?? 'plain';
  if (known.size < MOST_KNOWN) known.set(name, role);
  return role;
}

/**
 * Refuses a value that would end its line or cannot be sent as latin-1: an application that puts user
 * input into a header must not be able to write headers of its user's choice.
 * @throws {ResponseError} ERR_RESPONSE_HEADER_VALUE
 */
export function checkResponseValue(name: string, value: string): void {
  if (typeof value !== 'string' || !consistsOf(value, FIELD_VALUE)) {
    throw new ResponseError('ERR_RESPONSE_HEADER_VALUE', name);
  }
}
