/** A command line without the flags of these names and their values: `--bind X`, `--bind=X`, `-b X`, `-bX`. Behind `--` is no flag. */
export function withoutFlags(words: readonly string[], names: readonly string[]): string[] {
  const end = words.indexOf('--') === -1 ? words.length : words.indexOf('--');
  return words.filter((word, index) => {
    const [name = ''] = word.split('=', 1);
    const isValue = index > 0 && names.includes(words[index - 1] ?? '');
    const isAttached = names.some((flag) => /^-[^-]$/.test(flag) && word.startsWith(flag));
    return index >= end || !(names.includes(name) || isAttached || isValue);
  });
}
