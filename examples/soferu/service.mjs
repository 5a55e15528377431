// Plays Customer Alliance for a trial: prints what it is sent, and accepts it. PORT: 8081.
import { createServer } from 'node:http';

createServer(async (request, response) => {
  let body = '';
  for await (const chunk of request) body += chunk;
  console.log(request.headers['x-ca-auth'] ? 'with a key:' : 'without a key:', body);
  response.writeHead(200, { 'content-type': 'application/json' }).end('{"accepted":1}');
}).listen(process.env.PORT ?? 8081, '127.0.0.1', function () {
  console.log(`http://127.0.0.1:${this.address().port}/guests`);
});
