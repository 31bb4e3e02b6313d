/**
 * The body of a request cannot be kept until the application reads it: the disk is full or broken, there are too many
 * open files, or the bodies that wait take all of `limitSpooledBodies`. The request is answered 503, since another worker,
 * or the same one a little later, may have room; 507 says the same of the resource, and few clients know it.
 */
export class BodyStoreError extends Error {
  readonly code = 'ERR_BODY_STORE';
  readonly status = 503;

  constructor(reason: string, cause?: unknown) {
    super(`A request body cannot be stored: ${reason}`, cause === undefined ? undefined : { cause });
    this.name = 'BodyStoreError';
  }
}
