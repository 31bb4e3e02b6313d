import { wantedReplicas } from '@gunicorn-ts/kubernetes';

/** A number with what it should be. */
export interface Measure {
  readonly value: number;
  readonly target: number;
}

/** Seconds between two looks, as the controller of the cluster takes them. */
export const PERIOD_S = 15;
const UP_PERIOD_S = 30;
const DOWN_PERIOD_S = 60;
const DOWN_WINDOW_S = 300;

/** The controller of a HorizontalPodAutoscaler, with the behaviour that is exported. */
export class Autoscaler {
  readonly #least: number;
  readonly #most: number;
  readonly #wishes: { readonly at: number; readonly replicas: number }[] = [];
  readonly #past: { readonly at: number; readonly replicas: number }[] = [];

  constructor(least: number, most: number) {
    this.#least = least;
    this.#most = most;
  }

  /** How many copies there shall be from now on. The largest wish of all measures counts. */
  decide(now: number, replicas: number, measures: readonly Measure[]): number {
    const wish = Math.max(...measures.map(({ value, target }) => wantedReplicas(replicas, value, target)));
    this.#wishes.push({ at: now, replicas: wish });
    this.#past.push({ at: now, replicas });
    const lasting = Math.max(
      ...this.#wishes.filter(({ at }) => at > now - DOWN_WINDOW_S).map((one) => one.replicas),
    );
    const wanted = Math.min(
      this.#most,
      Math.max(this.#least, wish > replicas ? wish : Math.min(replicas, lasting)),
    );
    if (wanted > replicas) {
      const before = Math.min(...this.#since(now - UP_PERIOD_S));
      return Math.min(wanted, Math.max(before * 2, before + 2));
    }
    const before = Math.max(...this.#since(now - DOWN_PERIOD_S));
    return Math.max(wanted, Math.ceil(before * 0.75));
  }

  #since(time: number): number[] {
    return this.#past.filter(({ at }) => at > time).map((one) => one.replicas);
  }
}
