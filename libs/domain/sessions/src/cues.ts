/**
 * What a request says about the answer before it, by phrases that users say. English only: in another language no cue
 * fires, and the models fall back on what does not depend on language. The phrases were written by hand and tried on the
 * dialogues of USS SGD and CQR. Each is matched against the normalised request, of which CUE_CHARACTERS are read; none can
 * backtrack more than linearly in them.
 */
const CUE_CHARACTERS = 160;

export interface Cues {
  /** "no, I meant ...", "I said ...", "not ... but ..." */
  readonly corrects: boolean;
  /** "that's wrong", "this is useless" */
  readonly complains: boolean;
  readonly thanks: boolean;
  /** "bye", "that's all" */
  readonly closes: boolean;
  /** "what do you mean", "why?" */
  readonly clarifies: boolean;
  /** "and ...", "what about ...", "tell me more" */
  readonly elaborates: boolean;
  /** Words that lean on what was said before: "it", "that", "there". */
  readonly leansBack: boolean;
  /** Nothing but thanks and goodbye: the turn asks for nothing. */
  readonly asksNothing: boolean;
  /** Nothing but "yes", "no please", "ok great": it answers a question, and saying it again repeats nothing. */
  readonly bareAnswer: boolean;
}

const CORRECTS =
  /^(?:no|nope|wrong|sorry)\b.*\b(?:said|meant?|want(?:ed)?|need(?:ed)?|asked|instead|rather|not)\b|^no,? (?:it['’]?s|the|my|play|make|set|for|in|at|on|to) |\bi (?:said|meant)\b|\bi did(?:n['’]?t| not) (?:say|ask|mean|want)\b|\bthat(?:['’]?s| is) not what\b|^not .+ but\b|\bnot the one\b|^(?:actually|correction|i repeat)\b/;
const COMPLAINS =
  /\b(?:that|this|it|you|answer)(?:['’]?s| is| are|['’]re)? (?:wrong|incorrect|useless|unhelpful|not (?:right|correct|helpful|true|working))\b|^(?:wrong|incorrect|useless|terrible|awful|nonsense)\b|\bwrong answer\b|\b(?:does|did|do)(?:n['’]?t| not) (?:work|help|answer|make (?:any )?sense|listen|understand me)\b|\bmakes no sense\b|\bnot what i (?:asked|wanted|meant|said|need)\b|\byou (?:already (?:said|asked)|keep (?:saying|asking))\b|\b(?:stupid|dumb) (?:bot|thing|machine|answer)\b|^(?:wtf|what the (?:hell|fuck))\b/;
const THANKS =
  /\b(?:thanks|thank (?:you|u)|thx|cheers|(?:much|really) appreciated?|appreciate (?:it|your|that|the))\b/;
const CLOSES =
  /^(?:(?:ok|okay|no|nope|great|alright|yes|thanks|thank you)[,.! ]+)*(?:good ?bye|bye|see (?:you|ya)|good night|that(?:['’]?s| is|['’]?ll be| will be) (?:all|it|everything)|nothing else|no,? thank(?:s| you)|i['’]?m (?:done|good)|(?:quit|exit|stop)$)/;
const CLARIFIES =
  /^(?:what do you mean|what does (?:that|this|it) mean|can you (?:explain|clarify)|could you (?:explain|clarify)|explain\b|i do(?:n['’]?t| not) (?:understand|get)|how (?:so|come)|why\b(?: is that| not)?$|sorry$|pardon|huh$|what$|which (?:one|of)|are you sure|is that)/;
const ELABORATES =
  /^(?:and|also|plus|but|what about|how about|tell me more|more\b|anything else|what else|any other|another)\b/;
const LEANS_BACK =
  /\b(?:it|its|that|this|there|them|they|those|these|he|she|him|her|his|one|ones|same|yes|yeah|yep|sure|ok|okay|no|nope)\b/;
/** A "no" that refuses an offer rather than the answer. */
const DECLINES =
  /^(?:no|nope)[,.]? (?:thank|not (?:now|yet|right now|at the moment|really)|need\b|i do(?:n['’]?t| not) (?:need|want)\b|that(?:['’]?s| is))/;
const BARE_ANSWER =
  /^(?:(?:yes|yeah|yep|yup|no|nope|ok|okay|sure|please|great|good|perfect|fine|cool|alright|correct|exactly|right|now|not|(?:that|it|this)(?:['’]?s| is| will be| would be| sounds?| works?| suits)|sounds|works|very|really|just|for me|do (?:that|it)|go ahead)(?:[ ,.!]+|$))+$/;

/** An answer that owns to having failed. In USS SGD 15 of 34 users who thanked for one were dissatisfied, of the others 1 in 8. */
const FAILED =
  /\b(?:unable to|(?:not|n['’]?t) able to|did(?:n['’]?t| not) (?:quite |really )?(?:get|catch|hear|understand|find)|(?:could|can)(?:n['’]?t|not| not) (?:quite |really )?(?:get|catch|hear|understand|find|follow|do|help|complete|answer)|i (?:don['’]?t|do not) (?:understand|know)|went wrong|no results?)\b/i;

const EXPLICIT = [CORRECTS, COMPLAINS, THANKS, CLOSES, CLARIFIES, ELABORATES];
const ANY_EXPLICIT = new RegExp(EXPLICIT.map(({ source }) => source).join('|'));

const NO_CUES: Cues = {
  corrects: false,
  complains: false,
  thanks: false,
  closes: false,
  clarifies: false,
  elaborates: false,
  leansBack: false,
  asksNothing: false,
  bareAnswer: false,
};
const ONLY_LEANS_BACK: Cues = { ...NO_CUES, leansBack: true };
const ONLY_ANSWERS: Cues = { ...ONLY_LEANS_BACK, bareAnswer: true };

/** Reads the cues of a normalised request. Most requests have none and cost three scans. */
export function readCues(normalised: string): Cues {
  const text = normalised.length > CUE_CHARACTERS ? normalised.slice(0, CUE_CHARACTERS) : normalised;
  const leansBack = LEANS_BACK.test(text);
  if (BARE_ANSWER.test(text)) return ONLY_ANSWERS;
  if (!ANY_EXPLICIT.test(text)) return leansBack ? ONLY_LEANS_BACK : NO_CUES;
  const thanks = THANKS.test(text);
  const closes = CLOSES.test(text);
  return {
    corrects: CORRECTS.test(text) && !DECLINES.test(text),
    complains: COMPLAINS.test(text),
    thanks,
    closes,
    clarifies: CLARIFIES.test(text),
    elaborates: ELABORATES.test(text),
    leansBack,
    asksNothing: (thanks || closes) && onlyPolite(text),
    bareAnswer: false,
  };
}

/** Whether an answer says at its beginning that it did not do what was asked. */
export function saysItFailed(answer: string): boolean {
  return FAILED.test(answer.slice(0, CUE_CHARACTERS));
}

function onlyPolite(text: string): boolean {
  return text.split(/[\s,.!?;]+/).every((word) => word === '' || POLITE_WORDS.has(word));
}

const POLITE_WORDS: ReadonlySet<string> = new Set(
  (
    'a all alright and appreciate appreciated awesome be bye car cheers cool day do done else everything excellent exit for good goodbye ' +
    "great have help helpful i i'm i’m im info information is it lot me much nice night no nope nothing now ok okay one perfect quit really see so " +
    "stop thank thanks that that'll that's that’s thats the then thx time today u very wonderful will ya yeah yes you your"
  ).split(' '),
);
