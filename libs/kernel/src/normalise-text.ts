/**
 * The form in which two requests count as the same: Unicode NFKC, lower case, white space and control characters folded to
 * single spaces, sentence punctuation and closing braces at the end dropped. Normalising again changes nothing. This is the
 * chain's name for a request, and the key by which the runtime finds its rewrite, so learner and runtime must call this one function.
 *
 * Two promises keep a text from passing for another kind of state (see stateOf in the sessions library): no control
 * character is left, and what ends in `}` consists of nothing but what is dropped at the end, so it is never `intent{...}`.
 *
 * Lower-case ASCII without spare blanks, the usual case on a hot path, is returned as it came without an allocation.
 *
 * @example normaliseText('  Play  Maj and Dragons! ') // 'play maj and dragons'
 */
export function normaliseText(text: string): string {
  return isNormal(text) ? text : normalise(text);
}

function normalise(text: string): string {
  // Lower case can compose where upper case could not (J and caron), so NFKC has to come once more.
  const lower = text.normalize('NFKC').toLowerCase().normalize('NFKC');
  const folded = lower.replace(/[\s\p{Cc}]+/gu, ' ').trim();
  const bare = withoutEndPunctuation(folded);
  return bare === '' ? folded : bare;
}

const ENDING = ' .!?,;:…。！？}';

/** A loop, because a regular expression anchored at the end starts anew at every dot: quadratic on a long row of them. */
function withoutEndPunctuation(text: string): string {
  let end = text.length;
  while (end > 0 && ENDING.includes(text.charAt(end - 1))) end--;
  return text.slice(0, end);
}

function isNormal(text: string): boolean {
  let previous = 32;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 32 || code > 126) return false;
    if (code >= 65 && code <= 90) return false;
    if (code === 32 && previous === 32) return false;
    previous = code;
  }
  return !endsInPunctuationOrBlank(previous);
}

function endsInPunctuationOrBlank(code: number): boolean {
  return (
    code === 32 ||
    code === 33 ||
    code === 44 ||
    code === 46 ||
    code === 58 ||
    code === 59 ||
    code === 63 ||
    code === 125
  );
}
