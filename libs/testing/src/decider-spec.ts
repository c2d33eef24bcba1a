import type { Result } from '@heed/kernel';
import { expect } from 'vitest';

/** An aggregate as two pure functions and where it begins. */
export interface Decider<Command, Event, State, Refusal extends { readonly code: string }> {
  readonly decide: (command: Command, state: State) => Result<readonly Event[], Refusal>;
  readonly evolve: (state: State, event: Event) => State;
  readonly initialState: State;
}

export interface DeciderSpec<Command, Event, Refusal extends { readonly code: string }> {
  /** The history so far; events that any decision could have led to. */
  given(history: readonly Event[]): {
    when(command: Command): {
      /** Exactly these events follow, and the aggregate can take each of them in. */
      then(events: readonly Event[]): void;
      /** The command is refused with this code and a message that says something. */
      thenRefused(code: Refusal['code']): void;
    };
  };
}

/**
 * Given a history, when a command comes, then these events follow.
 *
 * @example spec.given([proposed]).when({ kind: 'block', ...by }).then([{ kind: 'fix-blocked', ...by }])
 */
export function deciderSpec<
  Command,
  Event,
  State,
  Refusal extends { readonly code: string; readonly message: string },
>(decider: Decider<Command, Event, State, Refusal>): DeciderSpec<Command, Event, Refusal> {
  const stateAfter = (history: readonly Event[], from = decider.initialState): State =>
    history.reduce(decider.evolve, from);
  return {
    given: (history) => ({
      when: (command) => {
        const state = stateAfter(history);
        const decided = decider.decide(command, state);
        return {
          then: (events) => {
            expect(decided).toEqual({ ok: true, value: events });
            stateAfter(events, state);
          },
          thenRefused: (code) => {
            expect(decided).toMatchObject({ ok: false, error: { code } });
            if (!decided.ok) expect(decided.error.message).not.toBe('');
          },
        };
      },
    }),
  };
}
