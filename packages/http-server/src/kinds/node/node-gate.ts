import type { RequestHead } from '@gunicorn-ts/http';
import type { BodyStore } from '@gunicorn-ts/wsgi';
import type { Gate } from '../../application/gate.ts';

/** A gate in front of a `(req, res)` application. */
export interface NodeGate extends Gate {
  /** Where bodies are until then. */
  readonly bodies: BodyStore;
  /** Whether the application is called when the body has arrived, and not when the head has. */
  holds(head: RequestHead): boolean;
}
