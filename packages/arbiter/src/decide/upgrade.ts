import type { Turn } from './turn.ts';

/** USR2: a second arbiter is started on the same listeners; both serve until one of them is stopped. */
export function startUpgrade(turn: Turn): void {
  if (turn.state.upgradePid !== undefined) {
    turn.log('warning', 'USR2 signal ignored. Child exists.');
    return;
  }
  if (turn.state.parentPid !== undefined) {
    turn.log('warning', 'USR2 signal ignored. Parent exists.');
    return;
  }
  turn.set({ upgradePid: 0 });
  turn.do({ do: 'start-upgrade' });
}

export function onUpgradeStarted(turn: Turn, pid: number): void {
  turn.set({ upgradePid: pid });
  turn.do({ do: 'announce', moment: { moment: 'upgrading', pid } });
  turn.log('info', `Upgrade: second arbiter started (pid: ${pid})`);
}

/** The second arbiter ended before this one did: this one goes on alone. */
export function onUpgradeEnded(turn: Turn, reason: string): void {
  turn.set({ upgradePid: undefined });
  turn.do({ do: 'announce', moment: { moment: 'upgrade-failed', error: reason } });
  turn.log('error', `Upgrade failed, this arbiter goes on: ${reason}`);
}

/** This one was the second; it is now the only one. */
export function onParentGone(turn: Turn): void {
  if (turn.state.parentPid === undefined) return;
  turn.set({ parentPid: undefined });
  // Who waits for the line finds the names and files of the one that is left.
  turn.do({ do: 'promote' });
  turn.log('info', 'Master has been promoted.');
}
