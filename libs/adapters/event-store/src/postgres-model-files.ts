import type { Postgres } from '@heed/postgres';
import { cardIn, type ModelFiles } from '@heed/rewards';
import { z } from 'zod';

const cardRows = z.array(z.object({ card: z.string() }));
const fileRows = z.array(z.object({ content: z.instanceof(Uint8Array) }));

/** Trained models in the database, where every process that trains, scores or judges finds them. */
export function postgresModelFiles(postgres: Postgres): ModelFiles {
  const { dataSource } = postgres;
  const query = (sql: string, values: unknown[]): Promise<unknown> =>
    postgres.orFault(dataSource.query(sql, values));
  return {
    // The file first: a card that can be read has its file.
    async keep(tenant, { card, file }) {
      await query(
        'INSERT INTO reward_model_file (tenant, sha256, content) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING',
        [tenant, card.file.sha256, Buffer.from(file.buffer, file.byteOffset, file.length)],
      );
      await query(
        'INSERT INTO reward_model_card (tenant, model, card) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING',
        [tenant, card.model, JSON.stringify(card)],
      );
    },
    async card(tenant, model) {
      const rows = await query('SELECT card FROM reward_model_card WHERE tenant = $1 AND model = $2', [
        tenant,
        model,
      ]);
      const [row] = cardRows.parse(rows);
      return row === undefined ? null : cardIn(row.card, `The card of ${model}`);
    },
    async file(tenant, sha256) {
      const rows = await query('SELECT content FROM reward_model_file WHERE tenant = $1 AND sha256 = $2', [
        tenant,
        sha256,
      ]);
      const [row] = fileRows.parse(rows);
      return row === undefined ? null : Uint8Array.from(row.content);
    },
    async renew(tenant, card) {
      await query('UPDATE reward_model_card SET card = $3 WHERE tenant = $1 AND model = $2', [
        ...[tenant, card.model],
        JSON.stringify(card),
      ]);
    },
    async drop(tenant, { model, file: { sha256 } }) {
      await query('DELETE FROM reward_model_card WHERE tenant = $1 AND model = $2', [tenant, model]);
      await query(
        `DELETE FROM reward_model_file WHERE tenant = $1 AND sha256 = $2
           AND NOT EXISTS (SELECT FROM reward_model_card WHERE tenant = $1 AND card::jsonb #>> '{file,sha256}' = $2)`,
        [tenant, sha256],
      );
    },
    async remove(tenant) {
      await query('DELETE FROM reward_model_card WHERE tenant = $1', [tenant]);
      await query('DELETE FROM reward_model_file WHERE tenant = $1', [tenant]);
    },
  };
}
