export { canBeMapped, nameByIpv4 } from './mapped-peer.ts';
export { peerAddress } from './peer-address.ts';
export { ProxiedClients, type ProxiedClientsOptions } from './proxied-clients.ts';
export { countSent, sentBody } from './sent-bytes.ts';
export { tlsAgreement } from './tls-agreement.ts';
export { createTlsServer, plainSocketOf } from './tls-server.ts';
