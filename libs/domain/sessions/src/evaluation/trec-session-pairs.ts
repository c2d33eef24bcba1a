import { normaliseText } from '@heed/kernel';
import type { LabelledPair } from './labelled-pair.ts';

interface Query {
  readonly session: string;
  readonly topic: string;
  readonly text: string;
}

/**
 * Pairs of the TREC Session Track, from the text of a `sessions_*.tsv` file (with a header line).
 *
 * - Positive: two neighbouring queries of one session. The searcher works on one given task all along, so most of these say
 *   the same need again, but some turn to another side of it and share no word: recall cannot reach 1 on words.
 * - Negative: the first query of a positive pair, and the second of the positive pair that stands half the file further on
 *   (from its beginning again after the last), unless the topic is the same: nearly as many as positives. Half a file away
 *   because neighbouring topics share their subject. Easy pairs: other words for another subject.
 *
 * Neighbours that are equal when normalised are left out. Throws RangeError when a column is missing.
 */
export function trecSessionPairs(tsv: string): readonly LabelledPair[] {
  const positives = neighbours(readQueries(tsv));
  const halfWay = Math.floor(positives.length / 2);
  return positives.flatMap(({ earlier, later }, i) => {
    const group = earlier.topic;
    const pair = { group, earlier: earlier.text, later: later.text, reformulation: true };
    const stranger = positives[(i + halfWay) % positives.length]?.later;
    if (stranger === undefined || stranger.topic === group) return [pair];
    return [pair, { group, earlier: earlier.text, later: stranger.text, reformulation: false }];
  });
}

function readQueries(tsv: string): readonly Query[] {
  const [header = '', ...lines] = tsv.split(/\r?\n/).filter((line) => line !== '');
  const names = header.split('\t');
  const column = (name: string): number => {
    const index = names.indexOf(name);
    if (index < 0)
      throw new RangeError(
        `the TREC session file has no column "${name}"; its first line must name the columns`,
      );
    return index;
  };
  const [session, topic, query] = [column('session'), column('topic'), column('query')];
  return lines.map((line) => {
    const cells = line.split('\t');
    return {
      session: cells[session] ?? '',
      topic: cells[topic] ?? '',
      text: unescapeXml(cells[query] ?? ''),
    };
  });
}

function neighbours(
  queries: readonly Query[],
): readonly { readonly earlier: Query; readonly later: Query }[] {
  return queries.slice(1).flatMap((later, i) => {
    const earlier = queries[i];
    if (earlier?.session !== later.session) return [];
    return normaliseText(earlier.text) === normaliseText(later.text) ? [] : [{ earlier, later }];
  });
}

/** The tsv was cut from XML and kept its entities. */
function unescapeXml(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');
}
