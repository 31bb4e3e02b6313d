import { commandScript } from '@gunicorn-ts/conformance';

/** The built command of this repository. */
export const COMMAND: string = commandScript();
