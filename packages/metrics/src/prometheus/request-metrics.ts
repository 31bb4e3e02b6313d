import { REFUSAL_REASONS, WAIT_SOURCES } from '@gunicorn-ts/interface';
import { DURATION_BOUNDS, readRowKey } from '../layout.ts';
import type { Metric, Sample } from './metric.ts';

/** What workers count of requests and connections. The first two have the names of OpenTelemetry's HTTP conventions. */
export const REQUEST_METRICS: readonly Metric[] = [
  {
    name: 'http_server_request_duration_seconds',
    type: 'histogram',
    unit: 'seconds',
    help: 'From the complete head of a request to the last byte of its response handed to the kernel.',
    labels: ['http_request_method', 'http_response_status_code', 'url_scheme'],
    ofFigures: ({ rows }, { scheme }) =>
      [...rows].map(([key, times]): Sample => {
        const { method, status, isShared } = readRowKey(key) ?? {
          method: '_OTHER',
          status: 500,
          isShared: true,
        };
        return {
          labels: {
            http_request_method: method,
            http_response_status_code: isShared ? `${Math.floor(status / 100)}xx` : String(status),
            url_scheme: scheme,
          },
          bounds: DURATION_BOUNDS,
          ...times,
        };
      }),
  },
  {
    name: 'http_server_active_requests',
    type: 'gauge',
    unit: '',
    help: 'Requests whose head is complete and whose response is not.',
    labels: [],
    ofFigures: ({ counters }) => [{ value: Math.max(0, counters.requestsArrived - counters.requestsEnded) }],
  },
  {
    name: 'gunicorn_queue_seconds',
    type: 'histogram',
    unit: 'seconds',
    help: 'How long requests had waited when a worker took them: by the kernel for one in 16 TCP connections (tcp), or by X-Request-Start of a trusted proxy (header).',
    labels: ['source'],
    ofFigures: ({ waits }) =>
      WAIT_SOURCES.map((source) => ({ labels: { source }, bounds: DURATION_BOUNDS, ...waits[source] })),
  },
  {
    name: 'gunicorn_requests_refused_total',
    type: 'counter',
    unit: '',
    help: 'Requests that no application has seen: what arrived is none, or breaks a limit.',
    labels: ['reason'],
    ofFigures: ({ refusals }) =>
      REFUSAL_REASONS.map((reason) => ({ labels: { reason }, value: refusals[reason] })),
  },
  {
    name: 'gunicorn_connections',
    type: 'gauge',
    unit: '',
    help: 'Connections that are open.',
    labels: [],
    ofFigures: ({ counters }) => [
      { value: Math.max(0, counters.connectionsOpened - counters.connectionsClosed) },
    ],
  },
  {
    name: 'gunicorn_connections_accepted_total',
    type: 'counter',
    unit: '',
    help: 'Connections that workers have taken.',
    labels: [],
    ofFigures: ({ counters }) => [{ value: counters.connectionsOpened }],
  },
  {
    name: 'gunicorn_received_bytes_total',
    type: 'counter',
    unit: 'bytes',
    help: 'Bytes from clients, heads and framing included; without TLS, and without connections that have left HTTP.',
    labels: [],
    ofFigures: ({ counters }) => [{ value: counters.bytesReceived }],
  },
  {
    name: 'gunicorn_sent_bytes_total',
    type: 'counter',
    unit: 'bytes',
    help: 'Bytes to clients, counted likewise.',
    labels: [],
    ofFigures: ({ counters }) => [{ value: counters.bytesSent }],
  },
  {
    name: 'gunicorn_worker_busy_seconds_total',
    type: 'counter',
    unit: 'seconds',
    help: 'Time that workers were busy: with a request (one at a time), or with an event loop that did not wait (many at a time).',
    labels: [],
    ofFigures: ({ counters }) => [{ value: counters.busyMs / 1000 }],
  },
];
