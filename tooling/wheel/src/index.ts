export { buildWheel, type Wheel } from './build-wheel.ts';
export { platformHere } from './platform-here.ts';
export { PLATFORMS } from './platform.ts';
