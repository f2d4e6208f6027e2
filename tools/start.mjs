// `npm start`: sets up on any Node from 20 on, then hands over to tools/start/main.ts on the pinned Node.
import { handOver } from './setup/hand-over.mjs';

await handOver({}, ['--conditions=source', 'tools/start/main.ts', ...process.argv.slice(2)]);
