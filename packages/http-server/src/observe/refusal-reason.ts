import type { RefusalReason } from '@gunicorn-ts/interface';

const REASONS: Readonly<Record<number, RefusalReason>> = {
  400: 'bad_request',
  403: 'proxy',
  408: 'timeout',
  413: 'too_large',
  414: 'uri',
  431: 'headers',
};

/** What a refusal counts as, by the status that says it. */
export function reasonOf(status: number): RefusalReason {
  return REASONS[status] ?? 'other';
}
