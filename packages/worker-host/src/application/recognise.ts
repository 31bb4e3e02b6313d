import type { Application, ApplicationKind } from '@gunicorn-ts/interface';
import { FRAMEWORKS } from './framework.ts';
import { kindOfFunction, type AnyFunction } from './function-kind.ts';

/** What a value turned out to be. */
export type Recognition =
  | {
      readonly found: true;
      /** For the log: `Fastify instance`, `function with 2 parameters`. */
      readonly shape: string;
      /** Brings it to the point where it can be called; may wait for the framework's start. */
      prepare(): Promise<Application>;
    }
  /** `shape` then says what was found instead, and perhaps what to export. */
  | { readonly found: false; readonly shape: string };

/**
 * Decides by its shape what an exported value is. `kind` overrides the guess for functions. A promise
 * must have been awaited before.
 */
export function recogniseApplication(value: unknown, kind?: ApplicationKind): Recognition {
  if (value === null || (typeof value !== 'object' && typeof value !== 'function')) {
    return { found: false, shape: describeValue(value) };
  }
  const framework = FRAMEWORKS.find((candidate) => candidate.matches(value));
  if (framework !== undefined && !(kind === 'wsgi' && typeof value === 'function')) {
    return { found: true, shape: framework.shape, prepare: async () => framework.application(value) };
  }
  if (typeof value === 'function') return recogniseFunction(value as AnyFunction, kind);
  return recogniseObject(value as Record<string, unknown>, kind);
}

function recogniseFunction(handler: AnyFunction, kind: ApplicationKind | undefined): Recognition {
  if (/^class\b/.test(Function.prototype.toString.call(handler))) {
    return { found: false, shape: `the class ${handler.name}; export an instance of it` };
  }
  const application = { kind: kind ?? kindOfFunction(handler), handler } as Application;
  return { found: true, shape: describeValue(handler), prepare: async () => application };
}

function recogniseObject(value: Record<string, unknown>, kind: ApplicationKind | undefined): Recognition {
  const { fetch, handler } = value;
  if (typeof fetch === 'function' && kind !== 'node') {
    const application = { kind: 'fetch', handler: fetch.bind(value) } as Application;
    return { found: true, shape: 'object with fetch', prepare: async () => application };
  }
  if (typeof handler !== 'function') return { found: false, shape: describeValue(value) };
  if (Array.isArray(value['stack'])) {
    return { found: false, shape: 'an h3 version 1 application; export toNodeListener(app) of it' };
  }
  const inner = kind ?? kindOfFunction(handler as AnyFunction);
  const application = { kind: inner, handler: handler.bind(value) } as Application;
  return { found: true, shape: 'object with handler', prepare: async () => application };
}

/** A value in a few words, for messages. */
export function describeValue(value: unknown): string {
  if (typeof value === 'function') {
    const name = value.name === '' ? '' : ` ${value.name}`;
    return `function${name} with ${value.length} ${value.length === 1 ? 'parameter' : 'parameters'}`;
  }
  if (typeof value === 'object' && value !== null) {
    const keys = Object.keys(value);
    const shown = keys.slice(0, 8).join(', ') + (keys.length > 8 ? ', …' : '');
    return keys.length === 0 ? 'an object without keys' : `an object with the keys ${shown}`;
  }
  return typeof value === 'string' ? `the string ${JSON.stringify(value.slice(0, 40))}` : String(value);
}
