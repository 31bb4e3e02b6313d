/** As it is written in nearly every file that sets it, in either language. */
const SET = /^(?!\s*\/?\*)(?:(?!\/\/)[^\n#])*\bdaemon\b["']?\s*[:=]\s*[Tt]rue\b/m;
/** What the process in the background does with its output has to be known before it starts. */
const KEEPS_OUTPUT = /enable_stdio_inheritance|enableStdioInheritance/;

/**
 * Whether a configuration file seems to set `daemon`: then the process in the background runs it, and not this one
 * first. It is a guess; that process says when it was wrong.
 */
export function seemsToSetDaemon(text: string): boolean {
  return SET.test(text) && !KEEPS_OUTPUT.test(text);
}
