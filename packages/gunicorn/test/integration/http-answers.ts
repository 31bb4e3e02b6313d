/** One response of many on a connection. */
export interface Answer {
  readonly status: number;
  readonly body: string;
}

/**
 * Takes apart what arrived on a connection, without the informational responses.
 * @param received a character a byte
 * @param methods of the requests that were sent: a response to HEAD has no body
 */
export function readAnswers(received: string, methods: readonly string[]): readonly Answer[] {
  const answers: Answer[] = [];
  let rest = received;
  while (rest !== '') {
    const end = rest.indexOf('\r\n\r\n');
    if (end === -1) throw new Error(`no response head: ${JSON.stringify(rest)}`);
    const head = rest.slice(0, end);
    const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1]);
    rest = rest.slice(end + 4);
    if (status < 200) continue;
    const length =
      methods[answers.length] === 'HEAD' ? 0 : Number(/\r\nContent-Length: (\d+)/i.exec(head)?.[1] ?? 0);
    answers.push({ status, body: Buffer.from(rest.slice(0, length), 'latin1').toString('utf8') });
    rest = rest.slice(length);
  }
  return answers;
}
