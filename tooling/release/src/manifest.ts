/** A `package.json`, of which this reads a part and keeps the rest. */
export interface PackageManifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly license?: string;
  readonly type?: string;
  readonly bin?: Readonly<Record<string, string>>;
  readonly files?: readonly string[];
  readonly os?: readonly string[];
  readonly sideEffects?: boolean | readonly string[];
  readonly engines?: Readonly<Record<string, string>>;
  readonly publishConfig?: { readonly access?: string; readonly provenance?: boolean };
  readonly repository?: {
    readonly type: string;
    readonly url: string;
    readonly directory?: string;
  };
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly [key: string]: unknown;
}

/** Where the sources of a package are: the address of the repository, and a folder of it. */
export interface Origin {
  /** `https://example.org/team/gunicorn-ts` */
  readonly repository: string;
  /** `packages/http` */
  readonly folder: string;
}

/**
 * A manifest as it is published: it says where its sources are, and nothing about how they are built. Where they are is
 * known by who releases, and the registry holds it against where the provenance comes from.
 */
export function publishedManifest(manifest: PackageManifest, { repository, folder }: Origin): object {
  const kept = Object.entries(manifest).filter(([key]) => key !== 'scripts' && key !== 'devDependencies');
  return {
    ...Object.fromEntries(kept),
    repository: { type: 'git', url: `git+${repository}.git`, directory: folder },
  };
}

/** What is wrong with the manifest in a tarball, as sentences. */
export function manifestProblems(manifest: PackageManifest, version: string): readonly string[] {
  const { name, repository, engines, publishConfig } = manifest;
  const needed = Object.entries({ ...manifest.dependencies, ...manifest.optionalDependencies });
  const claims: readonly (readonly [boolean, string])[] = [
    [manifest.version === version, `has the version ${manifest.version}, not ${version}`],
    [manifest.private === undefined, 'is private'],
    [manifest.license === 'MIT', `has the licence ${manifest.license}`],
    [
      repository?.url.startsWith('git+https://') === true &&
        repository.directory?.startsWith('packages/') === true,
      'does not say where its sources are',
    ],
    [engines?.['node']?.startsWith('>=') === true, 'names no oldest Node.js'],
    [
      publishConfig?.access === 'public' && publishConfig.provenance === true,
      'is not published with access and provenance',
    ],
    [manifest.sideEffects !== undefined, 'does not say which of its files do something when imported'],
    [
      manifest['scripts'] === undefined && manifest['devDependencies'] === undefined,
      'carries what only a checkout needs',
    ],
    ...needed.map(([needs, range]): readonly [boolean, string] => [
      isOwn(needs) ? range === `^${version}` : /^[\^~]?\d/.test(range),
      `needs ${needs} at ${range}`,
    ]),
  ];
  return claims.filter(([holds]) => !holds).map(([, problem]) => `${name} ${problem}`);
}

/** Whether a package is one of this repository's. */
export function isOwn(name: string): boolean {
  return name === 'gunicorn-ts' || name === 'create-gunicorn-ts' || name.startsWith('@gunicorn-ts/');
}
