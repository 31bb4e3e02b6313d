import { defineConfig } from 'gunicorn-ts';

export default defineConfig({ app: 'app.ts', workers: 2, workerClass: 'event' });
