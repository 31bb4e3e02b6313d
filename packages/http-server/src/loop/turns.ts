import { clock } from './clock.ts';
import { isolate } from './isolation.ts';
import { rethrowLater } from './rethrow-later.ts';

/** Somebody who has more to do, and lets the others have their turn first. */
export interface TurnTaker {
  onTurn(): void;
}

let waiting: TurnTaker[] = [];

/** Has somebody called in the next turn of the event loop, in a context that is nobody's. */
export function nextTurn(taker: TurnTaker): void {
  if (waiting.push(taker) === 1) isolate(schedule, undefined);
}

function schedule(): void {
  setImmediate(takeTurns);
}

function takeTurns(): void {
  const takers = waiting;
  waiting = [];
  clock.look();
  for (const taker of takers) {
    try {
      isolate(takeTurn, taker);
    } catch (error) {
      rethrowLater(error);
    }
  }
}

function takeTurn(taker: TurnTaker): void {
  taker.onTurn();
}
