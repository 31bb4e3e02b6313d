/** As nginx writes it: the client closed the connection before a response began. */
export const CLIENT_CLOSED_REQUEST = 499;

/** A header's value, or its values joined, in the text of a head. */
export function headerIn(head: string, name: string): string | undefined {
  const wanted = `${name.toLowerCase()}:`;
  const values: string[] = [];
  for (const line of head.split('\r\n')) {
    if (line.slice(0, wanted.length).toLowerCase() === wanted) values.push(line.slice(wanted.length).trim());
  }
  return values.length === 0 ? undefined : values.join(', ');
}
