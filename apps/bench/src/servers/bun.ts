// Program for Bun: serves the fetch application on port argv[2].
import application from '../applications/hello-fetch.ts';

declare const Bun: {
  serve(options: { port: number; hostname: string; fetch: (request: Request) => Response }): {
    stop(force: boolean): Promise<void>;
  };
};

function answer(request: Request): Response {
  const response = application.fetch(request);
  // Bun closes when it is asked to, but does not say so, and wrk takes the close for a failure.
  if (request.headers.get('connection') === 'close') response.headers.set('Connection', 'close');
  return response;
}

const server = Bun.serve({ port: Number(process.argv[2]), hostname: '127.0.0.1', fetch: answer });
process.once('SIGTERM', () => void server.stop(true).then(() => process.exit(0)));
