/**
 * Sends batches several at a time and settles each in the order they came, so that what is settled is always a beginning of
 * the file without holes. The first failure ends everything.
 */
export async function sendInOrder<Batch, Reply>(
  batches: AsyncIterable<Batch>,
  atOnce: number,
  send: (batch: Batch) => Promise<Reply>,
  settle: (batch: Batch, reply: Reply) => Promise<void>,
): Promise<void> {
  const underWay: { readonly batch: Batch; readonly reply: Promise<Reply> }[] = [];
  const settleFirst = async (): Promise<void> => {
    const first = underWay.shift();
    if (first !== undefined) await settle(first.batch, await first.reply);
  };
  for await (const batch of batches) {
    const reply = send(batch);
    // Until its turn to be settled comes, a failure must not count as one that nobody handles.
    reply.catch(() => undefined);
    underWay.push({ batch, reply });
    if (underWay.length >= atOnce) await settleFirst();
  }
  while (underWay.length > 0) await settleFirst();
}
