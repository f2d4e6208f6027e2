export { createLog } from './create-log.ts';
export { createWebApp } from './create-web-app.ts';
export { HEALTH, type Health, type HealthReport } from './health.ts';
export { Metrics } from './metrics.ts';
export { OperationsController } from './operations.controller.ts';
export { Problem } from './problem.ts';
export {
  type ConnectionRefusal,
  type IngestConnection,
  refuseUpgrade,
  SocketIngest,
  type SocketIngestLimits,
  type UpgradeRefusal,
} from './socket-ingest.ts';
