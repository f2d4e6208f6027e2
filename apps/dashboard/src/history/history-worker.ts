import { parentPort, workerData } from 'node:worker_threads';
import { type HistoryBatch, HistoryError } from './history-store.ts';
import { openDatabase } from './open-database.ts';
import { SqliteAlerts } from './sqlite-alerts.ts';
import { SqliteReader } from './sqlite-reader.ts';
import { SqliteWriter } from './sqlite-writer.ts';

/** What the thread can be asked; `HistoryThread` does, one request after the other. */
export type HistoryTask =
  | { task: 'write'; batch: HistoryBatch }
  | { task: 'calls'; query: Parameters<SqliteReader['calls']>[0] }
  | { task: 'call'; recordId: string }
  | { task: 'points'; query: Parameters<SqliteReader['points']>[0] }
  | { task: 'report'; recordId: string }
  | { task: 'alerts'; query: Parameters<SqliteAlerts['alerts']>[0] }
  | { task: 'alert'; alertId: string }
  | { task: 'deliveries'; dead: boolean; limit: number }
  | { task: 'delivery'; deliveryId: string }
  | { task: 'recent-records'; activeSinceMs: number; endedSinceMs: number }
  | { task: 'recent-call'; recordId: string; pointsSinceMs: number }
  | { task: 'purge'; endedBeforeMs: number; maxPoints: number }
  | { task: 'size' }
  | { task: 'close' };

export interface HistoryRequest {
  id: number;
  task: HistoryTask;
}

/** The answer to a request. Request 0 is the opening of the file. */
export type HistoryAnswer =
  | { id: number; value: unknown }
  | { id: number; error: { code: HistoryError['code']; message: string } };

const port = parentPort!;
const answer = (message: HistoryAnswer): void => port.postMessage(message);

function serve(file: string): void {
  const database = openDatabase(file);
  const alerts = new SqliteAlerts(database);
  const writer = new SqliteWriter(database, alerts);
  const reader = new SqliteReader(database);
  const perform = (task: HistoryTask): unknown => {
    switch (task.task) {
      case 'write':
        return writer.write(task.batch);
      case 'calls':
        return reader.calls(task.query);
      case 'call':
        return reader.call(task.recordId);
      case 'points':
        return reader.points(task.query);
      case 'report':
        return reader.report(task.recordId);
      case 'alerts':
        return alerts.alerts(task.query);
      case 'alert':
        return alerts.alert(task.alertId);
      case 'deliveries':
        return alerts.deliveries(task.dead, task.limit);
      case 'delivery':
        return alerts.delivery(task.deliveryId);
      case 'recent-records':
        writer.endStaleCalls(task.activeSinceMs);
        return reader.recentRecords(task.endedSinceMs);
      case 'recent-call':
        return reader.recentCall(task.recordId, task.pointsSinceMs);
      case 'purge':
        return writer.purge(task.endedBeforeMs, task.maxPoints);
      case 'size':
        return reader.size();
      case 'close':
        return database.close();
    }
  };
  port.on('message', ({ id, task }: HistoryRequest) => {
    try {
      answer({ id, value: perform(task) });
    } catch (error) {
      answer({ id, error: failureOf(error) });
    }
  });
  answer({ id: 0, value: null });
}

function failureOf(error: unknown): { code: HistoryError['code']; message: string } {
  const message = error instanceof Error ? error.message : String(error);
  return { code: error instanceof HistoryError ? error.code : 'history-failed', message };
}

try {
  serve((workerData as { file: string }).file);
} catch (error) {
  answer({ id: 0, error: failureOf(error) });
  port.close();
}
