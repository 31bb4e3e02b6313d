import { defineConfig } from 'gunicorn-ts';

export default defineConfig({
  app: 'app.ts',
  bind: '127.0.0.1:8000',
  workers: 2,
  keepalive: 5,
  maxRequests: 10_000,
  maxRequestsJitter: 500,
  maxWorkerMemory: '512mb',
  rawEnv: 'GREETING=Good morning',
  accesslog: '-',
  accessLogFormat: '%(h)s "%(r)s" %(s)s %(M)sms',

  // Hooks of the arbiter: it never touches a request.
  whenReady(server) {
    server.log.info(`Ready on ${server.listeners.map(({ url }) => url).join(', ')}`);
  },
  childExit(server, worker) {
    server.log.info(`Worker ${worker.age} is gone`);
  },

  // Hooks of a worker.
  postWorkerInit(worker) {
    worker.log.info(`Worker ${worker.age} has loaded the application`);
  },
  preRequest(worker, request) {
    worker.log.debug(`${request.method} ${request.target} from ${request.remoteAddress}`);
  },
});
