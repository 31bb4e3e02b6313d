import { type LogLine, type LogsMessage, parseArbiterMessage } from '@gunicorn-ts/interface';
import type { Parts } from './boot.ts';
import type { Channel } from './channel.ts';

/** Lines are gathered for so long, in milliseconds. */
const GATHER_MS = 50;
/** What waits while the arbiter does not get on; what comes beyond is counted and left out. */
const MOST_LINES = 500;
const MOST_CHARACTERS = 256 * 1024;
/** Of one line; the rest of it is in its file. */
const LONGEST_LINE = 16 * 1024;

/** Does what the arbiter wants of the logs of this worker: their level, and lines for those who follow them. */
export class LogReports {
  readonly #channel: Channel;
  readonly #parts: Parts;
  #lines: LogLine[] = [];
  #characters = 0;
  #lost = 0;
  #gathering: NodeJS.Timeout | undefined;
  #isSending = false;

  /** Listens from now on. */
  static begin(channel: Channel, parts: Parts): LogReports {
    return new LogReports(channel, parts);
  }

  private constructor(channel: Channel, parts: Parts) {
    this.#channel = channel;
    this.#parts = parts;
    process.on('message', (value) => {
      const message = parseArbiterMessage(value);
      if (message?.type === 'logs') this.#obey(message);
    });
    // What is written last says why the process ends.
    process.on('exit', this.#flush);
    // It is no reason for the process to stay.
    process.channel?.unref();
  }

  #obey({ follow, recall, level }: LogsMessage): void {
    const { log, accessLog, application } = this.#parts;
    if (level !== undefined) {
      log?.setLevel(level);
      application?.setLogLevel?.(level);
    }
    if (recall !== undefined) {
      const lines = (log?.recall.lines() ?? []).map(shortened);
      void this.#channel.send({ type: 'log-lines', lines, lost: 0, recalled: recall });
    }
    if (follow === undefined) return;
    log?.recall.follow(follow.error ? this.#take : undefined);
    accessLog?.follow(follow.access ? this.#take : undefined);
  }

  readonly #take = (line: LogLine): void => {
    const short = shortened(line);
    if (this.#lines.length >= MOST_LINES || this.#characters + short.text.length > MOST_CHARACTERS) {
      this.#lost++;
      return;
    }
    this.#lines.push(short);
    this.#characters += short.text.length;
    this.#gather();
  };

  #gather(): void {
    if (this.#isSending || this.#gathering !== undefined) return;
    this.#gathering = setTimeout(this.#send, GATHER_MS).unref();
  }

  /** As far as the kernel takes it: nothing runs any more. */
  readonly #flush = (): void => {
    if (this.#lines.length > 0)
      void this.#channel.send({ type: 'log-lines', lines: this.#lines, lost: this.#lost });
  };

  /** One message at a time: the next one when the kernel has this one. */
  readonly #send = (): void => {
    const [lines, lost] = [this.#lines, this.#lost];
    this.#gathering = undefined;
    this.#lines = [];
    this.#characters = 0;
    this.#lost = 0;
    if (lines.length === 0) return;
    this.#isSending = true;
    void this.#channel.send({ type: 'log-lines', lines, lost }).then(() => {
      this.#isSending = false;
      if (this.#lines.length > 0) this.#gather();
    });
  };
}

/** After a rotation. */
export function reopenLogs({ log, accessLog, application, ownLogger }: Parts): void {
  ownLogger?.reopen();
  log?.reopen();
  accessLog?.reopen();
  application?.reopenLogs?.();
}

function shortened(line: LogLine): LogLine {
  return line.text.length <= LONGEST_LINE ? line : { ...line, text: `${line.text.slice(0, LONGEST_LINE)}…` };
}
