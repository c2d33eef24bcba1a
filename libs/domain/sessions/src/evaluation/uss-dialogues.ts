/** A turn whose user was asked afterwards how it went. */
export interface RatedTurn {
  readonly request: string;
  readonly response?: string;
  /** Mean of the raters' satisfaction with the answer, 1..5; absent after the last turn. */
  readonly satisfaction?: number;
}

/**
 * Dialogues of USS (Sun et al. 2021) from the text of one of its files: lines `role TAB text TAB action TAB ratings`, a blank
 * line between dialogues. Raters judged at each user line how content the user is by then, so that a line's ratings belong to
 * the answer before it. Several answers in a row are joined by a space; the line `OVERALL` rates the dialogue and is left out.
 */
export function ussDialogues(text: string): readonly (readonly RatedTurn[])[] {
  return text
    .split(/\r?\n\s*\r?\n/)
    .map(readDialogue)
    .filter((turns) => turns.length > 0);
}

function readDialogue(block: string): readonly RatedTurn[] {
  const turns: RatedTurn[] = [];
  for (const line of block.split(/\r?\n/)) {
    const [role, text = '', , ratings = ''] = line.split('\t');
    const last = turns.at(-1);
    if (role === 'USER' && text !== 'OVERALL') {
      const satisfaction = mean(ratings);
      if (last !== undefined && satisfaction !== undefined)
        turns[turns.length - 1] = { ...last, satisfaction };
      turns.push({ request: text });
    } else if (role === 'SYSTEM' && last !== undefined) {
      turns[turns.length - 1] = {
        ...last,
        response: last.response === undefined ? text : `${last.response} ${text}`,
      };
    }
  }
  return turns;
}

function mean(ratings: string): number | undefined {
  const values = ratings
    .split(',')
    .map(Number)
    .filter((value) => value > 0);
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;
}
