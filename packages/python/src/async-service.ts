export { asyncHandler } from './async-handler.ts';
export { AsyncLanes } from './async-lanes.ts';
export { LanePool } from './lane-pool.ts';
