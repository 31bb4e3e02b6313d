import { type Channel, channel } from 'node:diagnostics_channel';

/** The channels of Node's own server, on which tools that watch applications hang. */
export const requestStart: Channel = channel('http.server.request.start');
export const responseFinish: Channel = channel('http.server.response.finish');
