import test from 'ava';
import { commented, raw, writeYaml, type YamlValue } from '../../src/index.ts';

for (const [why, value, text] of [
  [
    'texts that YAML would take for something else are quoted',
    { a: 'yes', b: '1.0', c: 'null', d: '', e: '2026-01-01', f: '0x1f', g: '1e3' },
    'a: "yes"\nb: "1.0"\nc: "null"\nd: ""\ne: "2026-01-01"\nf: "0x1f"\ng: "1e3"\n',
  ],
  [
    'a text with marks of YAML is quoted',
    ['a: b', '- c', '#d', 'e #f', '{g}', '*h', '"i"', 'j\nk'],
    '- "a: b"\n- "- c"\n- "#d"\n- "e #f"\n- "{g}"\n- "*h"\n- "\\"i\\""\n- "j\\nk"\n',
  ],
  ['a quantity needs no quotes', { cpu: '500m', memory: '64Mi' }, 'cpu: 500m\nmemory: 64Mi\n'],
  ['nothing in it is said to be nothing', { a: {}, b: [], c: undefined, d: null }, 'a: {}\nb: []\nd: null\n'],
  ['lists of objects go on below their dash', { a: [{ b: 1, c: [2] }] }, 'a:\n  - b: 1\n    c:\n      - 2\n'],
  [
    'a reason stands behind its line',
    { a: commented(5, 'why'), b: [commented('x', 'z')] },
    'a: 5 # why\nb:\n  - x # z\n',
  ],
  ['a reason stands above its block', { a: commented({ b: 1 }, 'why') }, '# why\na:\n  b: 1\n'],
  ['an expression of a template stands as it is', { a: raw('{{ .b }}') }, 'a: {{ .b }}\n'],
] as readonly (readonly [string, YamlValue, string])[]) {
  test(why, (t) => {
    t.is(writeYaml(value), text);
  });
}
