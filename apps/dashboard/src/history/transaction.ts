import type { DatabaseSync } from 'node:sqlite';

/** Runs `work` in one transaction: all of it happens, or nothing. */
export function inTransaction<Value>(database: DatabaseSync, work: () => Value): Value {
  database.exec('BEGIN IMMEDIATE');
  try {
    const value = work();
    database.exec('COMMIT');
    return value;
  } catch (error) {
    // SQLite has rolled back by itself already when the disk is full.
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}
