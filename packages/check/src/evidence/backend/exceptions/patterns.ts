/** Whether a pattern of the project's fits a path of the project's. Both are short, but the pattern may not be a kind one. */
export const tested = (source: string, text: string): boolean => {
  if (text.length > 200 || /\([^)]*[*+][^)]*\)[*+]/.test(source)) return false
  try {
    return new RegExp(source).test(text)
  } catch {
    return false
  }
}
