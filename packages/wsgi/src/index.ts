export { EnvironMaker, type EnvironBase, type EnvironParts, type WsgiRequest } from './environ.ts';
export { type FileLike, FileWrapper, fileWrapper, type StreamLike } from './file-wrapper.ts';
export { headerKey } from './header-key.ts';
export { type ByteSource, WsgiInput } from './input.ts';
export { BodyCollector, EMPTY_BODY, type RequestBody } from './request-body.ts';
export { decodePath, splitTarget, type SplitTarget } from './request-path.ts';
export { checkedBody, closeBody } from './response-body.ts';
export { checkedChunk, ResponseStart, type StartedResponse, type WsgiHeaders } from './response-start.ts';
