import test from 'ava';
import { build } from 'esbuild';
import { builtinsAsTheyAre } from '../../src/builtin-modules.ts';

/** What a bundle of this program is. */
async function bundled(contents: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents },
    bundle: true,
    format: 'esm',
    platform: 'node',
    write: false,
    logLevel: 'silent',
    plugins: [builtinsAsTheyAre],
  });
  return outputFiles[0]!.text;
}

test('a bundle imports nothing of Node.js, and takes of it what is used', async (t) => {
  const text = await bundled(
    "import fs, { readFileSync } from 'node:fs'; console.log(readFileSync, fs.constants);",
  );
  t.notRegex(text, /^import /m);
  t.regex(text, /getBuiltinModule\("node:fs"\)/);
  t.regex(text, /take\("readFileSync"\)/);
  t.notRegex(text, /writeFileSync|ReadStream/);
});

test('what is imported and not used is not loaded', async (t) => {
  t.notRegex(await bundled("import { readFileSync } from 'node:fs'; console.log(1);"), /node:fs"/);
});

test('functions of modules that few need load them when they are called', async (t) => {
  const text = await bundled(
    "import { randomBytes } from 'node:crypto'; export default () => randomBytes(3).length;",
  );
  const url = `data:text/javascript,${encodeURIComponent(text)}`;
  const { default: count } = (await import(url)) as { default: () => number };
  t.notRegex(text, /take\(/);
  t.is(count(), 3);
});

test('a class of such a module is not stood in for, which ends the build', async (t) => {
  await t.throwsAsync(
    bundled("import { ChildProcess } from 'node:child_process'; console.log(ChildProcess);"),
    {
      message: /No matching export/,
    },
  );
});

test('whether a text is an IP address is asked without the regular expression of Node.js', async (t) => {
  const text = await bundled(
    "import { isIP, isIPv6 } from 'node:net'; export default [isIP('::1'), isIPv6('::g')];",
  );
  const url = `data:text/javascript,${encodeURIComponent(text)}`;
  const { default: found } = (await import(url)) as { default: unknown };
  t.deepEqual(found, [6, false]);
  t.notRegex(text, /take\("isIP(?:v6)?"\)/);
});
