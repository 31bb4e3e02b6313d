import { MESSAGE_VERSION, type WorkerMessage } from '@gunicorn-ts/interface';

type WithoutVersion<T> = T extends unknown ? Omit<T, 'version'> : never;

/** A message as the worker writes it; the channel adds the version. */
export type OutgoingMessage = WithoutVersion<WorkerMessage>;

/** The worker's end of the IPC channel to the arbiter. */
export class Channel {
  /**
   * Resolves when the message was handed to the kernel, to `false` when the arbiter is gone. Never
   * rejects: what follows from a dead arbiter is decided elsewhere.
   */
  send(message: OutgoingMessage): Promise<boolean> {
    return new Promise((resolve) => {
      if (process.send === undefined || !process.connected) {
        resolve(false);
        return;
      }
      process.send({ ...message, version: MESSAGE_VERSION }, undefined, undefined, (error) =>
        resolve(error === null),
      );
    });
  }
}
