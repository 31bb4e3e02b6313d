import { members, type Manifest } from '../../workspace.ts';
import { box, drawing, note, thread } from './svg.ts';

const SCOPE = '@gunicorn-ts/';
const HEIGHT = 34;
const ROW = 82;
const GAP = 14;
const WIDTH = 964;

/** Which packages a package imports, by the names of their folders. */
export type Imports = ReadonlyMap<string, readonly string[]>;

/** The packages of the server and what each imports, by their manifests. */
export function importsOfPackages(): Imports {
  const packages = members('packages');
  const nameOf = new Map(
    packages.map(({ folder, manifest }) => [manifest.name, folder.replace('packages/', '')]),
  );
  return new Map(
    packages.map(({ folder, manifest }) => [
      folder.replace('packages/', ''),
      Object.keys(needsOf(manifest)).flatMap((name) => nameOf.get(name) ?? []),
    ]),
  );
}

function needsOf({
  dependencies = {},
  optionalDependencies = {},
}: Manifest): Readonly<Record<string, string>> {
  return { ...dependencies, ...optionalDependencies };
}

/** How far above the ground a package stands: the longest way down through what it imports. */
export function levelOf(name: string, imports: Imports): number {
  return Math.max(-1, ...(imports.get(name) ?? []).map((below) => levelOf(below, imports))) + 1;
}

/** Imports that no other import already stands for. */
export function nearest(name: string, imports: Imports): readonly string[] {
  const direct = imports.get(name) ?? [];
  const reach = (from: string): readonly string[] =>
    (imports.get(from) ?? []).flatMap((next) => [next, ...reach(next)]);
  const further = new Set(direct.flatMap(reach));
  return direct.filter((below) => !further.has(below));
}

/** Every package, above those that it imports. */
export function drawPackages(imports: Imports = importsOfPackages()): string {
  const names = [...imports.keys()];
  const levels = Map.groupBy(names, (name) => levelOf(name, imports));
  const top = Math.max(...levels.keys());
  const places = new Map(
    [...levels].flatMap(([level, row]) => {
      const widths = row.map((name) => name.length * 7.6 + 26);
      const whole = widths.reduce((sum, width) => sum + width + GAP, -GAP);
      let x = (WIDTH - whole) / 2;
      return row.map((name, index) => {
        const place = { x, y: 54 + (top - level) * ROW, width: widths[index] ?? 0 };
        x += place.width + GAP;
        return [name, place] as const;
      });
    }),
  );
  const threads = names.flatMap((name) =>
    nearest(name, imports).map((below) => {
      const [from, to] = [places.get(name)!, places.get(below)!];
      return thread({ x: from.x + from.width / 2, y: from.y + HEIGHT }, { x: to.x + to.width / 2, y: to.y });
    }),
  );
  const boxes = names.map((name) =>
    box({
      ...places.get(name)!,
      height: HEIGHT,
      lines: [name.replace(SCOPE, '')],
      look: name.startsWith('worker-') || name === 'gunicorn' ? 'main' : 'other',
    }),
  );
  const height = 54 + top * ROW + HEIGHT + 40;
  return drawing('Packages: each imports only what stands below it', { width: WIDTH, height }, [
    ...threads,
    ...boxes,
    note({ x: 16, y: height - 14 }, 'A line is left out where another way down stands for it.'),
  ]);
}
