/** What happens to the copy, in the order in which it is shown. The last ones end it, or an arbiter of it. */
export const EVENT_NAMES = [
  'reload',
  'broken-reload',
  'scale',
  'recycle',
  'reopen-logs',
  'drain',
  'kill-worker',
  'hang',
  'max-requests',
  'memory-limit',
  'kill-arbiter',
  'upgrade',
  'stop',
] as const;

/** One of {@link EVENT_NAMES}. */
export type EventName = (typeof EVENT_NAMES)[number];
