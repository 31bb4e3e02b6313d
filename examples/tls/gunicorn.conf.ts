import { defineConfig } from 'gunicorn-ts';

export default defineConfig({
  app: 'app.ts',
  bind: '127.0.0.1:8443',
  keyfile: 'localhost.key',
  certfile: 'localhost.crt',
});
