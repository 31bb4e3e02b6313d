/** Where the application lies in the image. */
export const WORKDIR = '/app';
/** Who the server runs as: nobody's number, in no image an account that owns anything. */
export const UID = 65532;

/** What an image starts: the server itself, without npm or a shell in front of it. */
export function entrypointOf(isPython: boolean): readonly string[] {
  return isPython ? [`${WORKDIR}/.venv/bin/gunicorn`] : ['node', 'node_modules/gunicorn-ts/bin/gunicorn.js'];
}
