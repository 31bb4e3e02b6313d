/** The classes that Hono's adapter replaces with lighter ones. */
const REPLACED = ['Request', 'Response'] as const;

/**
 * Lets `make` replace the global classes, and keeps `instanceof` true for objects of the classes that were there
 * before: the application was loaded with those, and its framework may have derived its own from them.
 */
export function keepInstances<T>(make: () => T): T {
  const before = REPLACED.map((name) => ({ name, native: globalThis[name] }));
  const made = make();
  for (const { name, native } of before) {
    if (globalThis[name] === native) continue;
    // The lighter classes have the native prototype in their chain, so this holds for their objects too.
    Object.defineProperty(globalThis[name], Symbol.hasInstance, {
      value: (object: unknown) => object instanceof native,
    });
  }
  return made;
}
