import type { Hooks } from './hooks.ts';
import type { AccessExclusion } from './logging-settings.ts';
import type { Settings } from './settings.ts';

/** Settings that a file may write in a handier form than the one they are resolved to. */
interface HandyForms {
  bind: string | readonly string[];
  workers: number | 'auto';
  /** Bytes, or a text such as `512mb`. */
  maxWorkerMemory: number | string;
  forwardedAllowIps: string | readonly string[];
  /** Bytes, or a text such as `10mb`. */
  limitRequestBody: number | string;
  /** Bytes, or a text such as `10gb`. */
  limitSpooledBodies: number | string;
  forwarderHeaders: string | readonly string[];
  /** `true` is `auto`. */
  proxyProtocol: Settings['proxyProtocol'] | boolean;
  proxyAllowIps: string | readonly string[];
  /** Gunicorn's names, too: `h2`, `h1`; several in one text by commas. */
  httpProtocols: string | readonly string[];
  /** `true` is `prior-knowledge`. */
  http2Cleartext: Settings['http2Cleartext'] | boolean;
  reloadExtraFiles: string | readonly string[];
  envFile: string | readonly string[];
  rawEnv: string | readonly string[];
  /** `/healthz`, `/static/*`, `agent:kube-probe/*`. */
  accessLogExclude: string | AccessExclusion | readonly (string | AccessExclusion)[];
  /** A number, or a text in octal such as `"077"`. */
  umask: number | string;
}

/**
 * Settings of a package that is not always there, as a file may write them. Such a package adds its own:
 * `declare module '@gunicorn-ts/interface' { interface FurtherInput { threads?: number | undefined } }`.
 */
// oxlint-disable-next-line typescript/no-empty-object-type -- Others merge into it.
export interface FurtherInput {}

/** What `gunicorn.conf.ts` exports: any of the settings, and the hooks. */
export type ConfigInput = {
  [K in keyof Settings]?: (K extends keyof HandyForms ? HandyForms[K] : Settings[K]) | undefined;
} & FurtherInput &
  Hooks;

/** The default export of `gunicorn.conf.ts`: the settings, a promise of them, or a function that gives either. */
export type ConfigExport =
  | ConfigInput
  | Promise<ConfigInput>
  | ((context: ConfigContext) => ConfigInput | Promise<ConfigInput>);

/** What a function in `gunicorn.conf.ts` is called with. */
export interface ConfigContext {
  /** The environment of the command. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Cores that the cgroup allows this process, at least 1. */
  readonly cpus: number;
  /** `start`, or `reload` when the file is read again. */
  readonly command: 'start' | 'reload';
}
