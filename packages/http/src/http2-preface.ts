/** What an HTTP/2 connection begins with (RFC 9113 §3.4). */
const PREFACE: Buffer = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'latin1');

/** Whether bytes begin with the preface of HTTP/2; `part` when they are too few to say. */
export function detectPreface(bytes: Buffer, start: number, end: number): 'whole' | 'part' | 'absent' {
  const length = Math.min(end - start, PREFACE.length);
  if (PREFACE.compare(bytes, start, start + length, 0, length) !== 0) return 'absent';
  return length === PREFACE.length ? 'whole' : 'part';
}
