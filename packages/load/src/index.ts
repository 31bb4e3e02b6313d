export { startLoad, type Failure, type Load, type LoadOptions, type LoadReport } from './load.ts';
export { WORKER_HEADER, type LoadClient } from './client.ts';
export { RequestFailure, type FailureKind } from './failure.ts';
export { RawConnection, type Answer, type ExchangeOptions, type Upload } from './raw-connection.ts';
export { openSocket } from './open-socket.ts';
export { Http2Connection, type Http2Answer } from './http2-connection.ts';
export type { ClientIdentity, Site } from './site.ts';
export { ResponseReader, type ResponseHead } from './response-reader.ts';
export { seeded } from './seeded.ts';
