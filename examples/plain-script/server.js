import http from 'node:http';

// A script as it is started with `node server.js`. Gunicorn does not open port 3000: where it listens is its own setting.
const server = http.createServer((request, response) => {
  response.end(`You asked for ${request.url}\n`);
});

server.listen(3000, () => console.log('listening'));
