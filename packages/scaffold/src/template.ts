/** What a project's application is, as far as it decides how it is served. */
export interface Application {
  /** What `app` names: `./app.ts`, `mysite.wsgi:application`. */
  readonly target: string;
  readonly language: 'node' | 'python';
  /** ASGI, WebSockets, or many slow requests at a time; WSGI is served by threads. */
  readonly style: 'node' | 'wsgi' | 'asgi';
  /** What the project told another process manager before. */
  readonly carried?: readonly CarriedSetting[];
}

/** A setting that was said in another's words. */
export interface CarriedSetting {
  /** As `gunicorn.conf.ts` has it. */
  readonly name: string;
  /** As it is written there. */
  readonly value: string;
  /** What it was: `instances: 4`. */
  readonly from: string;
}

/** A kind of new project. */
export interface Template {
  /** What is typed: `express`. */
  readonly name: string;
  /** One line for who chooses. */
  readonly title: string;
  readonly application: Application;
  /** Texts of its own files, by path. */
  readonly files: Readonly<Record<string, string>>;
  /** Packages from npm, besides the server. */
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  /** Packages from PyPI, as lines of requirements.txt. */
  readonly requirements: readonly string[];
}
