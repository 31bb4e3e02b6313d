/** Which trace a request belongs to, and the span that it comes from. */
export interface TraceParent {
  /** 32 digits, in small hexadecimal. */
  readonly traceId: string;
  /** 16 of them. */
  readonly parentId: string;
}

const FORM = /^([\da-f]{2})-([\da-f]{32})-([\da-f]{16})-[\da-f]{2}(-.*)?$/;

/** Reads the header `traceparent` (W3C Trace Context, section 3.2). `undefined` for what is none, as the text there wants it. */
export function readTraceparent(header: string): TraceParent | undefined {
  const [, version, traceId = '', parentId = '', rest] = FORM.exec(header) ?? [];
  // A later version may say more; of version 00 that is not the form.
  if (version === undefined || version === 'ff' || (version === '00' && rest !== undefined)) return undefined;
  return /^0+$/.test(traceId) || /^0+$/.test(parentId) ? undefined : { traceId, parentId };
}
