import type { JudgedAnswer } from './judged-answer.ts';

/** Places of answers: a model learns on `fit`, lets `tune` choose, and is judged on `test`, which it never saw. A reference learns on both of the first. */
export interface Round {
  readonly fit: readonly number[];
  readonly tune: readonly number[];
  readonly test: readonly number[];
}

type Grouped = Pick<JudgedAnswer, 'group'>;

const FOLDS = 5;

/** Each group once in a test: five rounds. Within a round every fifth of the groups left chooses. */
export function foldsByGroup(answers: readonly Grouped[]): readonly Round[] {
  const groups = groupsOf(answers);
  return Array.from({ length: FOLDS }, (_, fold) => {
    const test = groups.filter((_group, n) => n % FOLDS === fold).flat();
    return { ...everyFifthTunes(groups.filter((_group, n) => n % FOLDS !== fold)), test };
  });
}

/** Answers in time order: the last three tenths judge, the fifth before them chooses. */
export function laterPart(answers: readonly JudgedAnswer[]): readonly Round[] {
  const groups = groupsOf(answers);
  const upTo = (share: number): number => {
    let seen = 0;
    return groups.findIndex((group) => (seen += group.length) > share * answers.length);
  };
  const [tune, test] = [upTo(0.5), upTo(0.7)];
  return [
    {
      fit: groups.slice(0, tune).flat(),
      tune: groups.slice(tune, test).flat(),
      test: groups.slice(test).flat(),
    },
  ];
}

/** Learns on the answers up to a place, is judged on the others; or the other way round. */
export function across(
  answers: readonly JudgedAnswer[],
  place: number,
  learnsOn: 'first' | 'second',
): readonly Round[] {
  const places = [...answers.keys()];
  const first = groupsOf(answers).filter((group) => (group[0] ?? 0) < place === (learnsOn === 'first'));
  return [
    {
      ...everyFifthTunes(first),
      test: learnsOn === 'first' ? places.slice(place) : places.slice(0, place),
    },
  ];
}

/** Of each answer the number of its group, in the order in which groups come first. */
export function groupNumbers(answers: readonly Grouped[]): Uint32Array {
  const numbers = new Uint32Array(answers.length);
  for (const [number, places] of groupsOf(answers).entries())
    for (const place of places) numbers[place] = number;
  return numbers;
}

function everyFifthTunes(groups: readonly (readonly number[])[]): Pick<Round, 'fit' | 'tune'> {
  return {
    fit: groups.filter((_, n) => n % FOLDS !== 0).flat(),
    tune: groups.filter((_, n) => n % FOLDS === 0).flat(),
  };
}

/** Places by group, in the order in which groups come first. */
function groupsOf(answers: readonly Grouped[]): readonly (readonly number[])[] {
  const places = new Map<string, number[]>();
  answers.forEach(({ group }, place) => {
    const own = places.get(group);
    if (own === undefined) places.set(group, [place]);
    else own.push(place);
  });
  return [...places.values()];
}
