/** What a server sent, taken apart and freed of what differs from run to run. */
export interface Answer {
  readonly status: string;
  /** Sorted, names in small letters. */
  readonly headers: readonly string[];
  readonly body: string;
  /** Interim responses before it. */
  readonly interim: readonly string[];
}

/** Reads the bytes of one response. `port` is the server's own. */
export function readAnswer(bytes: string, port: number): Answer {
  const interim: string[] = [];
  let rest = bytes;
  while (/^HTTP\/1\.1 1\d\d/.test(rest)) {
    const end = rest.indexOf('\r\n\r\n');
    interim.push(rest.slice(0, end).replaceAll('\r\n', ' | '));
    rest = rest.slice(end + 4);
  }
  const end = rest.indexOf('\r\n\r\n');
  if (end === -1) {
    return { status: rest === '' ? 'closed without an answer' : rest, headers: [], body: '', interim };
  }
  const [status = '', ...lines] = rest.slice(0, end).split('\r\n');
  const body = rest.slice(end + 4);
  const headers = lines.map(normalHeader).toSorted();
  const isChunked = headers.includes('transfer-encoding: chunked');
  const text = isChunked && body !== '' ? unchunk(body) : body;
  return { status, headers, body: normalBody(text, port), interim };
}

function normalHeader(line: string): string {
  const at = line.indexOf(':');
  const name = line.slice(0, at).toLowerCase();
  const value = line.slice(at + 1).trim();
  return name === 'date' && !value.includes('1970') ? 'date: NOW' : `${name}: ${value}`;
}

/** The parts, and whether the end was said. */
function unchunk(body: string): string {
  let rest = body;
  let text = '';
  for (;;) {
    const at = rest.indexOf('\r\n');
    const size = at === -1 ? Number.NaN : Number.parseInt(rest.slice(0, at), 16);
    if (Number.isNaN(size)) return `${text}[broken off: ${JSON.stringify(rest)}]`;
    if (size === 0) return text;
    text += rest.slice(at + 2, at + 2 + size);
    rest = rest.slice(at + 2 + size + 2);
  }
}

function normalBody(body: string, port: number): string {
  return body
    .replaceAll(/"REMOTE_PORT": "\d+"/g, '"REMOTE_PORT": "CLIENT"')
    .replaceAll(`"${port}"`, '"PORT"');
}
