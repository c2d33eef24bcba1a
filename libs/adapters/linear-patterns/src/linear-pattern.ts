import { err, ok } from '@heed/kernel';
import type { CompilePattern, Span } from '@heed/redaction';
import { RE2JS, RE2JSException } from 're2js';

/**
 * RE2's regular expressions: one look through a text takes time in proportion to its length, whatever the pattern. What cannot be
 * had at that price (references back, looking ahead) is refused.
 *
 * @example linearPattern('TCK-[0-9]+', { ignoreCase: true })
 */
export const linearPattern: CompilePattern = (pattern, { ignoreCase }) => {
  try {
    const compiled = RE2JS.compile(pattern, ignoreCase ? RE2JS.CASE_INSENSITIVE : 0);
    return ok({
      looks: 'each',
      test: (text) => compiled.test(text),
      spans: (text) => spansOf(compiled, text),
    });
  } catch (problem) {
    if (problem instanceof RE2JSException) return err(problem.message);
    throw problem;
  }
};

function* spansOf(compiled: RE2JS, text: string): Generator<Span> {
  const matcher = compiled.matcher(text);
  while (matcher.find()) {
    const [start, end] = [matcher.start(), matcher.end()];
    if (end > start) yield { start, end };
  }
}
