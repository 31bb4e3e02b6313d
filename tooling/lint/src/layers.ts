/** The packages, from the ground up. Each may import only what stands before it. */
const LAYERS: readonly string[] = [
  'interface',
  'load',
  'conformance',
  'posix',
  'metrics',
  'http',
  'wsgi',
  'transport',
  'http-server',
  'logging',
  'config',
  'worker-host',
  'worker-sync',
  'worker-event',
  'python',
  'arbiter',
  'systemd',
  'control',
  'admin',
  'scaffold',
  'container',
  'kubernetes',
  'export',
  'verify',
  'create-gunicorn-ts',
  'gunicorn',
];

const SCOPE = '@gunicorn-ts/';

/** Walls inside the order of the layers: who must not import whom, and why. */
const FURTHER_WALLS: readonly {
  readonly from: RegExp;
  readonly to: RegExp;
  readonly because: string;
}[] = [
  {
    from: /^interface$/,
    to: /./,
    because:
      'the contracts need nothing, so that anybody can depend on them; move what is needed into interface, or the code out of it',
  },
  {
    from: /./,
    to: /^conformance$/,
    because: 'it proves worker classes, in tests: nothing that serves needs it',
  },
  {
    from: /^posix$/,
    to: /^interface$/,
    because: 'posix knows the kernel and not this project; return plain values that fit the contract',
  },
  {
    from: /^arbiter$/,
    to: /^worker-/,
    because:
      "the arbiter must run any worker class, also a third party's; it is handed the worker class and the path of the worker host by the command",
  },
  {
    from: /^control$/,
    to: /^(?:arbiter|config|worker-.*|python|http.*|logging)$/,
    because:
      'its commands must start fast, and load no server: what the arbiter shows and takes is in the interface (ArbiterView, ArbiterControl)',
  },
  {
    from: /^arbiter$/,
    to: /^(?:metrics|admin)$/,
    because:
      'the arbiter shows itself and what workers wrote (ArbiterView), and knows nobody who looks: subscribe to its moments in the command',
  },
  {
    from: /^gunicorn$/,
    to: /^create-gunicorn-ts$/,
    because: 'a server carries no questions; what both write is in scaffold',
  },
  {
    from: /^http-server$|^worker-(?!host$)/,
    to: /^metrics$/,
    because:
      "who serves requests counts by the Meter of the WorkerContext, as a third party's worker class does; the layout of the memory is for worker-host and the arbiter's subscribers",
  },
  {
    from: /^worker-(?!host$)/,
    to: /^worker-/,
    because:
      "a worker class knows neither its host nor another worker class, as a third party's does not; use the WorkerContext, or move what both need to a package below",
  },
];

/** Reads `@gunicorn-ts/http/x` as `http` and `x`; `undefined` for what is not of this repository. */
export function ownPackage(
  specifier: string,
): { readonly layer: string; readonly inside: string } | undefined {
  if (specifier === 'create-gunicorn-ts') return { layer: specifier, inside: '' };
  if (specifier === 'gunicorn-ts' || specifier.startsWith('gunicorn-ts/')) {
    return { layer: 'gunicorn', inside: specifier.slice('gunicorn-ts/'.length) };
  }
  if (!specifier.startsWith(SCOPE)) return undefined;
  const [layer = '', ...inside] = specifier.slice(SCOPE.length).split('/');
  return { layer, inside: inside.join('/') };
}

/** `because` of a wall that stands between two packages, or `undefined` when the import is allowed. */
export function wallBetween(from: string, to: string): string | undefined {
  const wall = FURTHER_WALLS.find((each) => each.from.test(from) && each.to.test(to));
  if (wall !== undefined) return wall.because;
  const [fromLayer, toLayer] = [LAYERS.indexOf(from), LAYERS.indexOf(to)];
  if (fromLayer === -1 || toLayer === -1) {
    return `${fromLayer === -1 ? from : to} has no place among the layers yet; give it one in tooling/lint/src/layers.ts`;
  }
  if (toLayer < fromLayer) return undefined;
  return `${to} stands on ${from}, not the other way round; move what is needed to ${from} or below, or hand it in as an argument`;
}
