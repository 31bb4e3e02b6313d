const FIN = 0x80;
const CONTINUATION = 0;
const TEXT = 1;
const BINARY = 2;
/** A length of so much or more stands in two bytes behind this one, or in eight. */
const IN_TWO_BYTES = 126;
const IN_EIGHT_BYTES = 127;
const MOST_IN_TWO_BYTES = 0xff_ff;

/** What a frame of a message says of itself. */
export interface FrameForm {
  readonly isText: boolean;
  /** Nothing more of the message follows. */
  readonly isLast: boolean;
  /** It is not the first of its message. */
  readonly isContinued: boolean;
}

/** What stands in front of a server's data, which is not masked (RFC 6455 §5.2). */
export function frameHeader(length: number, { isText, isLast, isContinued }: FrameForm): Buffer {
  const opcode = isContinued ? CONTINUATION : isText ? TEXT : BINARY;
  const first = isLast ? opcode | FIN : opcode;
  if (length < IN_TWO_BYTES) return Buffer.of(first, length);
  if (length <= MOST_IN_TWO_BYTES) return Buffer.of(first, IN_TWO_BYTES, length >> 8, length & 0xff);
  const header = Buffer.alloc(10);
  header[0] = first;
  header[1] = IN_EIGHT_BYTES;
  header.writeUIntBE(length, 4, 6);
  return header;
}
