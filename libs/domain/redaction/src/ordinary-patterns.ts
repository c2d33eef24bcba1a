import type { Pattern, Span } from './pattern.ts';

// Expressions of JavaScript's own engine, which may go back. These take linear time because every repetition is bounded by a small
// number or can begin at one place of a run only (the look behind), and no two ways through one match the same text.

/** A regular expression that is known to take linear time, with the flag `g`, as a pattern. `confirms` has the last word on a match. */
function boundedPattern(
  expression: RegExp,
  {
    needs,
    confirms = () => true,
  }: { readonly needs: RegExp; readonly confirms?: (match: string) => boolean },
): Pattern {
  return {
    looks: 'one',
    test: (text) => needs.test(text),
    *spans(text): Generator<Span> {
      for (const { index, 0: match } of text.matchAll(expression)) {
        if (confirms(match)) yield { start: index, end: index + match.length };
      }
    },
  };
}

/** `name@host.tld`, in any script. Of a name longer than 64 characters, which no address has, the last 64. */
export const emails = boundedPattern(
  /[\p{L}\p{M}\p{N}.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[\p{L}\p{M}\p{N}-]{1,63}\.){1,8}[\p{L}\p{M}\p{N}-]{2,63}/gu,
  { needs: /@/ },
);

/** International (`+` or `00`), national with a leading 0 and a gap, and North American with gaps. Seven to fifteen digits. */
export const phones = boundedPattern(
  /(?:(?<!\w)\+|(?<![\w.+-])00)[1-9](?:[ ./()-]{0,2}\d){6,13}(?!\w)|(?<![\w.-])\(?0[1-9]\d{0,4}\)?[ /-]{1,2}\d(?:[ -]?\d){4,9}(?![\w-])|(?<![\w.-])(?:1[ .-])?\(?[2-9]\d{2}\)?[ .-]{1,2}\d{3}[ .-]\d{4}(?![\w-])/g,
  { needs: /\d/, confirms: (match) => within(match.replace(/\D/g, '').length, 7, 17) },
);

const OCTET = String.raw`(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)`;
const IP4 = String.raw`(?<![\w.])${OCTET}(?:\.${OCTET}){3}(?![\w]|\.\d)`;
const IP6 = String.raw`(?<![\w:.])(?:[0-9a-f]{0,4}:){2,7}(?:${OCTET}(?:\.${OCTET}){3}|[0-9a-f]{0,4})(?![\w:])`;

/** IPv4 in four numbers, IPv6 with or without `::`. */
export const ipAddresses = boundedPattern(new RegExp(`${IP4}|${IP6}`, 'gi'), {
  needs: /[.:]/,
  confirms: (match) => !match.includes(':') || isIp6(match),
});

/** What services hand out under prefixes of their own, JSON Web Tokens, and private keys in PEM. */
export const apiKeys = boundedPattern(
  /(?<![\w-])(?:(?:sk|pk|rk)[-_][\w-]{16,}|gh[pousr]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|xox[abeoprs]-[\w-]{10,}|(?:AKIA|ASIA)[0-9A-Z]{16}(?!\w)|AIza[\w-]{30,}|ya29\.[\w-]{20,}|hf_\w{20,}|npm_\w{20,}|heed_[\w-]{20,}|eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,})|-----BEGIN [A-Z ]{0,32}PRIVATE KEY-----[^-]{0,8192}(?:-----END [A-Z ]{0,32}PRIVATE KEY-----)?/g,
  { needs: /[-_.]|AKIA|ASIA|AIza/ },
);

function isIp6(text: string): boolean {
  const [head = '', tail, ...others] = text.split('::');
  if (others.length > 0) return false;
  const groups = [head, tail ?? ''].flatMap((half) => (half === '' ? [] : half.split(':')));
  if (groups.includes('')) return false;
  const count = groups.reduce((sum, group) => sum + (group.includes('.') ? 2 : 1), 0);
  return tail === undefined ? count === 8 : within(count, 1, 7);
}

function within(value: number, from: number, to: number): boolean {
  return from <= value && value <= to;
}
