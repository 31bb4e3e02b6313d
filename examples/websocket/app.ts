import http from 'node:http';
import { WebSocketServer } from 'ws';

const server = http.createServer((_request, response) => response.end('Speak WebSocket at /echo\n'));
const sockets = new WebSocketServer({ server, path: '/echo' });

sockets.on('connection', (socket) => {
  socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }));
});

export default server;
