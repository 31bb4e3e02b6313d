// node cat.ts FILE: copies a file to stdout until its end.
import { createReadStream } from 'node:fs';

createReadStream(process.argv[2]!).pipe(process.stdout);
