import { isOwn, type PackageManifest } from './manifest.ts';

/**
 * Names of packages, each behind those that it needs: whoever installs one while others are still on their way finds
 * what it needs.
 * @throws {Error} when packages need each other in a circle
 */
export function publishOrder(manifests: readonly PackageManifest[]): readonly string[] {
  const order: string[] = [];
  const onTheWay = new Set<string>();
  const visit = (name: string): void => {
    if (order.includes(name)) return;
    if (onTheWay.has(name))
      throw new Error(`${[...onTheWay, name].join(' needs ')}: a circle cannot be published`);
    onTheWay.add(name);
    const manifest = manifests.find((one) => one.name === name);
    const needed = { ...manifest?.dependencies, ...manifest?.optionalDependencies };
    for (const other of Object.keys(needed)
      .filter((one) => isOwn(one))
      .sort())
      visit(other);
    onTheWay.delete(name);
    order.push(name);
  };
  for (const { name } of [...manifests].sort((one, other) => (one.name < other.name ? -1 : 1))) visit(name);
  return order;
}
