// Application: Fastify.
import { type Instance, makeFastify } from './fastify.ts';

const application: Instance = makeFastify();

export default application;
