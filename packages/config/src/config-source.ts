/**
 * The line, counted from 1, on which a key is written in the text of a configuration file; `undefined`
 * when it is not there (it came from an imported file, or from a spread). Comments and texts do not count.
 */
export function lineOfKey(source: string, key: string): number | undefined {
  const code = blankCommentsAndTexts(source);
  const pattern = new RegExp(String.raw`(?<![\w$.])(?:${escape(key)})\s*(?:[:,(}]|$)`, 'gm');
  const places = [...code.matchAll(pattern)].map((match) => match.index);
  const start = code.search(/\bexport\s+default\b|\bmodule\.exports\s*=/);
  const place = places.find((index) => index > start) ?? places[0];
  return place === undefined ? undefined : code.slice(0, place).split('\n').length;
}

function escape(key: string): string {
  return key.replaceAll(/[^\w]/g, String.raw`\$&`);
}

/** Keeps every line where it is. A key in quotes is kept too: `'workers': 2` is a key. */
export function blankCommentsAndTexts(source: string): string {
  const token =
    /\/\*[\s\S]*?\*\/|\/\/[^\n]*|(["'])((?:\\[\s\S]|(?!\1)[^\\\n])*)\1(\s*:)?|`(?:\\[\s\S]|[^\\`])*`/g;
  return source.replaceAll(token, (whole: string, quote?: string, text?: string, colon?: string) => {
    if (quote !== undefined && colon !== undefined) return ` ${text ?? ''} ${colon}`;
    return whole.replaceAll(/[^\n]/g, ' ');
  });
}
