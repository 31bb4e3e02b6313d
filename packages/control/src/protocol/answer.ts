/** An answer, as Gunicorn's client reads it. Of a stream there are several with one id; the last has `end`. */
export type Answer =
  | {
      readonly id: number | string;
      readonly status: 'ok';
      readonly data: unknown;
      readonly stream?: true;
      readonly end?: true;
    }
  | {
      readonly id: number | string;
      readonly status: 'error';
      readonly error: string;
      readonly stream?: true;
      readonly end?: true;
    };

export function okay(id: number | string, data: unknown): Answer {
  return { id, status: 'ok', data };
}

export function failed(id: number | string, error: string): Answer {
  return { id, status: 'error', error };
}
