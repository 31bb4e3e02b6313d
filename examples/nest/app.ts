import 'reflect-metadata';
import { Controller, Get, Module, Param } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';

class UsersController {
  find(id: string): { id: string } {
    return { id };
  }
}

// oxlint-disable-next-line typescript/no-extraneous-class -- a module of Nest is a class, and may be empty
class AppModule {}

// Node runs TypeScript by leaving the types out, which does not cover decorators: here they are applied
// as the functions that they are. A project that compiles its TypeScript writes them with an @.
const find = Object.getOwnPropertyDescriptor(UsersController.prototype, 'find')!;
Get('users/:id')(UsersController.prototype, 'find', find);
Param('id')(UsersController.prototype, 'find', 0);
Controller()(UsersController);
Module({ controllers: [UsersController] })(AppModule);

/** Gunicorn calls this once in each worker: `gunicorn "app.ts:createApp()"`. */
export async function createApp(): Promise<unknown> {
  const app = await NestFactory.create(AppModule, { logger: ['error', 'warn'] });
  await app.init();
  return app;
}
