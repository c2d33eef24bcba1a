import type pg from 'pg';

/** Runs the work in one transaction: committed and on the disk when it resolves, rolled back when the work throws. */
export async function inTransaction<T>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  let broken = false;
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (cause) {
    // A connection that cannot even roll back is lost, and with it its transaction.
    await client.query('ROLLBACK').catch(() => (broken = true));
    throw cause;
  } finally {
    client.release(broken);
  }
}
