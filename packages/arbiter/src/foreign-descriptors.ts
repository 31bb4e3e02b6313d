import { parseBind } from '@gunicorn-ts/config';
import type { Settings } from '@gunicorn-ts/interface';
import { limitInheritance } from '@gunicorn-ts/posix';

/** Keeps what the shell or whoever started this process left open from all that it starts. */
export function withholdDescriptors(settings: Readonly<Settings>): void {
  limitInheritance(namedDescriptors(settings));
}

/** Those that the settings name: logs, which workers open by `/dev/fd/N`, and `fd://N`, which a daemon takes over. */
export function namedDescriptors({
  bind,
  errorlog,
  accesslog,
}: Pick<Settings, 'bind' | 'errorlog' | 'accesslog'>): ReadonlySet<number> {
  const logs = [errorlog, accesslog ?? '-'].map(
    (path) => /^\/(?:dev|proc\/self)\/fd\/(\d+)$/.exec(path)?.[1],
  );
  const binds = bind.map((text) => {
    const target = parseBind(text);
    return target.kind === 'fd' && 'fd' in target ? target.fd : undefined;
  });
  return new Set([...logs, ...binds].filter((fd) => fd !== undefined).map(Number));
}
