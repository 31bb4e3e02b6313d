import { fileURLToPath } from 'node:url';
import { packagesAt } from '../applications/packages.ts';
import { hello } from '../applications.ts';
import { npmFolder, npmVersion } from '../installation.ts';
import type { Peer } from '../peer.ts';
import type { Maker } from '../servers/create-server.ts';
import { gunicornTs } from './gunicorn-ts.ts';

/** A framework as its guide has it run, and unchanged on ours: the same application, in four places. */
export interface Framework {
  readonly title: string;
  /** In one process that listens by itself, on node:http. */
  readonly onNode: Peer;
  /** The same program with our `createServer`. */
  readonly onEngine: Peer;
  readonly event: Peer;
  readonly sync: Peer;
}

interface Variant {
  readonly name: string;
  readonly title: string;
  readonly packages: readonly string[];
  readonly application: string;
  /** Program, and what stands between the maker and the port on its command line. */
  readonly program: string;
  readonly values?: readonly string[];
}

function framework({ name, title, packages, application, program, values = [] }: Variant): Framework {
  const file = fileURLToPath(new URL(`../servers/${program}`, import.meta.url));
  let folder = '';
  const install = async (): Promise<string> => {
    folder = await npmFolder(packages);
    return packages
      .map((one) => `${one.slice(0, one.lastIndexOf('@'))} ${installedVersion(folder, one)}`)
      .join(', ');
  };
  const alone = (maker: Maker): Pick<Peer, 'prepare' | 'launch'> => ({
    prepare: async () => `${await install()} on Node.js ${process.version}`,
    launch: ({ port }) => ({
      command: [process.execPath, file, maker, ...values, String(port)],
      environment: packagesAt(folder),
    }),
  });
  const inServer = (workerClass: string): Peer =>
    gunicornTs({
      name: `${name}-${workerClass}`,
      title: `gunicorn-ts ${workerClass}, ${title}`,
      workerClass,
      application,
      packages,
    });
  return {
    title,
    onNode: { name, title, ...alone('node') },
    onEngine: { name: `${name}-engine`, title: `gunicorn-ts createServer, ${title}`, ...alone('engine') },
    event: inServer('event'),
    sync: inServer('sync'),
  };
}

function installedVersion(folder: string, specifier: string): string {
  return npmVersion(folder, specifier.slice(0, specifier.lastIndexOf('@')));
}

export const express: Framework = framework({
  name: 'express',
  title: 'Express',
  packages: ['express@5.3.0'],
  application: hello.express,
  program: 'plain.ts',
  values: [hello.express],
});

export const fastify: Framework = framework({
  name: 'fastify',
  title: 'Fastify',
  packages: ['fastify@5.12.8'],
  application: hello.fastify,
  program: 'fastify.ts',
});

export const koa: Framework = framework({
  name: 'koa',
  title: 'Koa',
  packages: ['koa@3.3.0'],
  application: hello.koa,
  program: 'plain.ts',
  values: [hello.koa],
});

/** By itself with its own adapter; in the server as an application of kind `fetch`, without one. */
export const hono: Framework = framework({
  name: 'hono',
  title: 'Hono',
  packages: ['hono@4.13.19', '@hono/node-server@2.1.8'],
  application: hello.hono,
  program: 'hono.ts',
});

export const FRAMEWORKS: readonly Framework[] = [express, fastify, koa, hono];

export const FRAMEWORK_PEERS: readonly Peer[] = FRAMEWORKS.flatMap(({ onNode, onEngine, event, sync }) => [
  onNode,
  onEngine,
  event,
  sync,
]);
